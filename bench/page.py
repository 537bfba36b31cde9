"""docs/benchmark.md and docs/bench.json: what SAVE=1 keeps of a run, beside those of other sizes and parts."""

import json
import os
import re

from plots import draw
from report import table_of, told, wanted
from sizes import SIZES
from targets import heading, targets

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


def earlier_text(before, machine):
    """Of a case of an earlier run: its build, and what else was different."""
    def facts(m):
        return {**{name: m[name] for name in ("processor", "cores", "memory_gb", "merge_work_mem")}, **m["server"], **m["session"]}
    now = facts(machine)
    others = [f"`{name}` {value}" for name, value in facts(before).items() if now.get(name, value) != value]
    return f"Of an earlier run: {', '.join(['datasurface at ' + before['commit'], *others])}."


def case_text(case, machine):
    """The table of a case, or what is told in its place; a profile stands as it is on the terminal."""
    table = table_of(case)
    parts = [f"**{heading(case)}**", markdown(table) if table else told(case)]
    if "machine" in case:
        parts.insert(1, earlier_text(case["machine"], machine))
    if case["workload"] == "small" and case["profile"]:
        parts.append(f"```text\n{told(case)}\n```")
    if case["workload"] == "definitions" and told(case):
        parts.append(told(case))
    return "\n\n".join(parts)


def run_text(title, result):
    machine = result["machine"]
    return "\n\n".join([f"### {title}", machine_text(machine), *targets_of(result), *(case_text(case, machine) for case in result["cases"])])


def kept_as(result):
    """A run of small batches, of definitions or against another build stands beside the figures of its size."""
    if result["cases"][0]["workload"] == "small":
        return SMALL
    if result["cases"][0]["workload"] == "definitions":
        return DEFINITIONS
    return f"{result['size']} {AGAINST}" if result["machine"]["base"] else result["size"]


def beside(kept, result):
    """A run of some parts takes the place of these. Cases of other parts stay, each with the machine and build that it was measured with."""
    if not kept or not result["only"]:
        return result
    made = {case["part"] for case in result["cases"]}
    first = next((n for n, case in enumerate(kept["cases"]) if case["part"] in made), len(kept["cases"]))
    others = [[{"machine": kept["machine"], **case} for case in cases if case["part"] not in made]
              for cases in (kept["cases"][:first], kept["cases"][first:])]
    cases = others[0] + result["cases"] + others[1]
    return {**result, "cases": cases, "targets": targets(cases)}


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
    name = kept_as(result)
    kept[name] = beside(kept.get(name), result)
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
