"""What a window of changed rows costs: the merge of a push of what has changed, against INSERT ... ON CONFLICT DO UPDATE and MERGE.

Each contender has a table of its own with the same rows. All rows of a window change something; the next run changes them again. The figure
is the median of the time of ds_merge_staging, or of the statement, from a table that holds the window. The WAL is that of the last run.
"""

import statistics

import data
from engine import load, merge_table, model_of, staging_table, store_of
from measure import tell
from session import BenchError, Session
from tables import make_room_in_wal

RUNS = 5
SMALL = 1000


class Windows:
    """A dataset, the tables of the others, and the keys of a window."""

    def __init__(self, plan, dataset):
        self._d, self._turn, self._version = dataset, 0, plan.version
        self.wal = {}
        self.session = Session(dict(plan.peer_settings, max_parallel_workers_per_gather=0))
        model = model_of(dataset, "")
        model["stores"][0]["brakes"] = {"deletes": "off"}
        model["stores"][0]["datasets"][0]["ingestion"] = {"kind": "push", "rows": "delta"}
        load(self.session, model)
        self.session.run(f"SET datasurface.merge_work_mem = '{plan.memory}'; SET datasurface.merge_workers = 0")

    def fill(self):
        """All tables get the rows of version 0."""
        d = self._d
        self.session.run(f"INSERT INTO {staging_table(d)} ({d.payload()}) SELECT {d.payload()} FROM {d.source('0')}")
        self._merge()
        types = ", ".join(f"{c.name} {c.type}{'' if c.nullable else ' NOT NULL'}" for c in d.columns)
        self.session.run("DROP SCHEMA IF EXISTS window_peers CASCADE; CREATE SCHEMA window_peers")
        for name in ("conflict", "merged"):
            self.session.run(f"CREATE TABLE window_peers.{name} ({types}, PRIMARY KEY ({', '.join(d.key)})) WITH (fillfactor = 90);"
                             f"INSERT INTO window_peers.{name} SELECT {d.payload()} FROM {d.source('0')};"
                             f"VACUUM ANALYZE window_peers.{name}")
        self.session.run(f"VACUUM ANALYZE {merge_table(d)}; CHECKPOINT")

    def choose(self, count):
        """The keys of a window lie all over the table."""
        self.session.run("DROP TABLE IF EXISTS window_peers.changed; CREATE UNLOGGED TABLE window_peers.changed AS"
                         f" SELECT {self._d.payload()} FROM {self._d.source('0')} ORDER BY hashint8extended(id, 7) LIMIT {count};"
                         "ANALYZE window_peers.changed")

    def _changed(self):
        """The rows of the next window."""
        self._turn += 1
        return ", ".join(f"amount + {self._turn} AS amount" if name == "amount" else name for name in self._d.names())

    def _timed(self, name, statement):
        make_room_in_wal(self.session)
        lsn = self.session.value("SELECT pg_current_wal_insert_lsn()")
        seconds = self.session.timed(statement)
        self.wal[name] = int(self.session.value(f"SELECT pg_current_wal_insert_lsn() - '{lsn}'"))
        return seconds

    def _merge(self):
        stream = store_of(self._d)
        batch = self.session.value(f"SELECT datasurface.ds_start_batch('{stream}')")
        self.session.run(f"SELECT datasurface.ds_ingest('{stream}', {batch})")
        return self._timed("datasurface", f"SELECT count(*) FROM datasurface.ds_merge_staging('{stream}', {batch})")

    def ours(self, count):
        self.session.run(f"INSERT INTO {staging_table(self._d)} ({self._d.payload()}) SELECT {self._changed()} FROM window_peers.changed")
        seconds = self._merge()
        found = self.session.run("SELECT engine, updated, looked_up FROM datasurface.batch_datasets"
                                 f" WHERE stream = '{store_of(self._d)}' ORDER BY batch DESC LIMIT 1")[0]
        if found[:2] != ["native", str(count)]:
            raise BenchError(f"the window was merged as {found}, and not {count} rows by native")
        self.looked_up = found[2] == "t"
        return seconds

    def _stage_for_peers(self):
        self.session.run("DROP TABLE IF EXISTS window_peers.staged; CREATE UNLOGGED TABLE window_peers.staged AS"
                         f" SELECT {self._changed()} FROM window_peers.changed; ANALYZE window_peers.staged")

    def _assignments(self, prefix):
        return ", ".join(f"{name} = {prefix}.{name}" for name in self._d.names() if name not in self._d.key)

    def conflict(self):
        d = self._d
        self._stage_for_peers()
        return self._timed("INSERT ... ON CONFLICT DO UPDATE",
                           f"INSERT INTO window_peers.conflict AS m SELECT {d.payload()} FROM window_peers.staged"
                           f" ON CONFLICT ({', '.join(d.key)}) DO UPDATE SET {self._assignments('excluded')} WHERE {d.differs('excluded')}")

    def merge(self):
        d = self._d
        self._stage_for_peers()
        return self._timed("MERGE", f"MERGE INTO window_peers.merged m USING window_peers.staged s ON {d.same_key()}"
                           f" WHEN MATCHED AND {d.differs()} THEN UPDATE SET {self._assignments('s')}"
                           f" WHEN NOT MATCHED THEN INSERT ({d.payload()}) VALUES ({d.payload('s')})")

    def vacuum(self):
        self.session.run(f"VACUUM {merge_table(self._d)}; VACUUM window_peers.conflict; VACUUM window_peers.merged")

    def contenders(self, count):
        found = {"datasurface": lambda: self.ours(count), "INSERT ... ON CONFLICT DO UPDATE": self.conflict}
        return {**found, "MERGE": self.merge} if self._version >= 15 else found


def in_turn(windows, contenders):
    """Seconds of the runs by name; the first run of each warms up. Dead rows of a run do not make the next one slower."""
    times = {name: [] for name in contenders}
    for turn in range(RUNS + 1):
        for name, function in contenders.items():
            seconds = function()
            if turn:
                times[name].append(seconds)
        windows.vacuum()
    return times


def record(title, rows, times, wal):
    results = []
    for name, values in times.items():
        middle = statistics.median(values)
        tell(f"   {name:44} {middle:9.4f} s, WAL {wal[name] / 1024:,.0f} kB")
        results.append({"name": name, "kind": "window", "seconds": middle, "fastest": min(values), "slowest": max(values), "runs": RUNS,
                        "parts": {}, "wal_bytes": wal[name]})
    return {"workload": "window", "title": title, "rows": rows, "share": None, "first_load": False, "history": 0, "results": results}


def window(plan, admin):
    rows = plan.rows[-1]
    d = data.mixed(rows, "windowed")
    data.make_version(admin, d, "0")
    windows = Windows(plan, d)
    windows.fill()
    for count in (min(SMALL, rows // 10), rows // 20):
        tell(f"\n== window: {count:,} changed rows into {rows:,}")
        windows.choose(count)
        times = in_turn(windows, windows.contenders(count))
        how = "looked up" if windows.looked_up else "scanned"
        yield record(f"{count:,} changed rows into {rows:,}, {how}", rows, times, windows.wal)
    windows.session.run("DROP SCHEMA window_peers CASCADE")
