"""Many small batches: streams of 100 unchanged rows, round robin, each by one call of ds_run and one commit.

The figure is the processor time of all server processes for one batch. Connections stay open, as those of a pool do, and each
has its share of the streams.
"""

import json
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import data
from builds import builds
from engine import model_of
from measure import tell
from processor import Spent
from profile_backend import Profile
from session import BenchError, Session

ROWS = 100
STORE = "bench_small"
STREAMS_OF_A_STORE = 250  # made by one transaction, which must hold the locks of all their objects
ROUNDS = 3
LINES = ("without a run_id", "a run_id each")


def stream(number):
    return f"{STORE}_{number // STREAMS_OF_A_STORE}#d{number}"


def declare(session, streams):
    """Each stream has a source table of its own. Nothing of this is timed, so commits need not wait."""
    d = data.mixed(ROWS, "small")
    data.make_version(session, d, "0")
    template = model_of(d, "")["stores"][0]["datasets"][0]
    session.run("SET synchronous_commit = off")
    for first in range(0, streams, STREAMS_OF_A_STORE):
        numbers = range(first, min(first + STREAMS_OF_A_STORE, streams))
        datasets = [dict(template, name=f"d{n}", ingestion={
            "kind": "sql_snapshot", "query": f"SELECT {d.payload()} FROM {data.SCHEMA}.small{n}"}) for n in numbers]
        session.run("".join(f"CREATE TABLE {data.SCHEMA}.small{n} AS SELECT * FROM {d.source('0')};" for n in numbers))
        text = json.dumps({"stores": [{"name": stream(first).split("#")[0], "consistency": "single", "datasets": datasets}]})
        session.run(f"SELECT datasurface.ds_load_model($model${text}$model$, replace => false)")
        session.run("SELECT count(*) FROM datasurface.ds_reconcile_schema()")
    session.run("RESET synchronous_commit")


class Connections:
    """Open sessions with one server, among which the streams are divided."""

    def __init__(self, build, number, streams):
        self.build = build
        self.sessions = [Session(None, build) for _ in range(number)]
        self._streams = [range(n, streams, number) for n in range(number)]
        self._pool = ThreadPoolExecutor(number)

    def batches(self, run_id=None):
        """One batch of every stream. Another answer than DONE is a division by zero, which ends the run."""
        more = f", run_id => '{run_id}'" if run_id else ""
        scripts = []
        for n, streams in enumerate(self._streams):
            scripts.append(f"{os.environ['BENCH_OUTPUT']}/small{n}.sql")
            with open(scripts[-1], "w", encoding="utf-8") as file:
                file.writelines(f"SELECT 1 / (datasurface.ds_run('{stream(s)}'{more}) = 'DONE')::integer;\n" for s in streams)
        return list(self._pool.map(lambda session, script: session.send(f"\\i {script}\n"), self.sessions, scripts))

    def close(self):
        for session in self.sessions:
            session.close()


def slice_of(connections, streams, run_id):
    spent = Spent(connections.build).start()
    start = time.perf_counter()
    answers = connections.batches(run_id)
    seconds = time.perf_counter() - start
    by_kind = spent.stop()
    if sum(len(a) for a in answers) != streams:
        raise BenchError(f"{connections.build.name} gave {sum(len(a) for a in answers)} answers for {streams} streams")
    return {"backends": by_kind["backends"] / streams, "per_second": streams / seconds}


def check(session, streams):
    """Every stream has its rows, and no batch is open or failed."""
    wrong = session.value("SELECT count(*) FROM datasurface.batches WHERE state <> 'committed'")
    rows = session.value("SELECT sum(n) FROM (" + " UNION ALL ".join(
        f"SELECT count(*) AS n FROM {stream(s).replace('#', '.')}" for s in range(0, streams, 50)) + ") c")
    if wrong != "0" or int(rows) != ROWS * len(range(0, streams, 50)):
        raise BenchError(f"{wrong} batches are not committed, {rows} rows are in the tables looked at")


def measure(plan, connections, number, results):
    """All lines of one number of connections: each build in turn, and that ROUNDS times.

    What a server does beside its backends comes in bursts, as autovacuum once a minute. So that is counted over all rounds.
    """
    whole = {build: Spent(build).start() for build in builds()}
    for round_ in range(ROUNDS):
        for line in LINES:
            for build in builds():
                run_id = f"{number} {round_}" if line == LINES[1] else None
                found = slice_of(connections[build], plan.streams, run_id)
                results.setdefault((line, number, build), []).append(found)
                tell(f"   {line:18} {number} connections, {build.name:20} {1e3 * found['backends']:7.3f} ms of its backends,"
                     f" {found['per_second']:7.0f} a second")
    for build in builds():
        by_kind = {name: value / (plan.streams * ROUNDS * len(LINES)) for name, value in whole[build].stop().items()}
        tell(f"   {build.name}, of all processes: " + ", ".join(f"{name} {1e3 * value:.3f} ms" for name, value in by_kind.items()))
        for line in LINES:
            for run in results[line, number, build]:
                run["by_kind"] = dict(by_kind, backends=run["backends"])
                run["processor"] = sum(run["by_kind"].values())


def result_of(line, number, build, kept):
    def middle(name):
        return statistics.median(run[name] for run in kept)
    return {"line": line, "connections": number, "build": build.name, "commit": build.commit, "runs": len(kept),
            "processor": middle("processor"), "least": min(run["processor"] for run in kept),
            "most": max(run["processor"] for run in kept), "per_second": middle("per_second"),
            "by_kind": dict(kept[0]["by_kind"], backends=middle("backends"))}


def small(plan, admin):
    tell(f"\n== small: {plan.streams:,} streams of {ROWS} unchanged rows, round robin")
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda session: declare(session, plan.streams), admin.sessions.values()))
    tell(f"   made in {time.monotonic() - began:.0f} s")
    results, profile = {}, None
    for number in (1, 2):
        connections = {build: Connections(build, number, plan.streams) for build in builds()}
        for each in connections.values():
            each.batches()  # the first load of each stream, and the first batch of each connection
        if number == 1:
            admin.run("VACUUM ANALYZE")
        measure(plan, connections, number, results)
        if number == 1 and os.environ.get("PERF") == "1":
            mine = builds()[-1]
            processor = statistics.median(run["backends"] for run in results[LINES[0], 1, mine])
            profile = Profile(connections[mine]).take(processor)
        for each in connections.values():
            each.close()
    for session in admin.sessions.values():
        check(session, plan.streams)
    yield {"workload": "small", "title": f"{plan.streams:,} streams of {ROWS} unchanged rows", "profile": profile,
           "lines": [result_of(*key, kept) for key, kept in results.items()]}
