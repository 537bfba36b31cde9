"""A connection to a server of the bench: one psql process that takes statements and gives rows and times."""

import os
import subprocess
import time

from builds import builds, this

END = "-- end of the answer --"


class BenchError(Exception):
    """A statement failed, or a contender left a wrong table."""


class Session:
    """Statements go in on a pipe, an echo marks the end of their output. The first error ends the session."""

    def __init__(self, settings=None, build=None, database=None):
        self._process = subprocess.Popen(
            [os.environ["BENCH_PSQL"], "--no-psqlrc", "--quiet", "--no-align", "--tuples-only",
             "--field-separator=\t", "--set=ON_ERROR_STOP=1", "--host=" + (build or this()).sockets, "--port=" + (build or this()).port,
             "--username=postgres", "--dbname=" + (database or os.environ["BENCH_DATABASE"])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.run("SET client_min_messages = warning")
        for name, value in (settings or {}).items():
            self.run(f"SET {name} = '{value}'")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait()

    def send(self, script):
        """Runs a script of statements; returns what it printed."""
        self._process.stdin.write(f"{script};\n\\echo {END}\n")
        self._process.stdin.flush()
        lines = []
        for line in self._process.stdout:
            if line.rstrip("\n") == END:
                return lines
            lines.append(line.rstrip("\n"))
        raise BenchError("".join(f"{line}\n" for line in lines) + "in: " + script[:2000])

    def run(self, script):
        """The rows of a script, as lists of text."""
        return [line.split("\t") for line in self.send(script)]

    def value(self, query):
        return self.run(query)[0][0]

    def timed(self, script):
        """Seconds from the first statement to the answer to the last."""
        start = time.perf_counter()
        self.send(script)
        return time.perf_counter() - start

    def backend(self):
        return int(self.value("SELECT pg_backend_pid()"))


class Everywhere:
    """A session with the server of each build. A script runs in all of them; the answer is this build's."""

    def __init__(self, settings=None):
        self.sessions = {build: Session(settings, build) for build in builds()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for session in self.sessions.values():
            session.close()

    def run(self, script):
        return [session.run(script) for session in self.sessions.values()][-1]

    def value(self, query):
        return self.run(query)[0][0]

    def here(self):
        return self.sessions[this()]
