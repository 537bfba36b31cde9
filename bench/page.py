"""docs/benchmark.md and docs/bench.json: what SAVE=1 keeps of a run, beside those of other sizes."""

import json
import os
import re

from plots import draw
from report import table_of, told, wanted
from sizes import SIZES
from targets import heading

SMALL, DEFINITIONS, AGAINST = "small batches", "definitions", "against another build"
BLOCK = "<!-- {} by make bench SAVE=1: {} -->"


def markdown(table):
    rows = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([rows[0], "|" + "---|" * len(table[0]), *rows[1:]])


def machine_text(m):
    server = ", ".join(f"`{name}` {value}" for name, value in m["server"].items() if name != "server_version")
    before = f", beside the build of {m['base']}" if m.get("base") else ""
    return (f"{m['processor']}, {m['cores']} cores, {m['memory_gb']} GB; PostgreSQL {m['server']['server_version']};"
            f" datasurface at {m['commit']}{before}. Server: {server}. Sessions: "
            + ", ".join(f"`{name}` {value}" for name, value in m["session"].items()) + f"; `merge_work_mem` {m['merge_work_mem']}.")


def targets_of(result):
    rows = [[t["what"], f"{t['value']:.3g}", wanted(t), "yes" if t["met"] else "**no**"] for t in result["targets"]]
    return [markdown([["what", "measured", "wanted", "met"], *rows])] if rows else []


def case_text(case):
    """The table of a case, or what is told in its place; a profile stands as it is on the terminal."""
    table = table_of(case)
    parts = [f"**{heading(case)}**", markdown(table) if table else told(case)]
    if case["workload"] == "small" and case["profile"]:
        parts.append(f"```text\n{told(case)}\n```")
    if case["workload"] == "definitions" and told(case):
        parts.append(told(case))
    return "\n\n".join(parts)


def run_text(title, result):
    return "\n\n".join([f"### {title}", machine_text(result["machine"]), *targets_of(result), *map(case_text, result["cases"])])


def kept_as(result):
    """A run of small batches, of definitions or against another build stands beside the figures of its size."""
    if result["cases"][0]["workload"] == "small":
        return SMALL
    if result["cases"][0]["workload"] == "definitions":
        return DEFINITIONS
    return f"{result['size']} {AGAINST}" if result["machine"]["base"] else result["size"]


def with_block(text, name, content):
    """The page with the text between two marks replaced."""
    begin, end = BLOCK.format(name, "begin"), BLOCK.format(name, "end")
    return re.sub(f"{begin}.*{end}", lambda _: "\n\n".join([begin, *content, end]), text, flags=re.S)


def save_page(result, docs):
    """Makes tables and plots anew of all that is kept."""
    path, page = f"{docs}/bench.json", f"{docs}/benchmark.md"
    kept = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
    kept[kept_as(result)] = result
    with open(path, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.write("\n")
    sizes = {size: kept[size] for size in SIZES if size in kept}
    compared = {size: kept[f"{size} {AGAINST}"] for size in SIZES if f"{size} {AGAINST}" in kept}
    with open(page, encoding="utf-8") as file:
        text = file.read()
    text = with_block(text, "made", draw(sizes, docs) + [run_text(f"SIZE={size}", run) for size, run in sizes.items()])
    text = with_block(text, "compared", [run_text(f"SIZE={size}", run) for size, run in compared.items()])
    text = with_block(text, "small batches", [run_text("Small batches", kept[SMALL])] if SMALL in kept else [])
    text = with_block(text, DEFINITIONS, [run_text("Definitions", kept[DEFINITIONS])] if DEFINITIONS in kept else [])
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)
