"""What a first load in chunks takes, from the first call to the commit that publishes it, the closing batch included.

The rows come from a second server, by TCP on the same machine, in ten chunks. A load that is killed loses a backend here in the middle of a chunk,
and later one at the source; the call is made again. Beside the time it is measured what is to stay small: the memory of the backend, the age of the oldest
transaction of ours on either server, and the merge table. merge_work_mem is large enough for the closing batch to compare rows as they arrive.
"""

import threading
import time

import data
from builds import source
from engine import load as load_model, merge_table, model_of, store_of
from measure import tell
from pull import copied, remote_model
from session import BenchError, Session
from tables import digest, make_room_in_wal

CHUNKS = 10
INTERVAL = 0.01
FIRST_KILL, SECOND_KILL = 3, 6  # chunks that are done by then
PEER = "COPY piped into a table with the key"


class Watch:
    """Looks at a load while it runs: the oldest transactions, the memory of backends; and kills what is to be killed."""

    def __init__(self, stream, kills):
        self._stream, self._kills = stream, list(kills)
        self._here, self._there = Session(), Session(build=source())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.oldest, self.longest_chunk = 0.0, 0.0
        self.memory, self.closing_began, self.killed, self.problem = {}, None, 0, None

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        self._here.close()
        self._there.close()
        if self.problem:
            raise self.problem

    def _watch(self):
        try:
            while not self._stop.wait(INTERVAL):
                self._look()
        except BenchError as problem:
            self.problem = problem

    def _look(self):
        age = "coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)"
        state, done, longest, oldest, processes = self._here.run(
            "SELECT state, coalesce(chunks_done, 0), (SELECT coalesce(max(seconds), 0) FROM datasurface.load_chunk), a.*"
            f" FROM datasurface.loads, (SELECT {age}, coalesce(string_agg(pid::text, ' '), '') FROM pg_stat_activity"
            f" WHERE state = 'active' AND datname = current_database() AND query LIKE 'CALL datasurface%') a WHERE stream = '{self._stream}'")[0]
        self.longest_chunk = max(self.longest_chunk, float(longest))
        if state != "loading":
            if state == "loaded" and self.closing_began is None:
                self.closing_began = time.perf_counter()
            return
        there = self._there.value(f"SELECT {age} FROM pg_stat_activity WHERE usename = 'reader'")
        self.oldest = max(self.oldest, float(oldest), float(there))
        for process in processes.split():
            self._remember(int(done), process)
        if self._kills and int(done) >= self._kills[0][0]:
            self._kill(self._kills.pop(0)[1], processes)

    def _remember(self, done, process):
        try:
            with open(f"/proc/{process}/status", encoding="ascii") as status:
                size = next((int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon:")), 0)
        except OSError:
            return  # it has ended
        self.memory[done] = max(self.memory.get(done, 0), size)

    def _kill(self, where, processes):
        if where == "here":
            self._here.run(f"SELECT pg_terminate_backend(p::int) FROM unnest(string_to_array('{processes}', ' ')) p")
        else:
            self._there.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'")
        self.killed += 1

    def peak(self, first, last):
        """Bytes while so many chunks were done."""
        return max((size for done, size in self.memory.items() if first <= done < last), default=0)


class Loads:
    """Loads the same table of the source again and again, each time as a new dataset."""

    def __init__(self, plan, admin):
        self._plan, self._admin, self._number = plan, admin, 0
        self._rows = plan.rows[-1]
        self.source = data.mixed(self._rows, "to_load")
        with Session(build=source()) as there:
            there.run(f"CREATE SCHEMA IF NOT EXISTS {data.SCHEMA}")
            data.make_version(there, self.source, "0")
            there.run(f"ALTER TABLE {self.source.source('0')} ADD PRIMARY KEY (id); VACUUM ANALYZE {self.source.source('0')}")
            self._digest = digest(there, f"SELECT {self.source.payload()} FROM {self.source.source('0')}")

    def declare(self, first_load):
        """A dataset without rows; the one before is emptied."""
        if self._number:
            self._admin.run(f"TRUNCATE {merge_table(self.dataset)}")
        self._number += 1
        self.dataset = data.mixed(self._rows, f"loaded_{self._number}")
        model = remote_model(model_of(self.dataset, ""), [self.source.source("0")])
        model["stores"][0]["datasets"][0]["first_load"] = first_load
        load_model(self._admin, model)
        make_room_in_wal(self._admin)
        self._admin.run("CHECKPOINT")
        return store_of(self.dataset)

    def _session(self):
        session = Session(dict(self._plan.peer_settings, max_parallel_workers_per_gather=0))
        session.run("SELECT count(*) FROM datasurface.ds_merge_progress();"  # loads the library, so that its settings are known
                    f"SET datasurface.merge_work_mem = '{self._plan.memory}'; SET datasurface.merge_workers = 0")
        return session

    def _until_published(self, stream):
        """Calls again as somebody does whose call was killed."""
        for _ in range(10):
            try:
                with self._session() as session:
                    session.run(f"CALL datasurface.ds_run_to_end('{stream}')")
                return
            except BenchError as problem:
                error = str(problem)
        raise BenchError(f"{stream} is never loaded: {error}")

    def chunks(self, sessions=1, kills=()):
        """Seconds of a load in chunks, and who has watched it."""
        stream = self.declare({"chunk_rows": self._rows // CHUNKS, "connections": sessions})
        with Watch(stream, kills) as watch:
            began = time.perf_counter()
            callers = [threading.Thread(target=self._until_published, args=(stream,)) for _ in range(sessions)]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            ended = time.perf_counter()
        watch.closing = ended - watch.closing_began if watch.closing_began else None
        if watch.killed != len(kills):
            raise BenchError(f"of {len(kills)} kills there were {watch.killed}: a chunk is too short for them")
        self._check(stream)
        return ended - began, watch

    def whole(self):
        """Seconds of the same in one transaction."""
        stream = self.declare("whole")
        with self._session() as session:
            return session.timed(f"CALL datasurface.ds_run_to_end('{stream}')")

    def _check(self, stream):
        way, published, chunks = self._admin.run(
            "SELECT way, state, chunks FROM datasurface.loads l JOIN (SELECT DISTINCT ON (stream) stream, way FROM datasurface.batch_datasets"
            f" ORDER BY stream, batch DESC) b USING (stream) WHERE stream = '{stream}'")[0]
        if (way, published) != ("straight", "published") or int(chunks) < CHUNKS:
            raise BenchError(f"{stream} is {published} by a batch that was {way}, after {chunks} chunks")
        if digest(self._admin, f"SELECT {self.source.payload()} FROM {merge_table(self.dataset)}") != self._digest:
            raise BenchError(f"{merge_table(self.dataset)} is not the source")

    def bytes(self):
        table = merge_table(self.dataset)
        return [int(size) for size in self._admin.run(f"SELECT pg_relation_size('{table}'), pg_indexes_size('{table}')")[0]]

    def copied(self):
        self._admin.run(f"DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer; CREATE TABLE peer.loaded (LIKE {merge_table(self.dataset)} INCLUDING INDEXES);"
                        "ALTER TABLE peer.loaded ALTER ds_surf_batch_in SET DEFAULT 1, ALTER ds_surf_batch_out SET DEFAULT 2147483647")
        make_room_in_wal(self._admin)
        self._admin.run("CHECKPOINT")
        seconds = copied(self.source, "peer.loaded")
        self._admin.run("DROP SCHEMA peer CASCADE")
        return seconds


def record(rows, times, facts):
    results = []
    for name, (seconds, *parts) in times.items():
        tell(f"   {name:44} {seconds:9.4f} s" + "".join(f", closing batch {value:.4f} s" for value in parts if value))
        results.append({"name": name, "kind": "load", "seconds": seconds, "fastest": seconds, "slowest": seconds, "runs": 1,
                        "parts": {"closing batch": value for value in parts if value}})
    return {"workload": "load", "title": f"{rows:,} rows of another server, by primary key", "rows": rows, "share": None, "first_load": False,
            "history": 0, "results": results, "facts": facts}


def load(plan, admin):
    rows = plan.rows[-1]
    tell(f"\n== load: {rows:,} rows of another server, in {CHUNKS} chunks")
    loads = Loads(plan, admin.here())
    times = {"in one transaction": (loads.whole(),)}
    at_once = loads.bytes()
    times[PEER] = (min(loads.copied() for _ in range(2)),)
    seconds, calm = loads.chunks()
    times["in chunks"] = (seconds, calm.closing)
    in_chunks = loads.bytes()
    seconds, killed = loads.chunks(kills=((FIRST_KILL, "here"), (SECOND_KILL, "source")))
    times["in chunks, killed here and at the source"] = (seconds, killed.closing)
    seconds, two = loads.chunks(sessions=2)
    times["in chunks, by two sessions"] = (seconds, two.closing)
    yield record(rows, times, {
        "first_half_bytes": calm.peak(0, CHUNKS // 2), "second_half_bytes": calm.peak(CHUNKS // 2, 2 * CHUNKS),
        "oldest": max(calm.oldest, killed.oldest), "longest_chunk": max(calm.longest_chunk, killed.longest_chunk),
        "bytes_at_once": at_once, "bytes_in_chunks": in_chunks})
