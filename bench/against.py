"""With BASE: the same case on both builds, run by run in turn, and the ratio of the medians."""

import copy
import statistics

from measure import record, tell
from tables import Judge


def rounds_after(seconds):
    """How often a pair runs after its first run, which warms up."""
    if seconds > 8:
        return 2
    return 5 if seconds > 1 else 9


def on(engine, build):
    found = copy.copy(engine)
    found.build = build
    return found


def measure_pair(engine, case, admin, judges):
    """Runs of one engine on the server of each build, in turn."""
    contenders = {build: on(engine, build) for build in admin.sessions}
    times = {build: [] for build in contenders}
    for contender in contenders.values():
        contender.prepare(case)
    try:
        wanted = 1
        while len(times[build_of_last(times)]) < wanted:
            for build, contender in contenders.items():
                contender.restore(case, admin.sessions[build], first=not times[build])
                times[build].append(contender.run(case))
            if wanted == 1:
                wanted += rounds_after(times[build_of_last(times)][0]["merge"])
        for build, contender in contenders.items():
            contender.check(case, judges[build])
    finally:
        for contender in contenders.values():
            contender.close()
    return [result_of(engine.name, build, contenders[build], times[build][1:]) for build in contenders]


def build_of_last(times):
    return list(times)[-1]


def result_of(name, build, contender, kept):
    parts = {part: statistics.median(run[part] for run in kept) for part in kept[0]}
    totals = [run["merge"] for run in kept]
    return {"name": f"{name}, {build.name}", "kind": "build", "engine": name, "seconds": parts["merge"], "fastest": min(totals),
            "slowest": max(totals), "runs": len(kept), "warmed_up": True, "parts": {"ingest": parts["ingest"]}, **contender.notes()}


def run_against(case, engines, admin):
    """What stands in for run_case with BASE: no peers and no floors, for they are the same on both."""
    tell(f"\n== {case.workload}: {case.title}, this build and the one of before")
    judges = {build: Judge(session, case.dataset, case.after) for build, session in admin.sessions.items()}
    for engine in engines:
        before, after = measure_pair(engine, case, admin, judges)
        case.results += [before, after]
        for result in (before, after):
            tell(f"   {result['name']:50} {result['seconds']:9.4f} s   {result['runs']} of them,"
                 f" ingest {result['parts']['ingest']:.4f}")
        tell(f"   {'ratio of the medians':50} {after['seconds'] / before['seconds']:9.3f}"
             f"     ingest {after['parts']['ingest'] / before['parts']['ingest']:.3f}")
    return record(case, judges[next(iter(judges))].how)
