"""Tables of what was measured, as lists of cells, and as text for the terminal."""

import profile_backend
from targets import fastest_sql, floor, heading, of_builds, ours, pairs


def short(seconds):
    if seconds < 0.0995:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:,.0f} s"


def ratio(value, of):
    return f"{value / of:.2f}" if of else ""


def line_of(case, result):
    mine, bottom = ours(case)["seconds"] if case_has_ours(case) else None, floor(case)
    rows = f"{case['rows'] / result['seconds'] / 1e6:.2f}"
    notes = [f"{part} {short(value) if value is not None else 'not run: quadratic'}" for part, value in result["parts"].items()]
    if "wal_bytes" in result:
        notes.append(f"WAL {result['wal_bytes'] / 1024:,.0f} kB")
    if result.get("workers"):
        notes.append(f"{result['workers']} worker" + ("s" if result["workers"] > 1 else ""))
    if result.get("reason"):
        notes.append(result["reason"])
    if result.get("spilled_bytes"):
        notes.append(f"temporary files {result['spilled_bytes'] / 2**20:,.0f} MB")
    if result.get("peak_bytes"):
        notes.append(f"private memory {result['peak_bytes'] / 2**20:,.0f} MB")
    return [result["name"], short(result["seconds"]), rows, ratio(result["seconds"], mine), ratio(result["seconds"], bottom),
            str(result["runs"]), "; ".join(notes)]


def case_has_ours(case):
    return any(r["kind"] == "ours" for r in case["results"])


COLUMNS = ["contender", "time", "M rows/s", "× ours", "× floor", "runs", "beside it"]


TEXTS = ("beside it", "build")  # columns that are not figures


def aligned(table):
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    return "\n".join("   " + "  ".join(cell.ljust(width) if n == 0 or table[0][n] in TEXTS else cell.rjust(width)
                                       for n, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in table)


def headline(case):
    best = fastest_sql(case) if case_has_ours(case) else None
    if not best:
        return ""
    return f"   the fastest SQL, {best['name']}, takes {best['seconds'] / ours(case)['seconds']:.2f} times as long as ours"


def table_of(case):
    """None for a case that is told in words."""
    if case["workload"] == "small":
        return small_table(case)
    if case["workload"] == "definitions":
        return definitions_table(case)
    if "results" not in case:
        return None
    return pairs_table(case) if of_builds(case) else [COLUMNS] + [line_of(case, r) for r in case["results"]]


def pairs_table(case):
    """Medians of both builds with their ratios, and the ratio of the fastest runs, which other work on the machine disturbs less."""
    table = [["engine", "before", "now", "ratio", "of the fastest", "ingest before", "ingest now", "ratio", "runs"]]
    for before, now in pairs(case):
        staged = [r["parts"]["ingest"] for r in (before, now)]
        table.append([now["engine"], short(before["seconds"]), short(now["seconds"]), ratio(now["seconds"], before["seconds"]),
                      ratio(now["fastest"], before["fastest"]), short(staged[0]), short(staged[1]), ratio(staged[1], staged[0]), str(now["runs"])])
    return table


def small_table(case):
    table = [["batches", "connections", "build", "processor time, ms", "least to most", "of it backends", "autovacuum",
              "batches per second"]]
    for line in case["lines"]:
        table.append([line["line"], str(line["connections"]), line["build"], f"{1e3 * line['processor']:.3f}",
                      f"{1e3 * line['least']:.3f} to {1e3 * line['most']:.3f}", f"{1e3 * line['by_kind']['backends']:.3f}",
                      f"{1e3 * line['by_kind']['autovacuum workers']:.3f}", f"{line['per_second']:,.0f}"])
    return table


def definitions_table(case):
    table = [["what", "seconds", "processor time, s", "datasets a second", "private memory, MB", "in the first fifth", "in the last"]]
    for line in case["lines"]:
        sizes = [f"{line[name] / 2**20:,.0f}" for name in ("peak_bytes", "first_bytes", "last_bytes")]
        table.append([line["name"], f"{line['seconds']:.2f}", f"{line['processor']:.2f}", f"{line['datasets'] / line['seconds']:,.0f}", *sizes])
    return table


def more_text(more):
    found = {name: f"{1e3 * value:.1f} ms" for name, value in more.items()}
    return (f"One dataset more: loaded in {found['load']}, reconciled in {found['reconcile']}, of which its statements took"
            f" {found['ddl']}; {found['beside']} beside them.")


def load_text(facts):
    sizes = {name: f"{facts[name] / 2**20:,.1f} MB" for name in ("first_half_bytes", "second_half_bytes")}
    table, index = ([f"{facts[name][part] / 2**20:,.1f} MB" for name in ("bytes_in_chunks", "bytes_at_once")] for part in (0, 1))
    return (f"Private memory of the backend: {sizes['first_half_bytes']} in the first five chunks, {sizes['second_half_bytes']} in the others."
            f" The oldest transaction before the closing batch was {short(facts['oldest'])} old; the longest chunk took {short(facts['longest_chunk'])}."
            f" Merge table: {table[0]}, loaded at once {table[1]}; its key {index[0]}, at once {index[1]}.")


def told(case):
    """What stands beside a case's table, or in its place."""
    if case["workload"] == "small":
        return profile_text(case)
    if case["workload"] == "definitions":
        return more_text(case["more"]) if case["more"] else ""
    if case["workload"] == "load":
        return load_text(case["facts"])
    if "results" in case:
        return headline(case)
    return (f"WAL of the changes {case['wal_bytes_changed'] / 1024:,.0f} kB; of the unchanged batches after it, whose reading"
            " prunes, " + ", ".join(f"{w / 1024:,.0f} kB" for w in case["wal_bytes"]) + ".")


def profile_text(case):
    return profile_backend.report(case["profile"]) if case["profile"] else ""


def terminal_table(result):
    texts = []
    for case in result["cases"]:
        table = table_of(case)
        texts.append("\n".join(part for part in (f"== {heading(case)}", table and aligned(table), told(case)) if part))
    return "\n\n".join(texts)


def wanted(t):
    return f"at least {t['at_least']:g}" if t["at_least"] is not None else f"at most {t['at_most']:g}"


def targets_table(found):
    table = [["what", "measured", "wanted", ""]] + [[t["what"], f"{t['value']:.3g}", wanted(t), "" if t["met"] else "MISSED"]
                                                   for t in found]
    return "== what the project holds itself to\n" + aligned(table)
