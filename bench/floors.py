"""What nothing can avoid: reading both tables, and writing the rows that changed."""

import os

from session import Session


class Scans:
    """Two sequential scans that count the last column, which makes them take every row apart."""

    kind, name = "floor", "two scans"

    def __init__(self, plan, **settings):
        self._settings = dict(plan.peer_settings, **settings)
        if settings:
            self.name = "two scans, one worker"
        self._session = None

    def prepare(self, case):
        self._session = Session(self._settings)

    def restore(self, case, admin, first):
        pass  # the first contender of a case: the tables are as they were filled

    def run(self, case):
        last = case.dataset.names()[-1]
        return {"merge": self._session.timed(f"SELECT count({last}) FROM peer.staging; SELECT count({last}) FROM peer.merge")}

    def notes(self):
        return {}

    def check(self, case, judge):
        pass

    def close(self):
        self._session.close()


class Emptying:
    """TRUNCATE of a staging table: a part of what ours takes, and of nothing that peers take. Neither peer nor floor."""

    kind, name = "aside", "emptying a staging table"

    def __init__(self, plan):
        self._settings = plan.peer_settings
        self._session = None

    def prepare(self, case):
        self._session = Session(self._settings)
        self._session.run("CREATE UNLOGGED TABLE peer.emptied (LIKE peer.staging)")

    def restore(self, case, admin, first):
        admin.run("INSERT INTO peer.emptied SELECT * FROM peer.staging")

    def run(self, case):
        return {"merge": self._session.timed("TRUNCATE peer.emptied")}

    def notes(self):
        return {}

    def check(self, case, judge):
        pass

    def close(self):
        self._session.run("DROP TABLE peer.emptied")
        self._session.close()


class Copy:
    """COPY of the new and the updated rows into an empty table with the same index."""

    kind, name = "floor", "COPY of what changed"

    def __init__(self, plan):
        self._settings = plan.peer_settings
        self._file = os.environ["BENCH_PLACE"] + "/changed.copy"
        self._session = None

    def prepare(self, case):
        d = case.dataset
        self._session = Session(self._settings)
        self._session.run(
            f"COPY (SELECT {d.payload('s')} FROM {d.source(case.after)} s LEFT JOIN {d.source(case.before)} m ON {d.same_key()}"
            f" WHERE m.{d.key[0]} IS NULL OR {d.differs()}) TO '{self._file}';"
            f"DROP TABLE IF EXISTS peer.copied; CREATE TABLE peer.copied (LIKE peer.merge INCLUDING DEFAULTS INCLUDING INDEXES);"
            f"ALTER TABLE peer.copied ALTER ds_surf_batch_in SET DEFAULT 2, ALTER ds_surf_batch_out SET DEFAULT 2147483647")

    def restore(self, case, admin, first):
        admin.run("TRUNCATE peer.copied")

    def run(self, case):
        return {"merge": self._session.timed(f"COPY peer.copied ({case.dataset.payload()}) FROM '{self._file}'")}

    def notes(self):
        return {}

    def check(self, case, judge):
        pass

    def close(self):
        self._session.run("DROP TABLE peer.copied")
        self._session.close()
        os.unlink(self._file)


def floors(plan, case, **settings):
    found = [Scans(plan, **settings)]
    if case.before and case.before != case.after:
        found.append(Copy(plan))
    return found
