"""The datasets of the workloads: their columns, and the SQL that makes each version of their rows.

A version is named by what it differs in from version 0: "0", or a share of changed rows such as "0.01". Of the changed
rows eight in ten are updated, one is deleted, and one is new. Which ones a hash of the row's number decides, so they lie
all over the table. The same number always gives the same row.
"""

from dataclasses import dataclass, field

SCHEMA = "source"  # of the rows before they are staged


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    value: str          # expression over i, the row's number
    changed: str = ""   # the same for a row that was updated
    nullable: bool = True


@dataclass(frozen=True)
class Dataset:
    name: str
    columns: tuple
    key: tuple
    rows: int
    milestoned: bool = False
    title: str = ""
    counts: dict = field(default_factory=dict, compare=False)

    def names(self):
        return [column.name for column in self.columns]

    def payload(self, alias=""):
        return ", ".join((alias + "." if alias else "") + name for name in self.names())

    def differs(self, left="s", right="m"):
        """Rows of columns, compared by value; the parser makes one comparison for each column of it."""
        others = [name for name in self.names() if name not in self.key]
        return "(" + ", ".join(f"{left}.{n}" for n in others) + ") IS DISTINCT FROM (" + \
            ", ".join(f"{right}.{n}" for n in others) + ")"

    def same_key(self, left="s", right="m"):
        return " AND ".join(f"{left}.{name} = {right}.{name}" for name in self.key)

    def source(self, version):
        return f"{SCHEMA}.{self.name}_{version.replace('.', '_')}"


def number(seed, mask):
    return f"(hashint8extended(i, {seed}) & {mask})"


def mixed_columns():
    """Ten columns of everyday types, some 130 bytes a row."""
    return (
        Column("id", "bigint", "i", nullable=False),
        Column("customer", "integer", f"{number(1, 1048575)}::integer", nullable=False),
        Column("code", "text", f"'C-' || to_hex({number(2, 4294967295)})", nullable=False),
        Column("name", "text", "left(md5(i::text), 8 + (i % 20)::integer)"),
        Column("amount", "numeric(12,2)", f"round({number(3, 99999999)} / 100.0, 2)",
               f"round({number(3, 99999999)} / 100.0, 2) + 1"),
        Column("quantity", "integer", f"{number(4, 1023)}::integer"),
        Column("ordered", "date", f"date '2015-01-01' + {number(5, 4095)}::integer"),
        Column("updated", "timestamptz", f"timestamptz '2020-01-01 00:00Z' + {number(6, 67108863)} * interval '1 second'",
               f"timestamptz '2023-01-01 00:00Z' + {number(6, 67108863)} * interval '1 second'"),
        Column("note", "text", f"CASE WHEN {number(7, 3)} > 0 THEN 'a note of ' || md5((-i)::text) END"),
        Column("active", "boolean", f"{number(8, 1)} = 1"))


def wide_columns(count=200):
    """Many columns of eight types in turn; every tenth value is NULL."""
    kinds = [("integer", "{}::integer"), ("text", "'w' || to_hex({})"), ("bigint", "{}"), ("numeric(12,2)", "round({} / 100.0, 2)"),
             ("date", "date '2015-01-01' + ({} & 4095)::integer"), ("double precision", "{} / 8.0::double precision"),
             ("boolean", "{} & 1 = 1"), ("timestamptz", "timestamptz '2020-01-01 00:00Z' + ({} & 67108863) * interval '1 second'")]
    columns = [Column("id", "bigint", "i", nullable=False)]
    for n in range(1, count):
        kind, text = kinds[n % len(kinds)]
        value = text.format(number(n, 1048575))
        if n % 10 == 0:
            value = f"CASE WHEN {number(n + 1000, 15)} > 1 THEN {value} END"
        columns.append(Column(f"c{n}", kind, value, text.format(f"({number(n, 1048575)} + 1)") if n == 100 else ""))
    return tuple(columns)


def mixed(rows, name="mixed", **more):
    return Dataset(name, mixed_columns(), ("id",), rows, title="10 mixed columns, bigint key", **more)


def wide(rows):
    return Dataset("wide", wide_columns(), ("id",), rows, title="200 columns, bigint key")


def text_key(rows):
    key = Column("account", "text", "'account/' || to_hex(i * 2654435761 % 4294967296) || '/' || i", nullable=False)
    return Dataset("text_key", (key,) + mixed_columns()[1:], ("account",), rows, title="10 mixed columns, text key")


def composite_key(rows):
    key = (Column("region", "text", "(ARRAY['north', 'east', 'south', 'west', 'overseas'])[1 + i % 5]", nullable=False),
           Column("contract", "integer", "(i / 50)::integer", nullable=False),
           Column("line", "integer", "(i / 5 % 10)::integer", nullable=False))
    return Dataset("composite_key", key + mixed_columns()[1:], ("region", "contract", "line"), rows,
                   title="12 mixed columns, key of text and two integers")


def picked(share):
    return f"{number(99, 1048575)} < {round(share * 1048576)}"


def make_version(session, dataset, version):
    """Fills the table of one version; returns the true counts against version 0."""
    share, rows = float(version), dataset.rows
    new = round(rows * share / 10)
    deleted = f"i <= {rows} AND {picked(share)} AND {number(98, 1048575)} < 104858"
    updated = f"i <= {rows} AND {picked(share)} AND NOT {number(98, 1048575)} < 104858 AND {number(97, 1048575)} < 932068"
    values = ", ".join((f"CASE WHEN {updated} THEN {c.changed} ELSE {c.value} END" if c.changed and share else c.value)
                       + f" AS {c.name}" for c in dataset.columns)
    table = dataset.source(version)
    types = ", ".join(f"{c.name} {c.type}" for c in dataset.columns)
    session.run(f"DROP TABLE IF EXISTS {table}; CREATE UNLOGGED TABLE {table} ({types});"
                f"INSERT INTO {table} SELECT {values} FROM generate_series(1, {rows + new}::bigint) i WHERE NOT ({deleted});"
                f"VACUUM ANALYZE {table}")
    gone, changed = session.run(f"SELECT count(*) FILTER (WHERE {deleted}), count(*) FILTER (WHERE {updated})"
                                f" FROM generate_series(1, {rows}::bigint) i")[0]
    gone, changed = (int(gone), int(changed)) if share else (0, 0)
    return {"inserted": new, "updated": changed, "deleted": gone, "unchanged": rows - changed - gone}


def make_shuffled(session, dataset):
    """Version 0 in an order that has nothing to do with the merge table's."""
    table = dataset.source("shuffled")
    session.run(f"DROP TABLE IF EXISTS {table}; CREATE UNLOGGED TABLE {table} (LIKE {dataset.source('0')});"
                f"INSERT INTO {table} SELECT * FROM {dataset.source('0')} ORDER BY hashtextextended({dataset.key[0]}::text, 5);"
                f"VACUUM ANALYZE {table}")
    return {"inserted": 0, "updated": 0, "deleted": 0, "unchanged": dataset.rows}
