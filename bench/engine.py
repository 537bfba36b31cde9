"""The extension's side: a model for a dataset, batches, and the contenders that are engines of ours."""

import json
import time

from data import SCHEMA
from memory import Peak
from session import BenchError, Session
from tables import restore_current, show_source

COUNTS = ("inserted", "updated", "deleted", "unchanged")


def store_of(dataset):
    return "bench_" + dataset.name


def merge_table(dataset):
    return f"{store_of(dataset)}.{dataset.name}"


def staging_table(dataset):
    return merge_table(dataset) + "_staging"


def model_of(dataset, version):
    """One store with one dataset, pulled by a query, so that its staging table is unlogged."""
    columns = [{"name": c.name, "type": c.type, **({} if c.nullable else {"nullable": False})} for c in dataset.columns]
    query = f"SELECT {dataset.payload()} FROM {SCHEMA}.{dataset.name}"
    return {"stores": [{"name": store_of(dataset), "description": version, "datasets": [
        {"name": dataset.name, "description": dataset.title, "ingestion": {"kind": "sql_snapshot", "query": query},
         "milestoning": "milestoned" if dataset.milestoned else "live", "primary_key": list(dataset.key),
         "columns": columns}]}]}


def load(session, model):
    """Makes the model the database's; the stores that it does not name stay."""
    text = json.dumps(model)
    session.run(f"SELECT datasurface.ds_load_model($model${text}$model$, replace => false)")
    session.run("SELECT count(*) FROM datasurface.ds_reconcile_schema()")
    undone = session.run("SELECT object, error FROM datasurface.ds_reconcile_schema()")
    if undone:
        raise BenchError(f"ds_reconcile_schema left something undone: {undone[:3]}")


def has_engines(session):
    """Whether the library that is installed has a choice of engines."""
    session.run("SELECT count(*) FROM datasurface.ds_validate_model('{}')")  # loads it, whatever its file is called
    return bool(session.run("SELECT 1 FROM pg_settings WHERE name = 'datasurface.merge_engine'"))


class Engine:
    """One of our engines, on the dataset's own tables. Timed is ds_merge_staging, which empties the staging table too."""

    kind = "ours"
    build = None  # this one

    def __init__(self, name, engine, plan, vacuum=True, memory=None, workers=0):
        self.name, self._engine, self._plan, self._vacuum = name, engine, plan, vacuum
        self._memory, self._workers = memory or plan.memory, workers
        self._session = None
        self._batch = None
        self._notes = {}

    def prepare(self, case):
        settings = dict(self._plan.peer_settings, max_parallel_workers_per_gather=self._workers)
        self._session = Session(settings, self.build)
        if has_engines(self._session) and self._engine:
            self._session.run(f"SET datasurface.merge_engine = '{self._engine}';"
                              f"SET datasurface.merge_work_mem = '{self._memory}';"
                              f"SET datasurface.merge_workers = {self._workers}")

    def restore(self, case, admin, first):
        if first or case.before != case.after:
            restore_current(admin, case, merge_table(case.dataset))
        show_source(admin, case.dataset, case.staged)
        stream = store_of(case.dataset)
        start = time.perf_counter()
        self._batch = self._session.value(f"SELECT datasurface.ds_start_batch('{stream}')")
        self._session.run(f"SELECT datasurface.ds_ingest('{stream}', {self._batch})")
        self._ingest = time.perf_counter() - start
        if self._vacuum:
            admin.run(f"VACUUM ANALYZE {staging_table(case.dataset)}")
        if not case.before:
            admin.run("CHECKPOINT")

    def run(self, case):
        spilled = self._temporary_bytes()
        lsn = self._session.value("SELECT pg_current_wal_insert_lsn()")
        with Peak(self._session.backend()) as peak:
            start = time.perf_counter()
            rows = self._session.run(f"SELECT {', '.join(COUNTS)} FROM datasurface.ds_merge_staging("
                                     f"'{store_of(case.dataset)}', {self._batch})")
            seconds = time.perf_counter() - start
        wal = self._session.value(f"SELECT pg_current_wal_insert_lsn() - '{lsn}'")
        counts = dict(zip(COUNTS, map(int, rows[0])))
        if counts != case.truth:
            raise BenchError(f"{self.name} counted {counts}, the truth is {case.truth}")
        self._notes = {"wal_bytes": int(wal), "peak_bytes": peak.bytes, "spilled_bytes": self._temporary_bytes() - spilled,
                       **self._engine_of(case)}
        return {"merge": seconds, "ingest": self._ingest}

    def _temporary_bytes(self):
        """Of the whole database, in which nothing else is at work."""
        self._session.run("SELECT pg_stat_force_next_flush()")
        return int(self._session.value("SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()"))

    def _engine_of(self, case):
        """What the batch says of itself; another engine than was asked for would make the figure a false one."""
        if not has_engines(self._session):
            return {}
        engine, workers, why = self._session.run(
            f"SELECT engine, workers, engine_reason FROM datasurface.batch_datasets"
            f" WHERE stream = '{store_of(case.dataset)}' AND batch = {self._batch}")[0]
        if engine != self._engine:
            raise BenchError(f"{self.name} was merged by {engine}: {why}")
        return {"workers": int(workers or 0), **({"reason": why} if why and engine == "native" else {})}

    def notes(self):
        """Of the last run: WAL, peak of private memory, temporary files, workers, and why there were fewer of them."""
        return self._notes

    def check(self, case, judge):
        judge.check(merge_table(case.dataset), self.name)

    def close(self):
        if self._session:
            self._session.close()


def engines(plan, session, staged_too=False):
    """Our engines, those that the library has."""
    if not has_engines(session):
        return [Engine("datasurface", "", plan)]
    found = [Engine("native", "native", plan)]
    if staged_too:
        found.append(Engine("native, staging as ingest leaves it", "native", plan, vacuum=False))
    return found + [Engine("our sql engine", "sql", plan)]
