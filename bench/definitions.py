"""A model of many datasets: what it takes to validate, load, plan and create it, and to add one dataset more.

The peer is a psql script of the very statements that ds_reconcile executed, with as many commits and sessions, in a database of
its own.
"""

import json
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import data
from measure import tell
from memory import Peak
from processor import seconds, stat
from session import BenchError, Session

OF_A_STORE = 100     # datasets; the first and the second of ten have a view each, the first and the sixth are milestoned
WORKSPACES = 10
CHUNK = 100          # datasets after which ds_reconcile commits, and so does the peer
MORE = 5             # datasets that are added, each to another store
CALL = "CALL datasurface.ds_reconcile({})"


# ---- the model ---------------------------------------------------------------------------------------------------------


def dataset_of(name, number):
    columns = [{"name": c.name, "type": c.type, **({} if c.nullable else {"nullable": False})} for c in data.mixed_columns()]
    return {"name": name, "description": f"dataset {number} of the store", "ingestion": {"kind": "push"},
            "milestoning": "live" if number % 5 else "milestoned", "primary_key": ["id"], "columns": columns}


def store_of(number, more=()):
    datasets = [dataset_of(f"d{number}_{d}", d) for d in range(OF_A_STORE)]
    return {"name": f"s{number}", "description": f"store {number}", "datasets": datasets + list(more)}


