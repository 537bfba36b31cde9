"""Tables of what was measured, for the terminal and for docs/benchmark.md."""

import json
import os
import re

from plots import draw
from targets import fastest_sql, floor, ours

BEGIN, END = "<!-- made by make bench SAVE=1: begin -->", "<!-- made by make bench SAVE=1: end -->"


def short(seconds):
    if seconds < 0.0995:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:,.0f} s"


def ratio(value, of):
    return f"{value / of:.2f}" if of else ""


def heading(case):
    return f"{case['workload']}: {case['title']}"


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


def aligned(table):
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    return "\n".join("   " + "  ".join(cell.ljust(width) if n in (0, 6) else cell.rjust(width)
                                       for n, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in table)


def headline(case):
    best = fastest_sql(case) if case_has_ours(case) else None
    return f"the fastest SQL, {best['name']}, takes {best['seconds'] / ours(case)['seconds']:.2f} times as long as ours" if best else ""


def terminal_table(result):
    texts = []
    for case in result["cases"]:
        if "results" in case:
            table = [COLUMNS] + [line_of(case, r) for r in case["results"]]
            texts.append(f"== {heading(case)}\n{aligned(table)}\n   {headline(case)}")
        else:
            texts.append(f"== {heading(case)}\n   WAL of the changes {case['wal_bytes_changed'] / 1024:,.0f} kB, of unchanged"
                         f" batches after it " + ", ".join(f"{w / 1024:,.0f} kB" for w in case["wal_bytes"]))
    return "\n\n".join(texts)


def wanted(t):
    return f"at least {t['at_least']:g}" if t["at_least"] is not None else f"at most {t['at_most']:g}"


def targets_table(found):
    table = [["what", "measured", "wanted", ""]] + [[t["what"], f"{t['value']:.3g}", wanted(t), "" if t["met"] else "MISSED"]
                                                   for t in found]
    return "== what the project holds itself to\n" + aligned(table)


def markdown(table):
    rows = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([rows[0], "|" + "---|" * len(table[0]), *rows[1:]])


def machine_text(m):
    server = ", ".join(f"`{name}` {value}" for name, value in m["server"].items() if name != "server_version")
    return (f"{m['processor']}, {m['cores']} cores, {m['memory_gb']} GB; PostgreSQL {m['server']['server_version']};"
            f" datasurface at {m['commit']}. Server: {server}. Sessions: "
            + ", ".join(f"`{name}` {value}" for name, value in m["session"].items()) + f"; `merge_work_mem` {m['merge_work_mem']}.")


def size_text(result):
    parts = [f"### SIZE={result['size']}", machine_text(result["machine"])]
    targets = [["what", "measured", "wanted", "met"]]
    targets += [[t["what"], f"{t['value']:.3g}", wanted(t), "yes" if t["met"] else "**no**"] for t in result["targets"]]
    parts.append(markdown(targets))
    for case in result["cases"]:
        parts.append(f"**{heading(case)}**")
        if "results" in case:
            parts.append(markdown([COLUMNS] + [line_of(case, r) for r in case["results"]]))
        else:
            parts.append(f"WAL of the changes {case['wal_bytes_changed'] / 1024:,.0f} kB; of the unchanged batches after it, whose"
                         " reading prunes, " + ", ".join(f"{w / 1024:,.0f} kB" for w in case["wal_bytes"]) + ".")
    return "\n\n".join(parts)


def save_page(result, docs):
    """Keeps this size's run beside those of other sizes, and makes tables and plots of all of them."""
    path, page = f"{docs}/bench.json", f"{docs}/benchmark.md"
    kept = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
    kept[result["size"]] = result
    with open(path, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.write("\n")
    plots = draw(kept, docs)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    tables = "\n\n".join(plots + [size_text(kept[size]) for size in ("small", "medium", "unchanged", "large") if size in kept])
    text = re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n\n{tables}\n\n{END}", text, flags=re.S)
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)
