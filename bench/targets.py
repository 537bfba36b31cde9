"""The ratios that the project holds itself to, taken from the cases of one run."""


def heading(case):
    return f"{case['workload']}: {case['title']}"


def ours(case):
    """The engine that auto chooses: native, or what there was before it."""
    return next(r for r in case["results"] if r["kind"] == "ours")


def by_name(case, name):
    return next((r for r in case["results"] if r["name"] == name), None)


def floor(case):
    """Seconds of what nothing can avoid in this case; for a first load, the reading."""
    return sum(r["seconds"] for r in case["results"] if r["kind"] == "floor") or None


def fastest_sql(case):
    """Our own sql engine counts among them, should it ever be the fastest."""
    return min((r for r in case["results"] if r["kind"] == "peer" or r["name"] == "our sql engine"),
               key=lambda r: r["seconds"], default=None)


def whole(result):
    """From source rows to the commit, without the queries for metrics."""
    return result["seconds"] + result["parts"]["ingest"]


def target(what, value, at_least=None, at_most=None):
    met = value >= at_least if at_least is not None else value <= at_most
    return {"what": what, "value": value, "at_least": at_least, "at_most": at_most, "met": bool(met)}


def of_case(case):
    """Against the peers and the floor of one case of the mixed dataset."""
    mine, name = ours(case), f"mixed, {case['title']}"
    best = fastest_sql(case)
    found = []
    if case["first_load"]:
        plain = by_name(case, "INSERT, then the index")
        found.append(target(f"{name}: of the time of INSERT, then the index", mine["seconds"] / plain["seconds"], at_most=1.0))
    elif case["share"] == 0:
        found += [target(f"{name}: faster than MERGE + DELETE", by_name(case, "MERGE + DELETE")["seconds"] / mine["seconds"], 8),
                  target(f"{name}: faster than {best['name']}, the fastest SQL", best["seconds"] / mine["seconds"], 4),
                  target(f"{name}: of the time of two scans", mine["seconds"] / floor(case),
                         at_most=1.8 if case["rows"] > 2_500_000 else 1.4),
                  target(f"{name}: WAL, kB", mine["wal_bytes"] / 1024, at_most=64)]
    else:
        least = {0.01: 4, 0.1: 2}[case["share"]]
        found.append(target(f"{name}: faster than {best['name']}, the fastest SQL", best["seconds"] / mine["seconds"], least))
    least = 20 if case["share"] in (0, 0.01) else 10
    for other in case["results"]:
        if other["kind"] == "platform":
            found.append(target(f"{name}: source to commit, faster than the {other['name']}", whole(other) / whole(mine), least))
    return found


def mixed_cases(cases):
    """Those that all contenders ran, in order; with their sizes."""
    plain = [c for c in cases if c["workload"] == "mixed" and "random order" not in c["title"]]
    largest = max((c["rows"] for c in plain if c["share"] == 0), default=0)
    return [c for c in plain if c["share"] or c["first_load"] or c["rows"] == largest], \
        {c["rows"]: c for c in plain if c["share"] == 0}


def per_row(sizes):
    if 2_000_000 not in sizes or 20_000_000 not in sizes:
        return []
    small, large = (ours(sizes[rows])["seconds"] / rows for rows in (2_000_000, 20_000_000))
    return [target("mixed: cost of a row at 20,000,000 of that at 2,000,000", large / small, at_most=1.5)]


