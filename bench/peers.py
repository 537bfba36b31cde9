"""What people write in SQL for the same work: peers on copies of the same tables, in one transaction each.

Every peer leaves the same rows as the engines do, with the batch's number in those that it wrote; none of them counts.
"""

from session import Session
from tables import OPEN, restore_current

BATCH = 2


def assignments(dataset, source):
    others = [name for name in dataset.names() if name not in dataset.key]
    return f"ds_surf_batch_in = {BATCH}, " + ", ".join(f"{name} = {source}.{name}" for name in others)


def target(dataset):
    return f"ds_surf_batch_in, ds_surf_batch_out, {dataset.payload()}"


def values(dataset, source):
    return f"{BATCH}, {OPEN}, {dataset.payload(source)}"


def delete_gone(d):
    return f"DELETE FROM peer.merge m WHERE NOT EXISTS (SELECT FROM peer.staging s WHERE {d.same_key()})"


def merge_branches(d):
    return (f"WHEN MATCHED AND {d.differs()} THEN UPDATE SET {assignments(d, 's')}"
            f" WHEN NOT MATCHED THEN INSERT ({target(d)}) VALUES ({values(d, 's')})")


def merge_and_delete(d):
    return [delete_gone(d), f"MERGE INTO peer.merge m USING peer.staging s ON {d.same_key()} {merge_branches(d)}"]


def merge_by_source(d):
    return [f"MERGE INTO peer.merge m USING peer.staging s ON {d.same_key()} {merge_branches(d)}"
            f" WHEN NOT MATCHED BY SOURCE THEN DELETE"]


def on_conflict(d):
    return [delete_gone(d),
            f"INSERT INTO peer.merge AS m ({target(d)}) SELECT {values(d, 's')} FROM peer.staging s"
            f" ON CONFLICT ({', '.join(d.key)}) DO UPDATE SET {assignments(d, 'excluded')} WHERE {d.differs('excluded')}"]


def full_join(d):
    """What differs: the place of the row of the merge table, and the staged values."""
    return (f"SELECT m.ctid AS place, s.ctid IS NULL AS gone, {d.payload('s')} FROM peer.staging s FULL JOIN peer.merge m"
            f" ON {d.same_key()} WHERE s.ctid IS NULL OR m.ctid IS NULL OR {d.differs()}")


def update_from(d, changes):
    return (f"UPDATE peer.merge m SET {assignments(d, 'd')} FROM {changes} d"
            f" WHERE m.ctid = d.place AND d.place IS NOT NULL AND NOT d.gone")


def delete_from(changes):
    return f"DELETE FROM peer.merge m WHERE m.ctid = ANY (ARRAY(SELECT place FROM {changes} WHERE gone))"


def insert_from(d, changes):
    return f"INSERT INTO peer.merge ({target(d)}) SELECT {values(d, 'd')} FROM {changes} d WHERE place IS NULL"


def full_join_statement(d):
    return [f"WITH diff AS MATERIALIZED ({full_join(d)}), deleted AS ({delete_from('diff')}),"
            f" updated AS ({update_from(d, 'diff')}) {insert_from(d, 'diff')}"]


def applied_from_table(d, query):
    """The diff in a table of its own, so that its reading may be parallel and its size is known to the planner."""
    return [f"CREATE TEMPORARY TABLE diff ON COMMIT DROP AS {query}", "ANALYZE diff", delete_from("diff"),
            update_from(d, "diff"), insert_from(d, "diff")]


def full_join_table(d):
    return applied_from_table(d, full_join(d))


def two_joins_table(d):
    """Without FULL JOIN, which has parallel plans since PostgreSQL 16 only."""
    return applied_from_table(
        d, f"SELECT m.ctid AS place, false AS gone, {d.payload('s')} FROM peer.staging s LEFT JOIN peer.merge m"
           f" ON {d.same_key()} WHERE m.ctid IS NULL OR {d.differs()}"
           f" UNION ALL SELECT m.ctid, true, {d.payload('m')} FROM peer.merge m"
           f" WHERE NOT EXISTS (SELECT FROM peer.staging s WHERE {d.same_key()})")


def insert_and_index(d):
    return [f"INSERT INTO peer.merge ({target(d)}) SELECT {values(d, 's')} FROM peer.staging s",
            f"ALTER TABLE peer.merge ADD CONSTRAINT merge_pkey PRIMARY KEY ({', '.join(d.key)})"]


class Peer:
    """Statements over peer.staging and peer.merge."""

    kind = "peer"

    def __init__(self, name, statements, plan, **settings):
        self.name, self._statements = name, statements
        self._settings = dict(plan.peer_settings, **settings)
        self._session = None

    def prepare(self, case):
        self._session = Session(self._settings)

    def restore(self, case, admin, first):
        if first or case.before != case.after:
            restore_current(admin, case, "peer.merge")
            if self._statements is insert_and_index:
                admin.run("ALTER TABLE peer.merge DROP CONSTRAINT merge_pkey; CHECKPOINT")
        else:
            admin.run("VACUUM peer.merge")  # ON CONFLICT locks the rows that it does not change

    def run(self, case):
        return {"merge": self._session.timed(";\n".join(["BEGIN", *self._statements(case.dataset), "COMMIT"]))}

    def notes(self):
        return {}

    def check(self, case, judge):
        judge.check("peer.merge", self.name)

    def close(self):
        if self._session:
            self._session.close()


def peers(plan, first_load=False):
    """Those of the one-core rows. A first load has one more."""
    found = [Peer("MERGE + DELETE", merge_and_delete, plan)]
    if plan.version >= 17:
        found.append(Peer("MERGE BY SOURCE", merge_by_source, plan))
    found += [Peer("FULL JOIN, hash", full_join_statement, plan, enable_mergejoin="off"),
              Peer("FULL JOIN, merge", full_join_statement, plan, enable_hashjoin="off"),
              Peer("FULL JOIN to a table, hash", full_join_table, plan, enable_mergejoin="off"),
              Peer("FULL JOIN to a table, merge", full_join_table, plan, enable_hashjoin="off"),
              Peer("ON CONFLICT + DELETE", on_conflict, plan)]
    if first_load:
        found.append(Peer("INSERT, then the index", insert_and_index, plan))
    return found


def parallel_peers(plan):
    """With one worker for each Gather. What writes has no parallel plan, so the diff goes to a table."""
    wide = {"max_parallel_workers_per_gather": "1"}
    return [Peer("FULL JOIN to a table, one worker", full_join_table, plan, **wide),
            Peer("two joins to a table, one worker", two_joins_table, plan, **wide),
            Peer("MERGE + DELETE, one worker", merge_and_delete, plan, **wide)]
