"""The workloads, each a function that runs its cases and yields their records as they come."""

import data
import debian
from against import run_against
from brakes import brakes
from builds import base
from dbt import Snapshot
from definitions import definitions
from engine import Engine, engines, has_engines, load, merge_table, model_of, staging_table
from floors import Emptying, floors
from load import load as first_loads
from many import many
from measure import Case, run_case, tell
from peers import parallel_peers, peers
from pull import pull
from python_platform import Platform
from sizes import CURVE_SHARES, SHARES
from small import small
from tables import show_source
from window import window

ROW_BY_ROW = 200_000  # up to here the Python platform's own way of staging is waited for


def percent(share):
    return f"{100 * float(share):g} % changed" if float(share) else "unchanged"


def declare(admin, dataset, version):
    """The dataset's tables, made by the extension."""
    show_source(admin, dataset, version)
    load(admin, model_of(dataset, "of the benchmark"))


def forget(admin, dataset, versions):
    """Gives the disk back. The model keeps the dataset, empty."""
    admin.run(f"TRUNCATE {merge_table(dataset)}, {staging_table(dataset)}")
    for version in versions:
        admin.run(f"DROP TABLE IF EXISTS {dataset.source(version)} CASCADE")


def run(case, contenders, admin):
    """With BASE ours only, on both builds."""
    if base():
        return run_against(case, [c for c in contenders if isinstance(c, Engine)], admin)
    return run_case(case, contenders, admin)


def everybody(plan, admin, case, platform=True):
    """Floors, our engines, the peers, and the two shapes of other platforms."""
    found = floors(plan, case) + engines(plan, admin, staged_too=case.before == case.after)
    found += peers(plan, first_load=case.before is None)
    if case.before == case.after:
        found.append(Emptying(plan))
    if platform:
        found.append(Snapshot(plan))
    if platform and case.dataset.rows <= plan.platform_rows:
        found.append(Platform(plan))
        if case.before == case.after:
            found.append(Platform(plan, "64MB"))
    return found


def joins_only(plan, admin, case):
    """For the rows that only place a curve: ours, MERGE, and the joins."""
    return floors(plan, case) + engines(plan, admin) + peers(plan)[:-1]


def mixed(plan, admin):
    """(b) and (c): ten columns, unchanged in several sizes; the largest also changed, shuffled and as a first load."""
    for rows in plan.rows[:-1]:
        d = data.mixed(rows, f"mixed_{rows}")
        truth = data.make_version(admin, d, "0")
        declare(admin, d, "0")
        case = Case("mixed", f"{rows:,} rows, unchanged", d, "0", "0", truth, share=0)
        contenders = joins_only(plan, admin, case)
        if rows <= ROW_BY_ROW:
            contenders += [Platform(plan), Platform(plan, row_by_row=True)]
        yield run(case, contenders, admin)
        forget(admin, d, ["0"])
    d = data.mixed(plan.rows[-1])
    if plan.unchanged_only:
        yield from largest_unchanged(plan, admin, d)
    else:
        yield from largest(plan, admin, d)
    if plan.parallel:
        yield parallel(plan, admin, d)
    if plan.budget and has_engines(admin):
        yield budget(plan, admin, unchanged(d, "budget", f"unchanged, merge_work_mem {plan.budget}"))
    forget(admin, d, ["0", "shuffled"])


def largest_unchanged(plan, admin, d):
    truth = data.make_version(admin, d, "0")
    declare(admin, d, "0")
    case = Case("mixed", f"{d.rows:,} rows, unchanged", d, "0", "0", truth, share=0)
    yield run(case, joins_only(plan, admin, case), admin)
    yield from shuffled(plan, admin, d)


def largest(plan, admin, d):
    """Each share of changes, a first load, and another order."""
    rows = d.rows
    for share in SHARES:
        truth = data.make_version(admin, d, share)
        if share == "0":
            declare(admin, d, share)
        case = Case("mixed", f"{rows:,} rows, {percent(share)}", d, "0", share, truth, share=float(share))
        yield run(case, everybody(plan, admin, case), admin)
        if share == "0.01" and not base():
            yield pruning(plan, admin, d, share, truth)
        if share != "0":
            forget(admin, d, [share])
    truth = dict(inserted=rows, updated=0, deleted=0, unchanged=0)
    case = Case("mixed", f"{rows:,} rows, first load", d, None, "0", truth)
    yield run(case, everybody(plan, admin, case), admin)
    yield from shuffled(plan, admin, d)


def unchanged(d, workload, title, **more):
    truth = dict(inserted=0, updated=0, deleted=0, unchanged=d.rows)
    return Case(workload, f"{d.rows:,} rows, {title}", d, "0", "0", truth, share=0, **more)


def shuffled(plan, admin, d):
    """The staged rows come in an order that has nothing to do with the merge table's."""
    data.make_shuffled(admin, d)
    if not plan.unchanged_only:
        case = unchanged(d, "mixed", "unchanged, staged in random order", staged="shuffled")
        yield run(case, joins_only(plan, admin, case), admin)
    if plan.budget and has_engines(admin):
        title = f"unchanged, merge_work_mem {plan.budget}, staged in random order"
        yield budget(plan, admin, unchanged(d, "budget", title, staged="shuffled"))
    admin.run(f"DROP TABLE {d.source('shuffled')} CASCADE")