def others(cases):
    found = []
    for case in cases:
        if case["workload"] == "parallel" and ours_there(case):
            alone, best = by_name(case, "native, alone")["seconds"], fastest_sql(case)
            found += [target(f"{case['title']}: faster than the leader alone", alone / ours(case)["seconds"], 1.5),
                      target(f"{case['title']}: faster than {best['name']}, the fastest SQL", best["seconds"] / ours(case)["seconds"], 4)]
        if case["workload"] == "budget":
            tight, free = [r for r in case["results"] if r["kind"] == "ours"]
            limit = int(tight["name"].split()[-1].removesuffix("MB")) + 64
            found += [target(f"{case['title']}: of the time with {free['name'].split()[-1]}", tight["seconds"] / free["seconds"], at_most=2),
                      target(f"{case['title']}: peak of private memory, MB", tight["peak_bytes"] / 2**20, at_most=limit)]
        if case["workload"] == "many":
            found.append(target("diff and clean-up of an unchanged dataset of 100 rows, microseconds",
                                1e6 * ours(case)["seconds_of_a_dataset"], at_most=150))
    for case in cases:
        if case["workload"] == "pull":
            found += of_pull(case)
        if case["workload"] == "window":
            found += of_window(case)
        if case["workload"] == "load":
            found += of_load(case)
    found += [of_brakes(case) for case in cases if case["workload"] == "brakes"]
    return found + with_history([c for c in cases if c["workload"] == "history"])


def of_pull(case):
    """From the call to the commit."""
    seconds = {r["name"]: r["seconds"] for r in case["results"]}
    title = case["title"]
    if "COPY thrown away" in seconds:
        best = seconds["COPY piped into COPY, and FULL JOIN"]
        return [target(f"{title}: of the time of COPY thrown away", seconds["straight"] / seconds["COPY thrown away"], at_most=1.25),
                target(f"{title}: faster than COPY piped into COPY, and FULL JOIN", best / seconds["straight"], 2)]
    if "COPY piped into a table with the key" in seconds:
        return [target(f"{title}: of the time of COPY piped into a table with the key",
                       seconds["straight"] / seconds["COPY piped into a table with the key"], at_most=1)]
    if "tables of 100 rows" in title:
        return [target(f"{title}, seconds", seconds["straight"], at_most=2)]
    if "two scans" in seconds:
        return [target(f"{case['title']}: faster than staged", seconds["staged"] / seconds["straight"], 1.7),
                target(f"{case['title']}: of the time of two scans", seconds["straight"] / seconds["two scans"], at_most=2)]
    return []


LARGE = 2_000_000  # rows: MERGE is measured against what is read, not against what each statement costs


def of_window(case):
    """Of few rows the time and WAL of their merge; of many the time of the same rows by SQL."""
    by_name = {r["name"]: r for r in case["results"]}
    mine, title = by_name["datasurface"], case["title"]
    if "looked up" in title:
        return [target(f"{title}, milliseconds", 1000 * mine["seconds"], at_most=50),
                target(f"{title}, kB of WAL", mine["wal_bytes"] / 1024, at_most=300)]
    found = [target(f"{title}: of the time of INSERT ... ON CONFLICT", mine["seconds"] / by_name["INSERT ... ON CONFLICT DO UPDATE"]["seconds"], at_most=1)]
    if "MERGE" in by_name and case["rows"] >= LARGE:
        found.append(target(f"{title}: faster than MERGE", by_name["MERGE"]["seconds"] / mine["seconds"], 1.5))
    return found


CHUNKS_OF_TIME = 100_000  # rows of a chunk that takes longer than what is around it


def of_load(case):
    """A load in ten chunks against COPY, and what stays small meanwhile."""
    seconds = {r["name"]: r["seconds"] for r in case["results"]}
    facts, title = case["facts"], case["title"]
    found = [target(f"{title}, in chunks, killed twice: of the time of COPY piped into a table with the key",
                    seconds["in chunks, killed here and at the source"] / seconds["COPY piped into a table with the key"], at_most=1.3),
             target(f"{title}, in chunks: merge table and key, of the size when loaded at once",
                    sum(facts["bytes_in_chunks"]) / sum(facts["bytes_at_once"]), at_most=1.01),
             target(f"{title}, in chunks: private memory of the last five chunks, of that of the first",
                    facts["second_half_bytes"] / facts["first_half_bytes"], at_most=1.1)]
    if case["rows"] // 10 >= CHUNKS_OF_TIME:
        found.append(target(f"{title}, in chunks: age of the oldest transaction, of the time of the longest chunk",
                            facts["oldest"] / facts["longest_chunk"], at_most=1.1))
    return found


