"""The SQL shape of a dbt snapshot: strategy check on all columns, invalidation of hard deletes, no index on the target.

A temporary table of insertions, updates and deletions, each by its own join of the source with the open versions; then
one UPDATE that closes and one INSERT that opens. It always keeps history, in the one table that also has the current rows.
"""

from session import Session
from tables import make_room_in_wal

META = "dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to"


def key_text(d, alias):
    return " || '-' || ".join(f"{alias}.{name}::text" for name in d.key)


def changed(d):
    """Each column on its own, NULLs spelled out."""
    return "(" + " OR ".join(
        f"o.{n} <> s.{n} OR (o.{n} IS NULL) <> (s.{n} IS NULL)" for n in d.names() if n not in d.key) + ")"


def collect(d):
    scd_id = f"md5({key_text(d, 's')} || '|' || now()::text)"
    nothing = f"o.{d.key[0]} IS NULL"
    return f"""CREATE TEMPORARY TABLE dbt_changes ON COMMIT DROP AS
WITH opened AS (SELECT * FROM dbt.snapshot WHERE dbt_valid_to IS NULL),
insertions AS (SELECT 'insert' AS change, {d.payload('s')}, now() AS dbt_updated_at, now() AS dbt_valid_from,
    NULL::timestamptz AS dbt_valid_to, {scd_id} AS dbt_scd_id
    FROM peer.staging s LEFT JOIN opened o ON {d.same_key('s', 'o')} WHERE {nothing} OR {changed(d)}),
updates AS (SELECT 'update' AS change, {d.payload('s')}, now() AS dbt_updated_at, now() AS dbt_valid_from,
    now() AS dbt_valid_to, o.dbt_scd_id FROM peer.staging s JOIN opened o ON {d.same_key('s', 'o')} WHERE {changed(d)}),
deletions AS (SELECT 'delete' AS change, {d.payload('s')}, now() AS dbt_updated_at, now() AS dbt_valid_from,
    now() AS dbt_valid_to, o.dbt_scd_id FROM opened o LEFT JOIN peer.staging s ON {d.same_key('s', 'o')}
    WHERE s.{d.key[0]} IS NULL)
SELECT * FROM insertions UNION ALL SELECT * FROM updates UNION ALL SELECT * FROM deletions"""


def close_versions():
    return ("UPDATE dbt.snapshot t SET dbt_valid_to = c.dbt_valid_to FROM dbt_changes c"
            " WHERE c.dbt_scd_id = t.dbt_scd_id AND c.change IN ('update', 'delete') AND t.dbt_valid_to IS NULL")


def open_versions(d):
    return (f"INSERT INTO dbt.snapshot ({d.payload()}, {META}) SELECT {d.payload()}, {META} FROM dbt_changes"
            f" WHERE change = 'insert'")


class Snapshot:
    kind, name = "peer", "dbt snapshot's shape"

    def __init__(self, plan):
        self._settings = plan.peer_settings
        self._session = None

    def prepare(self, case):
        self._session = Session(self._settings)
        d = case.dataset
        self._session.run(
            "DROP SCHEMA IF EXISTS dbt CASCADE; CREATE SCHEMA dbt;"
            f"CREATE TABLE dbt.snapshot AS SELECT {d.payload()}, md5({key_text(d, 's')} || '|v0') AS dbt_scd_id,"
            " timestamptz '2024-01-01 00:00Z' AS dbt_updated_at, timestamptz '2024-01-01 00:00Z' AS dbt_valid_from,"
            f" NULL::timestamptz AS dbt_valid_to FROM {d.source(case.before or case.after)} s LIMIT 0")

    def restore(self, case, admin, first):
        if not first and case.before == case.after:
            return
        d = case.dataset
        make_room_in_wal(admin)
        admin.run("TRUNCATE dbt.snapshot")
        if case.before:
            self._insert(admin, d, d.source(case.before), "v0", "NULL")
        for version in range(case.history):
            self._insert(admin, d, d.source(case.before), f"h{version}", "timestamptz '2024-01-01 00:00Z'")
        admin.run("VACUUM ANALYZE dbt.snapshot")

    @staticmethod
    def _insert(admin, d, source, mark, valid_to):
        admin.run(f"INSERT INTO dbt.snapshot ({d.payload()}, {META}) SELECT {d.payload()},"
                  f" md5({key_text(d, 's')} || '|{mark}'), timestamptz '2024-01-01 00:00Z',"
                  f" timestamptz '2024-01-01 00:00Z', {valid_to} FROM {source} s")

    def run(self, case):
        return {"merge": self._session.timed(
            ";\n".join(["BEGIN", collect(case.dataset), close_versions(), open_versions(case.dataset), "COMMIT"]))}

    def notes(self):
        return {}

    def check(self, case, judge):
        judge.check("dbt.snapshot", self.name, "dbt_valid_to IS NULL")

    def close(self):
        self._session.run("DROP SCHEMA dbt CASCADE")
        self._session.close()