def parallel(plan, admin, d):
    """Leader and one worker on both sides."""
    case = unchanged(d, "parallel", "unchanged, one worker")
    one = {"max_parallel_workers_per_gather": "1"}
    ours = [Engine("native, one worker", "native", plan, workers=1), Engine("native, alone", "native", plan)]
    ours = ours if has_engines(admin) else []
    return run(case, floors(plan, case, **one) + ours + parallel_peers(plan), admin)


def budget(plan, admin, case):
    """(h): memory for a part of the rows only. Rows that lie in the same order need little of it, whatever their number."""
    ours = [Engine(f"native, merge_work_mem {memory}", "native", plan, memory=memory) for memory in (plan.budget, plan.memory)]
    return run(case, floors(plan, case) + ours, admin)


def pruning(plan, admin, d, share, truth):
    """WAL of two unchanged batches that follow one with changes, without VACUUM: dead rows are pruned as pages are read."""
    engine = engines(plan, admin)[0]
    changed = Case("pruning", f"{d.rows:,} rows, after {percent(share)}", d, "0", share, truth)
    again = dict(inserted=0, updated=0, deleted=0, unchanged=changed.rows())
    quiet = Case("pruning", changed.title, d, share, share, again)
    tell(f"\n== pruning: {changed.title}")
    engine.prepare(changed)
    engine.restore(changed, admin, True)
    engine.run(changed)
    found = {"workload": "pruning", "title": changed.title, "wal_bytes_changed": engine.notes()["wal_bytes"], "wal_bytes": []}
    for _ in range(2):
        engine.restore(quiet, admin, False)
        engine.run(quiet)
        found["wal_bytes"].append(engine.notes()["wal_bytes"])
    engine.close()
    tell(f"   WAL of the changes {found['wal_bytes_changed']} B, of the unchanged batches after it {found['wal_bytes']} B")
    return found


def shares(plan, admin, workload, d, wanted, contenders):
    for share in wanted:
        truth = data.make_version(admin, d, share)
        if share == wanted[0]:
            declare(admin, d, share)
        case = Case(workload, f"{d.rows:,} rows, {percent(share)}", d, "0", share, truth, share=float(share))
        yield run(case, contenders(plan, admin, case), admin)
        if share != "0":
            forget(admin, d, [share])
    forget(admin, d, ["0"])


def plain(plan, admin, case):
    return everybody(plan, admin, case, platform=False)


def curve(plan, admin):
    """Cost against the share that changed, for the plot."""
    yield from shares(plan, admin, "curve", data.mixed(plan.curve, "curve"), CURVE_SHARES, joins_only)


def wide(plan, admin):
    """(d)"""
    yield from shares(plan, admin, "wide", data.wide(plan.wide), SHARES[:2], plain)


def keys(plan, admin):
    """(e)"""
    yield from shares(plan, admin, "text key", data.text_key(plan.keys), SHARES[:2], plain)
    yield from shares(plan, admin, "composite key", data.composite_key(plan.keys), SHARES[:2], plain)


def history(plan, admin):
    """(g): the same batches without history, and with ten closed versions for each row."""
    for versions in (0, 10):
        d = data.mixed(plan.history, f"history_{versions}", milestoned=True)
        for share in SHARES[:2]:
            truth = data.make_version(admin, d, share)
            if share == "0":
                declare(admin, d, share)
                fill_history(admin, d, versions)
            title = f"{d.rows:,} rows, {versions} closed versions of each, {percent(share)}"
            case = Case("history", title, d, "0", share, truth, history=versions, share=float(share))
            contenders = floors(plan, case) + engines(plan, admin) + [Snapshot(plan), Platform(plan)]
            yield run(case, contenders, admin)
        admin.run(f"TRUNCATE {merge_table(d)}_history")
        forget(admin, d, ["0", SHARES[1]])


def fill_history(admin, d, versions):
    table = merge_table(d) + "_history"
    for version in range(1, versions + 1):
        admin.run(f"INSERT INTO {table} (ds_surf_batch_in, ds_surf_batch_out, {d.payload()})"
                  f" SELECT {-version}, {-version}, {d.payload()} FROM {d.source('0')}")
    admin.run(f"VACUUM ANALYZE {table}")


def debian_releases(plan, admin):
    """(a)"""
    d = debian.dataset()
    debian.load_debian(admin, d)
    declare(admin, d, "1")
    for before, after in debian.TRUTH:
        title = debian.TITLES[after] + (f" after {debian.TITLES[before]}" if before else ", first load")
        if before == after:
            title = f"{debian.TITLES[after]}, unchanged"
        case = Case("debian", title, d, before or None, after, debian.truth(before, after))
        yield run(case, everybody(plan, admin, case), admin)
    forget(admin, d, debian.VERSIONS)


def workloads(plan):
    """Names and functions, in the order in which they run. "small" and "definitions" run alone: their servers have other
    settings."""
    wanted = [("debian", debian_releases, plan.debian), ("mixed", mixed, plan.rows), ("curve", curve, plan.curve),
              ("wide", wide, plan.wide), ("keys", keys, plan.keys), ("many", many, plan.many),
              ("history", history, plan.history), ("brakes", brakes, plan.brakes), ("small", small, plan.streams),
              ("pull", pull, plan.pulls), ("window", window, plan.windows), ("load", first_loads, plan.loads),
              ("definitions", definitions, plan.datasets)]
    return {name: function for name, function, there in wanted if there}
