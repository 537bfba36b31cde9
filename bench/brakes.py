"""What brakes and checks cost a merge, and what a batch costs that is held and then released.

The same batches run with the rules and without, in turn, and each pair in both orders: dead rows of the batch before make the next
one slower. The figure is the time of ds_merge_staging, or of ds_release_batch.
"""

import statistics

import data
from engine import load, model_of
from measure import tell
from session import BenchError
from tables import make_room_in_wal

PAIRS = 6
OFF = {"brakes": {"deletes": "off", "empty": "off"}}
BRAKES = {"brakes": {"deletes": {"percent": 30, "rows": 1000}, "changes": {"percent": 50, "action": "hold"},
                     "rows": {"factor": 3}, "empty": {"rows": 100}}}
CHECKS = {**OFF, "checks": [{"name": f"check_{n}", "condition": condition} for n, condition in enumerate((
    "id >= 0", "customer BETWEEN 0 AND 10000000", "code LIKE 'C-%'", "length(code) < 100", "customer IS NOT NULL"))]}


class Stream:
    """A dataset whose source and rules change from batch to batch. With a twin, which comes first and has no rules, it is one of two."""

    def __init__(self, admin, dataset, twin=False):
        self._admin, self._dataset, self._twin = admin, dataset, twin
        self.name = model_of(dataset, "")["stores"][0]["name"]

    def source(self, version, where="true"):
        d = self._dataset
        self._admin.run(f"CREATE OR REPLACE VIEW {data.SCHEMA}.{d.name} AS"
                        f" SELECT {d.payload()} FROM {d.source(version)} WHERE {where}")

    def rules(self, rules):
        model = model_of(self._dataset, "of the benchmark")
        datasets = model["stores"][0]["datasets"]
        if self._twin:
            datasets.insert(0, {**datasets[0], **OFF, "name": "twin"})
        datasets[-1].update(rules)
        load(self._admin, model)

    def merge(self, wanted):
        """Number and seconds of a batch that ends in the state."""
        batch = int(self._admin.value(f"SELECT datasurface.ds_start_batch('{self.name}')"))
        self._admin.run(f"SELECT datasurface.ds_ingest('{self.name}', {batch})")
        make_room_in_wal(self._admin)
        seconds = self._admin.timed(f"SELECT datasurface.ds_merge_staging('{self.name}', {batch})")
        state = self._admin.value(f"SELECT state FROM datasurface.batches WHERE stream = '{self.name}' AND batch = {batch}")
        if state != wanted:
            raise BenchError(f"batch {batch} is {state}, not {wanted}")
        return batch, seconds

    def release(self, batch):
        seconds = self._admin.timed(f"SELECT datasurface.ds_release_batch('{self.name}', {batch}, 'measured')")
        self._admin.run(f"SELECT 1 / (datasurface.ds_require('{self.name}') = {batch})::integer")
        return seconds

    def vacuum(self):
        for name in [self._dataset.name] + ["twin"] * self._twin:
            self._admin.run(f"VACUUM {self.name}.{name}")


def both_orders(stream, versions, rules):
    """Medians without the rules and with them; each batch takes the next of the versions."""
    times = {False: [], True: []}
    turn = 0
    for pair in range(PAIRS):
        for ruled in (pair % 2 == 0, pair % 2 == 1):
            turn += 1
            stream.source(versions[turn % len(versions)])
            stream.rules(rules if ruled else OFF)
            times[ruled].append(stream.merge("committed")[1])
        stream.vacuum()
    return statistics.median(times[False]), statistics.median(times[True])


def held(stream):
    """Two rows in five vanish: merged at once, and held and released."""
    times = {"merged": [], "held": [], "released": []}
    for _ in range(PAIRS // 2):
        for rules in (OFF, BRAKES):
            stream.rules(OFF)
            stream.source("0")
            stream.merge("committed")
            stream.vacuum()
            stream.rules(rules)
            stream.source("0", "id % 5 > 1")
            if rules is OFF:
                times["merged"].append(stream.merge("committed")[1])
                continue
            batch, seconds = stream.merge("held")
            times["held"].append(seconds)
            times["released"].append(stream.release(batch))
    return {name: statistics.median(values) for name, values in times.items()}


def record(dataset, title, results):
    """results: seconds by name."""
    found = [{"name": name, "kind": "brakes", "seconds": seconds, "fastest": seconds, "slowest": seconds, "runs": PAIRS,
              "parts": {}} for name, seconds in results.items()]
    return {"workload": "brakes", "title": title, "rows": dataset.rows, "share": None, "first_load": False, "history": 0,
            "results": found}


def brakes(plan, admin):
    rows = plan.rows[-1]
    tell(f"\n== brakes: {rows:,} rows")
    d = data.mixed(rows, "brakes")
    for version in ("0", "0.01"):
        data.make_version(admin, d, version)
    session = admin.here()
    stream = Stream(session, d)
    stream.source("0")
    stream.rules(OFF)
    stream.merge("committed")
    stream.vacuum()
    for title, versions, rules in (("brakes, unchanged", ("0",), BRAKES), ("brakes, 1 % changed", ("0", "0.01"), BRAKES),
                                   ("five checks, 1 % changed", ("0", "0.01"), CHECKS)):
        stream.source(versions[0])
        stream.rules(OFF)
        stream.merge("committed")
        without, ruled = both_orders(stream, versions, rules)
        yield record(d, title, {"without": without, "with": ruled})
    yield record(d, "two rows in five vanish", held(stream))
    stream = Stream(session, d, twin=True)
    yield record(d, "two rows in five vanish from two datasets, the second stops", held(stream))
