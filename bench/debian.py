"""Debian's package index as it stood in three releases: the demo's files, which are in the repository."""

import glob
import os

from data import Column, Dataset, SCHEMA

VERSIONS = ("1", "2", "3")
TITLES = {"1": "bookworm", "2": "trixie", "3": "forky"}

# What is true of the three files, each against the one before; the demo holds itself to the same counts.
TRUTH = {("", "1"): (63436, 0, 0, 0), ("1", "2"): (14233, 43437, 8849, 11150), ("2", "3"): (9302, 47196, 7387, 14237),
         ("3", "3"): (0, 0, 0, 70735)}

COLUMNS = tuple(
    Column(name, "bigint" if name in ("installed_size", "size") else "text", "", nullable=name not in ("package", "architecture"))
    for name in ("package", "version", "architecture", "source", "section", "priority", "installed_size", "size",
                 "multi_arch", "essential", "homepage", "depends"))


def dataset():
    return Dataset("debian", COLUMNS, ("package", "architecture"), 70735, title="Debian's package index")


def truth(before, after):
    return dict(zip(("inserted", "updated", "deleted", "unchanged"), TRUTH[before or "", after]))


def load_debian(session, wanted):
    """The three versions; of the few keys that a file has twice the last row counts, since peers cannot take duplicates."""
    types = ", ".join(f"{c.name} {c.type}" for c in wanted.columns)
    for version in VERSIONS:
        (packed,) = glob.glob(f"{os.environ['BENCH_ROOT']}/demo/data/packages-{version}-*.csv.xz")
        session.run(f"DROP TABLE IF EXISTS {SCHEMA}.raw, {wanted.source(version)};"
                    f"CREATE TABLE {SCHEMA}.raw ({types}, arrival bigint GENERATED ALWAYS AS IDENTITY)")
        session.send(f"\\copy {SCHEMA}.raw ({wanted.payload()}) FROM PROGRAM 'xz --decompress --stdout \"{packed}\"' (FORMAT csv, HEADER)\n")
        session.run(f"CREATE UNLOGGED TABLE {wanted.source(version)} AS SELECT {wanted.payload()} FROM {SCHEMA}.raw r"
                    f" WHERE NOT EXISTS (SELECT FROM {SCHEMA}.raw o WHERE {wanted.same_key('o', 'r')} AND o.arrival > r.arrival)"
                    f" ORDER BY arrival; VACUUM ANALYZE {wanted.source(version)}")
    session.run(f"DROP TABLE {SCHEMA}.raw")