def model_of(datasets):
    stores = range(datasets // OF_A_STORE)
    workspaces = [{"name": f"w{w}", "description": f"workspace {w}", "groups": [{"name": "all", "description": "all of them", "sinks": [
        {"store": f"s{s}", "dataset": f"d{s}_{d}"} for s in stores if s % WORKSPACES == w for d in range(OF_A_STORE) if d % 10 < 2]}]}
        for w in range(WORKSPACES)]
    return {"stores": [store_of(s) for s in stores], "workspaces": workspaces}


class Model:
    """A database with the extension and the text of the model; what is measured takes the text from a table.

    It stays until the server goes: ext4 takes long to give new files numbers while many were deleted a minute before.
    """

    def __init__(self, admin, database, document=None):
        self.database = database
        admin.run(f"CREATE DATABASE {database}")
        self.session = Session(None, None, database)
        if document:
            self.session.run("CREATE EXTENSION datasurface; CREATE TABLE model (document text);"
                             "ALTER TABLE model ALTER document SET STORAGE EXTERNAL;"
                             f"INSERT INTO model VALUES ($model${document}$model$)")

    def new_session(self):
        return Session(None, None, self.database)


# ---- measuring ---------------------------------------------------------------------------------------------------------


def processor_of(backends):
    return sum(seconds(stat(backend), 11) for backend in backends)


class Watch:
    """Time, processor time and private memory of backends between start and stop."""

    def __init__(self, sessions):
        self._backends = [session.backend() for session in sessions]

    def run(self, work):
        peaks = [Peak(backend) for backend in self._backends]
        for peak in peaks:
            peak.__enter__()
        processor, start = processor_of(self._backends), time.perf_counter()
        answer = work()
        taken = time.perf_counter() - start
        for peak in peaks:
            peak.__exit__()
        return answer, {"seconds": taken, "processor": processor_of(self._backends) - processor, "peak_bytes": max(p.bytes for p in peaks),
                        "first_bytes": max(p.between(0, 0.2) for p in peaks), "last_bytes": max(p.between(0.8, 1) for p in peaks)}


def watched(session, script):
    return Watch([session]).run(lambda: session.send(script))


def line(name, figures, datasets):
    tell(f"   {name:44} {figures['seconds']:9.3f} s   {figures['processor']:9.3f} s of processor time,"
         f" private memory {figures['peak_bytes'] / 2**20:.0f} MB, in the first fifth {figures['first_bytes'] / 2**20:.0f} MB,"
         f" in the last {figures['last_bytes'] / 2**20:.0f} MB")
    return {"name": name, "datasets": datasets, **figures}


def once(model, name, script, datasets, wanted=None):
    """In a session of its own; `wanted`: the answer, where another one makes the figure a false one."""
    with model.new_session() as session:
        answer, figures = watched(session, script)
    if wanted is not None and answer != [wanted]:
        raise BenchError(f"{name}: {answer[:3]} instead of {wanted}")
    return line(name, figures, datasets)


# ---- creating ----------------------------------------------------------------------------------------------------------


def in_sessions(model, scripts):
    """Runs each script in a session of its own, all at once."""
    sessions = [model.new_session() for _ in scripts]
    with ThreadPoolExecutor(len(scripts)) as pool:
        figures = Watch(sessions).run(lambda: list(pool.map(lambda session, script: session.send(script), sessions, scripts)))[1]
    for session in sessions:
        session.close()
    return figures


def ours(model, stores, sessions):
    """One session reconciles all; of several each has its share of the stores."""
    if sessions == 1:
        return in_sessions(model, [CALL.format("")])
    return in_sessions(model, [";".join(CALL.format(f"'s{s}'") for s in range(n, stores, sessions)) for n in range(sessions)])


def executed(model):
    """Store, dataset and statement of each step, in order."""
    return model.session.run("SELECT store, dataset, replace(statement, E'\\n', ' ') FROM datasurface.operations ORDER BY operation")


def script_of(steps, path):
    """The statements with a commit after each chunk of datasets or schemas."""
    subjects, before = 0, None
    with open(path, "w", encoding="utf-8") as file:
        file.write("BEGIN;\n")
        for store, dataset, statement in steps:
            if (store, dataset) != before:
                before, subjects = (store, dataset), subjects + 1
                if subjects % CHUNK == 1 and subjects > 1:
                    file.write("COMMIT;BEGIN;\n")
            file.write(statement + ";\n")
        file.write("COMMIT;\n")
    return f"\\i {path}\n"


def peer(model, steps, sessions):
    """The schemas of workspaces are no store's: they are made before, as the first statements."""
    schemas = [statement for store, _, statement in steps if not store]
    model.session.run(";".join(schemas))
    scripts = []
    for n in range(sessions):
        mine = [step for step in steps if step[0] and int(step[0][1:]) % sessions == n]
        scripts.append(script_of(mine, f"{os.environ['BENCH_OUTPUT']}/definitions{n}.sql"))
    return in_sessions(model, scripts)


def relations(model):
    return model.session.value("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                               " WHERE nspname ~ '^[sw][0-9]+$'")


def created(admin, model, datasets, sessions):
    """By us and by the peer, with the same result."""
    title = f"{sessions} session" + ("s" if sessions > 1 else "")
    admin.run("CHECKPOINT")
    mine = line(f"created, {title}", ours(model, datasets // OF_A_STORE, sessions), datasets)
    steps = executed(model)
    other = Model(admin, f"{model.database}_peer")
    admin.run("CHECKPOINT")
    figures = peer(other, steps, sessions)
    if relations(model) != relations(other):
        raise BenchError(f"ours made {relations(model)} relations, the script {relations(other)}")
    return [mine, line(f"created by a script, {title}", figures, datasets)]


# ---- one more ----------------------------------------------------------------------------------------------------------


def one_more(model):
    """Medians of a load and a reconcile of one store that has a dataset more, without the DDL."""
    loads, reconciles, statements = [], [], []
    for s in range(MORE):
        text = json.dumps({"stores": [store_of(s, [dataset_of("more", 1)])]})
        with model.new_session() as session:
            loads.append(session.timed(f"SELECT datasurface.ds_load_model($model${text}$model$, replace => false)"))
            reconciles.append(session.timed(CALL.format(f"'s{s}'")))
        statements.append(float(model.session.value("SELECT extract(epoch FROM sum(duration)) FROM datasurface.operations"
                                                    f" WHERE store = 's{s}' AND dataset = 'more'")))
    found = {"load": statistics.median(loads), "reconcile": statistics.median(reconciles), "ddl": statistics.median(statements),
             "beside": statistics.median(a + b - c for a, b, c in zip(loads, reconciles, statements))}
    tell("   one dataset more: " + ", ".join(f"{name} {1e3 * value:.1f} ms" for name, value in found.items()))
    return found


# ---- the case ----------------------------------------------------------------------------------------------------------


def record(datasets, title, lines, more=None):
    return {"workload": "definitions", "title": f"{datasets:,} datasets in {datasets // OF_A_STORE} stores, {title}",
            "datasets": datasets, "lines": lines, "more": more}


def definitions(plan, admin):
    datasets = plan.datasets
    tell(f"\n== definitions: {datasets:,} datasets of 10 columns in {datasets // OF_A_STORE} stores")
    document = json.dumps(model_of(datasets))
    model = Model(admin.here(), "definitions", document)
    load = "SELECT count(*) FROM (SELECT datasurface.ds_load_model(document) FROM model) x"
    lines = [once(model, "validated", "SELECT count(*) FROM model, datasurface.ds_validate_model(document)", datasets, "0"),
             once(model, "loaded", load, datasets, "1"),
             once(model, "planned, all new", "SELECT count(*) > 0 FROM datasurface.ds_plan_schema()", datasets, "t")]
    lines += created(admin.here(), model, datasets, 1)
    lines += [once(model, "planned, nothing to do", "SELECT count(*) FROM datasurface.ds_plan_schema()", datasets, "0"),
              once(model, "reconciled, nothing to do", CALL.format(""), datasets),
              once(model, "loaded again, nothing changed", load, datasets, "1")]
    yield record(datasets, "one session", lines, one_more(model))
    two = Model(admin.here(), "definitions_two", document)
    two.session.run(load)
    yield record(datasets, "two sessions", created(admin.here(), two, datasets, 2))
