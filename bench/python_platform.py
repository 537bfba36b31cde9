"""The SQL shape of the Python platform, "DataSurface at cf9f1d3, SQL shape": from source rows to the commit.

Staging is filled inside the database, by one INSERT ... SELECT. Its own way, one row at a time through a client, is a
contender of its own, where the rows are few enough to wait for it. Staging and merge tables have its md5 columns and its
indexes; staging keeps one batch, and is analysed although the platform never does. Its queries for metrics are timed
apart, and are not in the total.
"""

from session import Session
from tables import make_room_in_wal

BATCH = 2


def md5_of(names):
    return "md5(" + " || ".join(f"coalesce({name}::text, '')" for name in names) + ")"


def hashed(d):
    return f"{md5_of(d.names())}, {md5_of(d.key)}"


def fill_staging(d, source):
    return (f"INSERT INTO platform.staging ({d.payload()}, batch_id, all_hash, key_hash)"
            f" SELECT {d.payload()}, {BATCH}, {hashed(d)} FROM {source}")


def insert_row_by_row(d, source):
    """Its own way: a client reads the rows, hashes included, and sends an INSERT of one row for each."""
    names = [*d.names(), "batch_id", "all_hash", "key_hash"]
    types = ", ".join([*(c.type for c in d.columns), "integer", "text", "text"])
    values = ", ".join(f"${n + 1}" for n in range(len(names)))
    call = f"EXECUTE put({', '.join(['%L'] * len(names))})"
    return (f"DEALLOCATE ALL; PREPARE put ({types}) AS INSERT INTO platform.staging ({', '.join(names)}) VALUES ({values});\nBEGIN;\n"
            f"SELECT format('{call}', {d.payload()}, {BATCH}, {hashed(d)}) FROM {source}\n\\gexec\nCOMMIT")


def collect_live(d):
    columns = f"{d.payload('r')}, r.all_hash, r.key_hash"
    return f"""CREATE TEMPORARY TABLE changes ON COMMIT DROP AS
WITH staged AS (SELECT key_hash FROM platform.staging WHERE batch_id = {BATCH}),
present AS (SELECT key_hash FROM platform.live),
gone AS (SELECT p.key_hash FROM present p LEFT JOIN staged s ON s.key_hash = p.key_hash WHERE s.key_hash IS NULL)
SELECT 'INSERT' AS operation, {columns} FROM platform.staging r WHERE r.batch_id = {BATCH}
UNION ALL SELECT 'DELETE', {columns} FROM platform.live r JOIN gone g ON g.key_hash = r.key_hash"""


def merge_live(d):
    names = [*d.names(), "all_hash", "key_hash"]
    return (f"MERGE INTO platform.live m USING changes c ON m.key_hash = c.key_hash"
            f" WHEN MATCHED AND c.operation = 'DELETE' THEN DELETE"
            f" WHEN MATCHED AND m.all_hash <> c.all_hash THEN UPDATE SET batch_id = {BATCH}, "
            + ", ".join(f"{n} = c.{n}" for n in names) +
            f" WHEN NOT MATCHED AND c.operation = 'INSERT' THEN INSERT (batch_id, {', '.join(names)})"
            f" VALUES ({BATCH}, {', '.join('c.' + n for n in names)})")


def count_staged():
    return f"SELECT count(*) FROM platform.staging WHERE batch_id = {BATCH}"


def count_live():
    staged = f"SELECT key_hash FROM platform.staging WHERE batch_id = {BATCH}"
    return [f"SELECT count(*) FILTER (WHERE batch_id = {BATCH}),"
            f" count(*) FILTER (WHERE batch_id <> {BATCH} AND key_hash IN ({staged})) FROM platform.live WHERE key_hash IN ({staged})",
            f"SELECT count(*) FROM platform.live WHERE key_hash NOT IN ({staged}) AND batch_id <> {BATCH}"]


def merge_forensic(d):
    staged = f"s.batch_id = {BATCH} AND s.key_hash = m.key_hash"
    is_open = "m.batch_out = 2147483647"
    columns = f"{d.payload('s')}, {BATCH}, 2147483647, s.all_hash, s.key_hash"
    insert = f"INSERT INTO platform.forensic ({d.payload()}, batch_in, batch_out, all_hash, key_hash) SELECT {columns} FROM platform.staging s"
    return [f"UPDATE platform.forensic m SET batch_out = {BATCH - 1} FROM platform.staging s"
            f" WHERE {staged} AND {is_open} AND m.all_hash <> s.all_hash",
            f"UPDATE platform.forensic m SET batch_out = {BATCH - 1} WHERE {is_open}"
            f" AND NOT EXISTS (SELECT FROM platform.staging s WHERE {staged})",
            f"{insert} WHERE s.batch_id = {BATCH}"
            f" AND NOT EXISTS (SELECT FROM platform.forensic m WHERE m.key_hash = s.key_hash AND {is_open})",
            f"{insert} WHERE s.batch_id = {BATCH}"
            f" AND EXISTS (SELECT FROM platform.forensic m WHERE m.key_hash = s.key_hash AND m.batch_out = {BATCH - 1})"
            f" AND NOT EXISTS (SELECT FROM platform.forensic m WHERE m.key_hash = s.key_hash AND m.batch_in = {BATCH})"]


