"""Filling, restoring and comparing tables: the same for every contender, and never timed."""

from data import SCHEMA
from session import BenchError

OPEN = 2147483647
EXACT_ROWS = 300000  # up to here tables are compared row by row, above by count and sum of hashes


def make_room_in_wal(session):
    """A checkpoint, when the next one would else come of itself while something is timed."""
    if session.value("SELECT pg_current_wal_insert_lsn() - redo_lsn > 4e9 FROM pg_control_checkpoint()") == "t":
        session.run("CHECKPOINT")


def refill(session, table, columns, query, key="", vacuum=True):
    """Empties a table and fills it anew; its primary key is built at the end, as a restore does."""
    name = table.split(".")[1] + "_pkey"
    drop = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};" if key else ""
    add = f"ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY ({key})" if key else ""
    make_room_in_wal(session)
    session.run(f"TRUNCATE {table}; {drop} INSERT INTO {table} ({columns}) {query}; {add}")
    if vacuum:
        session.run(f"VACUUM ANALYZE {table}")


def restore_current(session, case, table):
    """A merge table as the batch before left it, in which all rows were new; empty where a first load is to come."""
    dataset, none = case.dataset, "" if case.before else " LIMIT 0"
    refill(session, table, f"ds_surf_batch_in, ds_surf_batch_out, {dataset.payload()}",
           f"SELECT 1, {OPEN}, {dataset.payload()} FROM {dataset.source(case.before or case.after)}{none}", ", ".join(dataset.key))
    if not case.before:
        session.run("CHECKPOINT")


def differences(session, left, right):
    """Rows of either query that the other lacks."""
    return int(session.value(f"SELECT (SELECT count(*) FROM ({left} EXCEPT ALL {right}) a)"
                             f" + (SELECT count(*) FROM ({right} EXCEPT ALL {left}) b)"))


def digest(session, query):
    return session.run(f"SELECT count(*), sum(hash_record_extended(r, 0)::numeric) FROM ({query}) r")[0]


class Judge:
    """Knows what a table must hold after a batch, and says so of each contender's."""

    def __init__(self, session, dataset, version):
        self._session = session
        self._rows = f"SELECT {dataset.payload()} FROM {dataset.source(version)}"
        self._payload = dataset.payload()
        self._exact = int(session.value(f"SELECT count(*) FROM {dataset.source(version)}")) <= EXACT_ROWS
        self._digest = None if self._exact else digest(session, self._rows)
        self.how = "EXCEPT ALL both ways" if self._exact else "row count and sum of row hashes"

    def check(self, table, who, where="true"):
        found = f"SELECT {self._payload} FROM {table} WHERE {where}"
        if self._exact:
            wrong = differences(self._session, self._rows, found)
        else:
            wrong = digest(self._session, found) != self._digest
        if wrong:
            raise BenchError(f"{who} left wrong rows in {table} ({wrong})")


def make_peer_tables(session, dataset, staging, merge):
    """Copies of a dataset's staging and merge tables for the peers: same columns, key, fillfactor and persistence."""
    session.run(f"DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer;"
                f"CREATE UNLOGGED TABLE peer.staging (LIKE {staging} INCLUDING IDENTITY);"
                f"CREATE TABLE peer.merge (LIKE {merge}) WITH (fillfactor = 90);"
                f"ALTER TABLE peer.merge ADD CONSTRAINT merge_pkey PRIMARY KEY ({', '.join(dataset.key)})")


def fill_peer_staging(session, dataset, version):
    refill(session, "peer.staging", dataset.payload(), f"SELECT {dataset.payload()} FROM {dataset.source(version)}")


def show_source(session, dataset, version):
    """What the dataset's query reads from now on."""
    session.run(f"CREATE OR REPLACE VIEW {SCHEMA}.{dataset.name} AS SELECT {dataset.payload()} FROM {dataset.source(version)}")
