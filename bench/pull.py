"""What a pull takes from the call to its commit: by rows that are compared as they arrive, and by rows that are staged first.

Local: from a table of the same database. The ways run in turn, each several times; the figure is the median.
"""

import statistics

import data
from engine import load, merge_table, model_of, store_of
from measure import tell
from session import BenchError, Session
from tables import make_room_in_wal

RUNS = 5
WAYS = {"straight": "auto", "staged": "staged"}


class Stream:
    """One dataset of ten columns, pulled by a way."""

    def __init__(self, plan, model, dataset):
        self.name, self._dataset = store_of(dataset), dataset
        self.session = Session(dict(plan.peer_settings, max_parallel_workers_per_gather=0))
        load(self.session, model)
        self.session.run(f"SET datasurface.merge_work_mem = '{plan.memory}'; SET datasurface.merge_workers = 0")

    def pull(self, way, run_id=None):
        """Seconds of ds_run."""
        make_room_in_wal(self.session)
        self.session.run(f"SET datasurface.pull = {WAYS[way]}")
        argument = f", '{run_id}'" if run_id else ""
        seconds = self.session.timed(f"SELECT 1 / (datasurface.ds_run('{self.name}'{argument}) = 'DONE')::int")
        taken = self.session.run("SELECT DISTINCT way FROM datasurface.batch_datasets"
                                 f" WHERE stream = '{self.name}' AND batch = (SELECT max(batch) FROM datasurface.batches"
                                 f" WHERE stream = '{self.name}')")
        if run_id and taken != [[way]]:
            raise BenchError(f"a pull that was to be {way} was {taken}")
        return seconds

    def empty(self):
        self.session.run(f"TRUNCATE {merge_table(self._dataset)}; CHECKPOINT")

    def vacuum(self):
        self.session.run(f"VACUUM ANALYZE {merge_table(self._dataset)}")


def in_turn(contenders, runs=RUNS):
    """Medians of functions that return seconds, by name; the first run of each warms up."""
    times = {name: [] for name in contenders}
    for turn in range(runs + 1):
        for name, function in contenders.items():
            seconds = function()
            if turn:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}


def record(title, rows, results):
    for name, seconds in results.items():
        tell(f"   {name:44} {seconds:9.4f} s")
    found = [{"name": name, "kind": "pull", "seconds": seconds, "fastest": seconds, "slowest": seconds, "runs": RUNS, "parts": {}}
             for name, seconds in results.items()]
    return {"workload": "pull", "title": title, "rows": rows, "share": None, "first_load": False, "history": 0, "results": found}


def scans(session, d):
    """Two scans that take every row apart."""
    last = d.names()[-1]
    return session.timed(f"SELECT count({last}) FROM {data.SCHEMA}.{d.name}; SELECT count({last}) FROM {merge_table(d)}")


def local(plan, admin):
    rows = plan.rows[-1]
    d = data.mixed(rows, "pulled")
    data.make_version(admin, d, "0")
    admin.run(f"CREATE OR REPLACE VIEW {data.SCHEMA}.{d.name} AS SELECT {d.payload()} FROM {d.source('0')}")
    stream = Stream(plan, model_of(d, ""), d)
    tell(f"\n== pull: {rows:,} rows of this database, first load")
    firsts = iter(range(100))

    def first(way):
        stream.empty()
        return stream.pull(way, f"first {next(firsts)}")

    yield record(f"{rows:,} rows of this database, first load", rows,
                 in_turn({way: lambda way=way: first(way) for way in WAYS}, runs=2))
    stream.vacuum()
    tell(f"\n== pull: {rows:,} rows of this database, unchanged")
    stream.pull("straight", "the way is checked")
    contenders = {way: lambda way=way: stream.pull(way) for way in WAYS}
    contenders["two scans"] = lambda: scans(stream.session, d)
    yield record(f"{rows:,} rows of this database, unchanged", rows, in_turn(contenders))


def pull(plan, admin):
    yield from local(plan, admin.here())
