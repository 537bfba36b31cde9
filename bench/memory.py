"""A backend's private memory, watched while a statement runs: shared buffers are not in it."""

import threading
import time

INTERVAL = 0.01


class Peak:
    """RssAnon of a process, sampled by a thread between entry and exit."""

    def __init__(self, process):
        self._status = f"/proc/{process}/status"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.bytes = 0
        self._samples = []  # seconds and bytes

    def __enter__(self):
        self._sample()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(INTERVAL):
            self._sample()

    def _sample(self):
        try:
            with open(self._status, encoding="ascii") as status:
                for line in status:
                    if line.startswith("RssAnon:"):
                        now = int(line.split()[1]) * 1024
                        self.bytes = max(self.bytes, now)
                        self._samples.append((time.monotonic(), now))
        except OSError:
            pass  # not Linux, or the backend has ended

    def between(self, first, last):
        """The largest between two parts of the time: 0 is the beginning, 1 the end."""
        start, whole = self._samples[0][0], self._samples[-1][0] - self._samples[0][0]
        return max(size for when, size in self._samples if first * whole <= when - start <= last * whole)
