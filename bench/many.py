"""(f): a thousand datasets of 100 rows in one stream, mostly a matter of what one dataset costs at least."""

import statistics

import data
from engine import COUNTS, has_engines, load, model_of
from measure import tell
from peers import full_join_statement, merge_and_delete
from session import BenchError, Session

STORE = "bench_many"
ROWS = 100
BATCHES = 6  # the first warms up


def declare(admin, plan):
    d = data.mixed(ROWS, "many")
    data.make_version(admin, d, "0")
    template = model_of(d, "")["stores"][0]["datasets"][0]
    query = f"SELECT {d.payload()} FROM {d.source('0')}"
    datasets = [dict(template, name=f"d{n}", ingestion={"kind": "sql_snapshot", "query": query}) for n in range(plan.many)]
    load(admin, {"stores": [{"name": STORE, "description": "many small datasets", "datasets": datasets}]})
    return d


def our_batches(plan, engine):
    """Seconds of each step of each batch."""
    with Session(plan.peer_settings) as session:
        if has_engines(session) and engine:
            session.run(f"SET datasurface.merge_engine = '{engine}'; SET datasurface.merge_work_mem = '{plan.memory}';"
                        "SET datasurface.merge_workers = 0")
        steps = []
        for _ in range(BATCHES):
            batch = session.value(f"SELECT datasurface.ds_start_batch('{STORE}')")
            ingest = session.timed(f"SELECT datasurface.ds_ingest('{STORE}', {batch})")
            merge = session.timed(f"SELECT count(*) FROM datasurface.ds_merge_staging('{STORE}', {batch})")
            steps.append({"ingest": ingest, "merge": merge, "batch": int(batch)})
        check_counts(session, plan, steps[-1]["batch"])
        each = session.value(f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM merge_time)) FROM"
                             f" datasurface.batch_datasets WHERE stream = '{STORE}' AND batch > {steps[0]['batch']}")
    return steps[1:], float(each)


def check_counts(session, plan, batch):
    found = session.run(f"SELECT {', '.join(f'sum({c})' for c in COUNTS)} FROM datasurface.batch_datasets"
                        f" WHERE stream = '{STORE}' AND batch = {batch}")[0]
    if found != ["0", "0", "0", str(ROWS * plan.many)]:
        raise BenchError(f"a batch of {plan.many} unchanged datasets counted {found}")


def peer_batches(plan, d, statements):
    """One transaction over copies of all datasets; the statements run inside the server, by one call for all."""
    with Session(plan.peer_settings) as session:
        session.run("DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer; CREATE TABLE peer.work (statement text)")
        # one commit for each, for a transaction could not lock this many new tables
        session.send("SELECT format('CREATE UNLOGGED TABLE peer.staging%1$s (LIKE " + f"{STORE}.d0_staging INCLUDING IDENTITY);"
                     f"CREATE TABLE peer.merge%1$s (LIKE {merge_of_first()} INCLUDING INDEXES) WITH (fillfactor = 90);"
                     f"INSERT INTO peer.staging%1$s ({d.payload()}) SELECT {d.payload()} FROM {d.source('0')};"
                     f"INSERT INTO peer.merge%1$s SELECT 1, 2147483647, {d.payload()} FROM {d.source('0')};"
                     f"ANALYZE peer.staging%1$s; ANALYZE peer.merge%1$s', n) FROM generate_series(1, {plan.many}) n \\gexec\n")
        for statement in statements(d):
            session.run(f"INSERT INTO peer.work SELECT replace(replace($s${statement}$s$, 'peer.staging', 'peer.staging' || n),"
                        f" 'peer.merge', 'peer.merge' || n) FROM generate_series(1, {plan.many}) n")
        session.run("CREATE FUNCTION peer.run() RETURNS void LANGUAGE plpgsql AS $f$ DECLARE s text; BEGIN"
                    " FOR s IN SELECT statement FROM peer.work LOOP EXECUTE s; END LOOP; END $f$")
        seconds = [session.timed("SELECT peer.run()") for _ in range(BATCHES)][1:]
        session.send("SELECT format('DROP TABLE peer.staging%1$s, peer.merge%1$s', n)"
                     f" FROM generate_series(1, {plan.many}) n \\gexec\n")
    return statistics.median(seconds)


def merge_of_first():
    return f"{STORE}.d0"


def many(plan, admin):
    title = f"{plan.many:,} datasets of {ROWS} rows, unchanged"
    tell(f"\n== many: {title}")
    d = declare(admin, plan)
    results = []
    wanted = [("native", "native"), ("our sql engine", "sql")] if has_engines(admin) else [("datasurface", "")]
    first_batch(plan)
    for name, engine in wanted:
        steps, each = our_batches(plan, engine)
        results.append({"name": name, "kind": "ours", "seconds": statistics.median(s["merge"] for s in steps),
                        "parts": {"ingest": statistics.median(s["ingest"] for s in steps)}, "runs": len(steps),
                        "seconds_of_a_dataset": each})
        tell(f"   {name:44} {results[-1]['seconds']:9.4f} s   ingest {results[-1]['parts']['ingest']:.3f},"
             f" a dataset's diff and clean-up {1e6 * each:.0f} us")
    for name, statements in (("MERGE + DELETE", merge_and_delete), ("FULL JOIN", full_join_statement)):
        results.append({"name": name, "kind": "peer", "seconds": peer_batches(plan, d, statements), "parts": {},
                        "runs": BATCHES - 1})
        tell(f"   {name:44} {results[-1]['seconds']:9.4f} s")
    yield {"workload": "many", "title": title, "rows": plan.many * ROWS, "columns": len(d.columns), "share": 0,
           "first_load": False, "history": 0, "datasets": plan.many, "verified_by": "counts of the batch", "results": results}


def first_batch(plan):
    with Session(plan.peer_settings) as session:
        session.run(f"SELECT datasurface.ds_run('{STORE}')")
        session.run(f"SELECT datasurface.ds_require('{STORE}')")