INDEXES = {"staging": ("(batch_id)", "(key_hash)", "(batch_id, key_hash)"),
           "live": ("(key_hash)", "(all_hash)"),
           "forensic": ("(key_hash)", "(batch_out)", "(key_hash, batch_out)", "(batch_in)", "(batch_in, batch_out)")}


class Platform:
    """Live, or forensic for a dataset with milestones."""

    kind = "platform"

    def __init__(self, plan, work_mem=None, row_by_row=False):
        self._settings = dict(plan.peer_settings, **({"work_mem": work_mem} if work_mem else {}))
        how = "rows through a client" if row_by_row else f"work_mem {self._settings['work_mem']}"
        self.name = f"Python platform's shape, {how}"
        self._row_by_row = row_by_row
        self._session = None

    def prepare(self, case):
        d = case.dataset
        self._session = Session(self._settings)
        types = ", ".join(f"{c.name} {c.type}" for c in d.columns) + ", all_hash varchar(32), key_hash varchar(32)"
        key = ", ".join(d.key)
        self._session.run(
            "DROP SCHEMA IF EXISTS platform CASCADE; CREATE SCHEMA platform;"
            f"CREATE TABLE platform.staging ({types}, batch_id integer, PRIMARY KEY ({key}, batch_id));"
            f"CREATE TABLE platform.live ({types}, batch_id integer);"
            f"CREATE TABLE platform.forensic ({types}, batch_in integer, batch_out integer);")
        self._index("staging")

    def _index(self, table):
        self._session.run(";".join(f"CREATE INDEX ON platform.{table} {columns}" for columns in INDEXES[table]))

    def restore(self, case, admin, first):
        make_room_in_wal(admin)
        self._session.run("TRUNCATE platform.staging")
        if not first and case.before == case.after:
            self._session.run("VACUUM ANALYZE platform.staging")
            return
        d = case.dataset
        table = "forensic" if d.milestoned else "live"
        extra = "batch_in, batch_out" if d.milestoned else "batch_id"
        self._drop_indexes(table)
        self._session.run(f"TRUNCATE platform.{table}")
        versions = [f"{-n}, {-n}" for n in range(1, case.history + 1)] + ["1, 2147483647"] if d.milestoned else ["1"]
        for version in versions if case.before else []:
            self._session.run(f"INSERT INTO platform.{table} ({d.payload()}, {extra}, all_hash, key_hash)"
                              f" SELECT {d.payload()}, {version}, {hashed(d)} FROM {d.source(case.before)}")
        key = ", ".join(d.key) + (", batch_in" if d.milestoned else "")
        self._session.run(f"ALTER TABLE platform.{table} ADD CONSTRAINT target_pkey PRIMARY KEY ({key})")
        if not d.milestoned:
            self._session.run("ALTER TABLE platform.live ADD CONSTRAINT live_key_hash UNIQUE (key_hash)")
        self._index(table)
        self._session.run(f"VACUUM ANALYZE platform.{table}; VACUUM ANALYZE platform.staging; CHECKPOINT")

    def _drop_indexes(self, table):
        self._session.run(f"ALTER TABLE platform.{table} DROP CONSTRAINT IF EXISTS target_pkey, DROP CONSTRAINT IF EXISTS live_key_hash")
        for (index,) in self._session.run(f"SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'platform.{table}'::regclass"):
            self._session.run(f"DROP INDEX {index}")

    def run(self, case):
        d, timed = case.dataset, self._session.timed
        fill = insert_row_by_row if self._row_by_row else fill_staging
        stage = timed(fill(d, case.dataset.source(case.staged)))
        self._session.run("ANALYZE platform.staging")
        if d.milestoned:
            merge = timed(";\n".join(["BEGIN", *merge_forensic(d)]))
            metrics = timed(count_staged())
        else:
            metrics = timed(f"BEGIN; {count_staged()}")
            merge = timed(f"{collect_live(d)};\n{merge_live(d)}")
            counted = [self._count(query) for query in count_live()]
            metrics = None if None in counted else metrics + sum(counted)
        return {"merge": merge + timed("COMMIT"), "ingest": stage, "metrics": metrics}

    def _count(self, query):
        """Nothing, where work_mem is too small for a hash of the keys: the query would be quadratic."""
        plan = "".join(self._session.send("EXPLAIN (VERBOSE) " + query))
        return None if "(SubPlan" in plan else self._session.timed(query)

    def notes(self):
        return {}

    def check(self, case, judge):
        if case.dataset.milestoned:
            judge.check("platform.forensic", self.name, "batch_out = 2147483647")
        else:
            judge.check("platform.live", self.name)

    def close(self):
        self._session.run("DROP SCHEMA platform CASCADE")
        self._session.close()
