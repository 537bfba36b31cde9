"""What a pull takes from the call to its commit: by rows that are compared as they arrive, and by rows that are staged first.

Local: from a table of the same database. Remote: from a second server, by TCP on the same machine. What is compared runs in turn, each several
times; the figure is the median.
"""

import os
import statistics
import subprocess
import time

import data
from builds import source, this
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


def remote_model(model, tables):
    """The datasets of the model's store, each from a table of the other server."""
    place = {"host": "127.0.0.1", "port": int(source().port), "database": "bench"}
    store = model["stores"][0]
    store["source"] = "bench"
    for dataset, table in zip(store["datasets"], tables):
        dataset["ingestion"] = {"kind": "sql_snapshot", "from": table}
    return {**model, "sources": [{"name": "bench", "description": "d", "kind": "postgresql", "credential": "bench",
                                  "options": {"sslmode": "disable"}, **place}],
            "credentials": [{"name": "bench", "description": "d", "kind": "files", "directory": "source", "roles": ["postgres"],
                             "sources": [place]}]}


def copied(d, into=None):
    """Seconds of COPY of the source's table, thrown away or piped into a table here."""
    psql = [os.environ["BENCH_PSQL"], "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=bench"]
    environment = dict(os.environ, PGPASSWORD=os.environ["BENCH_SOURCE_PASSWORD"])
    start = time.perf_counter()
    with subprocess.Popen(psql + ["--host=127.0.0.1", "--port=" + source().port, "--username=reader", "--command="
                                  f"COPY (SELECT {d.payload()} FROM {d.source('0')}) TO STDOUT (FORMAT binary)"],
                          stdout=subprocess.PIPE if into else subprocess.DEVNULL, env=environment) as out:
        if into:
            subprocess.run(psql + ["--host=" + this().sockets, "--username=postgres", "--command="
                                   f"COPY {into} ({d.payload()}) FROM STDIN (FORMAT binary)"], stdin=out.stdout, check=True)
    if out.returncode != 0:
        raise BenchError("COPY of the source failed")
    return time.perf_counter() - start


def copied_and_compared(session, d):
    """What people do who have no more than SQL: COPY into a table here, and a FULL JOIN, which finds nothing changed."""
    session.run("TRUNCATE peer.staging")
    seconds = copied(d, "peer.staging")
    return seconds + session.timed(f"SELECT 1 / (count(*) = 0)::int FROM peer.staging s FULL JOIN {merge_table(d)} m ON {d.same_key()}"
                                   f" WHERE s.{d.key[0]} IS NULL OR m.{d.key[0]} IS NULL OR {d.differs()}")


def remote(plan):
    rows = plan.rows[-1]
    d = data.mixed(rows, "remote")
    with Session(build=source()) as there:
        there.run(f"CREATE SCHEMA {data.SCHEMA}")
        data.make_version(there, d, "0")
    stream = Stream(plan, remote_model(model_of(d, ""), [d.source("0")]), d)
    stream.session.run(f"DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer; CREATE UNLOGGED TABLE peer.staging (LIKE {merge_table(d)}_staging INCLUDING IDENTITY);"
                       f"CREATE TABLE peer.loaded (LIKE {merge_table(d)} INCLUDING INDEXES);"
                       "ALTER TABLE peer.loaded ALTER ds_surf_batch_in SET DEFAULT 1, ALTER ds_surf_batch_out SET DEFAULT 2147483647")
    tell(f"\n== pull: {rows:,} rows of another server, first load")
    firsts = iter(range(100))

    def first():
        stream.empty()
        return stream.pull("straight", f"first {next(firsts)}")

    def copied_in():
        stream.session.run("TRUNCATE peer.loaded; CHECKPOINT")
        return copied(d, "peer.loaded")

    yield record(f"{rows:,} rows of another server, first load", rows,
                 in_turn({"straight": first, "COPY piped into a table with the key": copied_in}, runs=3))
    stream.vacuum()
    tell(f"\n== pull: {rows:,} rows of another server, unchanged")
    stream.pull("straight", "the way is checked")
    yield record(f"{rows:,} rows of another server, unchanged", rows, in_turn({
        "straight": lambda: stream.pull("straight"), "staged": lambda: stream.pull("staged"),
        "COPY thrown away": lambda: copied(d),
        "COPY piped into COPY, and FULL JOIN": lambda: copied_and_compared(stream.session, d)}))


def many_remote(plan):
    """Small tables of one store, over one connection."""
    d = data.mixed(100, "small_remote")
    with Session(build=source()) as there:
        data.make_version(there, d, "0")
        there.send(f"SELECT format('CREATE TABLE {data.SCHEMA}.small_%s AS TABLE {d.source('0')}', n) FROM generate_series(1, {plan.many}) n \\gexec\n")
    model = model_of(d, "")
    template = model["stores"][0]["datasets"][0]
    model["stores"][0]["datasets"] = [dict(template, name=f"d{n}") for n in range(1, plan.many + 1)]
    stream = Stream(plan, remote_model(model, [f"{data.SCHEMA}.small_{n}" for n in range(1, plan.many + 1)]), d)
    stream.pull("straight")
    tell(f"\n== pull: {plan.many:,} tables of 100 rows of another server, unchanged")
    yield record(f"{plan.many:,} tables of 100 rows of another server, unchanged", 100 * plan.many,
                 in_turn({"straight": lambda: stream.pull("straight")}))


def pull(plan, admin):
    yield from local(plan, admin.here())
    yield from remote(plan)
    yield from many_remote(plan)
