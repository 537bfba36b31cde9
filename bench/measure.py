"""One case: every contender in turn on the same rows, each several times, each judged, the median kept."""

import statistics
import sys
from dataclasses import dataclass, field

from engine import merge_table, staging_table
from tables import Judge, fill_peer_staging, make_peer_tables, restore_current


@dataclass
class Case:
    workload: str
    title: str
    dataset: object
    before: str          # version in the merge table; None when it is empty
    after: str           # version that the batch brings
    truth: dict
    staged: str = ""     # version that is staged: the same rows, perhaps in another order
    history: int = 0     # closed versions per current row
    share: float = None  # of changed rows, for the plot
    results: list = field(default_factory=list)

    def __post_init__(self):
        self.staged = self.staged or self.after

    def rows(self):
        return sum(self.truth[name] for name in ("inserted", "updated", "unchanged"))


def runs_after(seconds, kind, restored):
    """How often a contender runs after its first run, and whether that one only warmed up. A table that was restored is warm."""
    if kind == "platform" or seconds > 30:
        return 0, False
    if seconds > 8:
        return 1, not restored
    if seconds > 1:
        return (2, False) if restored else (3, True)
    return (3 if kind == "peer" else 5), True


def tell(text):
    print(text, flush=True)


def measure(contender, case, judge, admin):
    """All runs of one contender; its result as it stands in the JSON."""
    contender.prepare(case)
    try:
        times = []
        wanted = 1
        warm = False
        while len(times) < wanted:
            contender.restore(case, admin, first=not times)
            times.append(contender.run(case))
            if len(times) == 1:
                more, warm = runs_after(times[0]["merge"], contender.kind, case.before != case.after)
                wanted += more
        contender.check(case, judge)
    finally:
        contender.close()
    kept = times[1:] if warm else times
    parts = {part: middle([run[part] for run in kept]) for part in kept[0]}
    totals = [run["merge"] for run in kept]
    return {"name": contender.name, "kind": contender.kind, "seconds": parts["merge"], "fastest": min(totals),
            "slowest": max(totals), "runs": len(kept), "warmed_up": warm,
            "parts": {part: value for part, value in parts.items() if part != "merge"}, **contender.notes()}


def middle(values):
    return None if None in values else statistics.median(values)


def run_case(case, contenders, admin):
    """Runs the contenders in their order; the floors come first, on tables that are filled alike."""
    tell(f"\n== {case.workload}: {case.title}")
    judge = Judge(admin, case.dataset, case.after)
    make_peer_tables(admin, case.dataset, staging_table(case.dataset), merge_table(case.dataset))
    fill_peer_staging(admin, case.dataset, case.staged)
    restore_current(admin, case, "peer.merge")
    for contender in contenders:
        result = measure(contender, case, judge, admin)
        case.results.append(result)
        tell(f"   {result['name']:44} {result['seconds']:9.4f} s   {result['runs']} of them"
             + "".join(f", {part} {'-' if value is None else format(value, '.3f')}" for part, value in result["parts"].items())
             + (f", WAL {result['wal_bytes']} B" if "wal_bytes" in result else ""))
        sys.stdout.flush()
    admin.run("DROP SCHEMA peer CASCADE")
    return record(case, judge.how)


def record(case, verified):
    size = {"rows": case.rows(), "columns": len(case.dataset.columns), "key": list(case.dataset.key)}
    return {"workload": case.workload, "title": case.title, **size, "share": case.share, "first_load": case.before is None,
            "history": case.history, "truth": case.truth, "verified_by": verified, "results": case.results}