def of_brakes(case):
    seconds = {r["name"]: r["seconds"] for r in case["results"]}
    if "held" in seconds:
        return target(f"{case['title']}: held and released, of the time of the merge",
                      (seconds["held"] + seconds["released"]) / seconds["merged"], at_most=2)
    return target(f"{case['title']}: of the time without", seconds["with"] / seconds["without"],
                  at_most=1.05 if "checks" in case["title"] else 1.02)


def ours_there(case):
    return any(r["kind"] == "ours" for r in case["results"])


def with_history(cases):
    found = []
    for case in cases:
        bare = next((c for c in cases if not c["history"] and c["share"] == case["share"]), None)
        if case["history"] and bare:
            found.append(target(f"history, {case['title']}: of the time without history",
                                ours(case)["seconds"] / ours(bare)["seconds"], at_most=1.05))
    return found


def of_builds(case):
    """Whether both builds ran it, and nobody else."""
    return any(r["kind"] == "build" for r in case.get("results", ()))


def pairs(case):
    """Results of the build of before and of this one."""
    return list(zip(case["results"][::2], case["results"][1::2]))


def against(case):
    """Our own engine's merge and its ingest; the sql engine is there to be seen."""
    before, now = pairs(case)[0]
    name = f"{heading(case)}: of the time of the build of before"
    return [target(name, now["seconds"] / before["seconds"], at_most=1.05),
            target(f"{name}, ingest", now["parts"]["ingest"] / before["parts"]["ingest"], at_most=1.05)]


def of_small(case):
    """Of this build, which ran last."""
    this = case["lines"][-1]["build"]
    return [target(f"small batches, {line['connections']} connections, {line['line']}: processor time of a batch, ms",
                   1e3 * line["processor"], at_most=0.9)
            for line in case["lines"] if line["build"] == this and line["line"] == "without a run_id"]


def of_definitions(cases):
    """Seconds and bytes are wanted of 50,000 datasets; fewer must be as fast for each."""
    found = {line["name"]: line for case in cases for line in case["lines"]}
    datasets, more = cases[0]["datasets"], cases[0]["more"]
    part = datasets / 50_000

    def in_time(name, limit):
        return target(f"{name}, seconds", found[name]["seconds"], at_most=limit * part)

    def of_the_rate(sessions):
        mine, script = found[f"created, {sessions}"], found[f"created by a script, {sessions}"]
        return target(f"created, {sessions}: of the rate of a script of the same statements", script["seconds"] / mine["seconds"], 0.7)
    created = found["created, 1 session"]
    more_of_a_thousand = (created["last_bytes"] - created["first_bytes"]) / (0.8 * datasets / 1000)
    return [in_time("validated", 10), target("validated: private memory, MB", found["validated"]["peak_bytes"] / 2**20, at_most=1024),
            in_time("loaded", 20), in_time("planned, nothing to do", 20), of_the_rate("1 session"), of_the_rate("2 sessions"),
            target("created, 1 session: private memory that 1,000 datasets more add, MB", more_of_a_thousand / 2**20, at_most=2),
            target("one dataset more, beside its DDL, ms", 1e3 * more["beside"], at_most=100)]


def targets(cases):
    if cases[0]["workload"] == "small":
        return of_small(cases[0])
    if cases[0]["workload"] == "definitions":
        return of_definitions(cases)
    if any(of_builds(case) for case in cases):
        return [t for case in cases for t in against(case)]
    chosen, sizes = mixed_cases(cases)
    return [t for case in chosen for t in of_case(case)] + per_row(sizes) + others(cases)
