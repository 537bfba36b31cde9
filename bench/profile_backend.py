"""Where a backend's time goes while small batches run, by perf: its kinds of work, our functions as a tree, the top symbols."""

import os
import re
import subprocess
from collections import Counter

from measure import tell

FREQUENCY = 499
STACK_BYTES = 16384  # of each sample; frames are found by the libraries' unwind tables, so the builds need no other flags
LIBRARY = re.compile(r"/datasurface[^/]*\.so$")
# What only leads from one function of ours to the next.
PLUMBING = re.compile(r"std::|datasurface::pg::(call|savepoint|with_|query|execute|as_|\(anonymous namespace\)|entry|run)|_start|_main|lambda")

# The first that is among a sample's functions. What follows ds_run is looked for below it only.
OUTSIDE = (("fsync of the WAL", ("issue_xlog_fsync", "fdatasync", "do_fsync")),
           ("commit, without fsync", ("CommitTransactionCommand",)),
           ("the caller's statement: parse, analyse, plan, start, end", ("PostgresMain",)))
INSIDE = (("fsync below ds_run", ("do_fsync",)),
          ("planning of statements", ("standard_planner", "pg_plan_query")),
          ("parsing and analysing of statements", ("raw_parser", "pg_analyze_and_rewrite_fixedparams", "parse_analyze_fixedparams",
                                                   "pg_analyze_and_rewrite_varparams", "pg_analyze_and_rewrite_params")),
          ("executor: start", ("standard_ExecutorStart",)), ("executor: end", ("standard_ExecutorEnd",)),
          ("executor: run", ("standard_ExecutorRun",)),
          ("plan cache, locks of plans", ("GetCachedPlan", "CompleteCachedPlan", "SPI_prepare_extended")),
          ("rest of SPI", ("SPI_execute_plan_extended", "SPI_execute_extended", "SPI_execute_snapshot", "SPI_execute_plan",
                           "SPI_connect_ext", "SPI_finish", "SPI_prepare_cursor")),
          ("subtransactions", ("BeginInternalSubTransaction", "ReleaseCurrentSubTransaction")),
          ("settings", ("set_config_option_ext", "set_config_option", "AtEOXact_GUC")))


def short(name):
    """Without arguments, templates and the parts of the name that say nothing here."""
    name = re.sub(r"\(anonymous namespace\)::", "", name)
    while (plain := re.sub(r"<[^<>]*>|\([^()]*\)", "", name)) != name:
        name = plain
    return name.replace("datasurface::", "").removesuffix(" const").strip()


def samples(text):
    """Stacks of (function, whether it is ours), outermost first."""
    for block in text.split("\n\n"):
        frames = []
        for line in block.splitlines()[1:]:
            found = re.match(r"\s*[0-9a-f]+ (.*) \(([^()]*)\)$", line)
            if found:
                frames.append((found[1].split("+0x")[0], bool(LIBRARY.search(found[2]))))
        if frames:
            yield frames[::-1]


def kind_of(stack):
    names = [name for name, _ in stack]
    if "ds_run" not in names:
        return next((kind for kind, among in OUTSIDE if any(name in among for name in names)), "other")
    below = stack[names.index("ds_run"):]
    inner = {name for name, _ in below}
    for kind, among in INSIDE:
        if not inner.isdisjoint(among):
            return kind
    return "our own code" if below[-1][1] else "PostgreSQL's functions that our code calls"


def path_of(stack):
    """Our functions, from ds_run down."""
    found = [short(name) for name, ours in stack if ours and not PLUMBING.match(name)]
    return tuple(name for n, name in enumerate(found) if name and (n == 0 or found[n - 1] != name))


def counted(stacks):
    """Samples by kind of work, by branch of the tree, by innermost function, and by our innermost one with the kind."""
    kinds, tree, leaves, places = Counter(), Counter(), Counter(), Counter()
    for stack in stacks:
        kind, path = kind_of(stack), path_of(stack)
        kinds[kind] += 1
        leaves[short(stack[-1][0])] += 1
        tree.update(path[:depth] for depth in range(1, len(path) + 1))
        if path:
            places[f"{path[-1]}: {kind}"] += 1
    return kinds, tree, leaves, places


def ranked(counts, total, least=0.01):
    return [[name, count / total] for name, count in sorted(counts.items(), key=lambda item: -item[1]) if count >= least * total]


def branches(tree, total, least=0.01, above=()):
    """The tree in order, larger branches first, as [depth, function, share]."""
    below = [(path, n) for path, n in tree.items() if path[:-1] == above and n >= least * total]
    found = []
    for path, n in sorted(below, key=lambda item: -item[1]):
        found += [[len(path) - 1, path[-1], n / total], *branches(tree, total, least, path)]
    return found


def summary(text):
    stacks = list(samples(text))
    kinds, tree, leaves, places = counted(stacks)
    total = len(stacks) or 1
    return {"samples": len(stacks), "kinds": ranked(kinds, total, 0), "tree": branches(tree, total),
            "places": ranked(places, total, 0.005), "symbols": ranked(leaves, total)}


def report(found):
    """As text; each share also as processor time of one batch."""
    def line(indent, name, share):
        return f"   {100 * share:5.1f} %  {1e3 * found['seconds'] * share:6.3f} ms  {'  ' * indent}{name}"
    parts = ["by kind of work"] + [line(0, *row) for row in found["kinds"]]
    parts += ["our functions, with all that they call"] + [line(*row) for row in found["tree"]]
    parts += ["our functions, without those that they call, by kind of work"] + [line(0, *row) for row in found["places"]]
    parts += ["top symbols"] + [line(0, *row) for row in found["symbols"][:40]]
    return "\n".join(parts)


class Profile:
    """Of the one session of some connections, while all its streams run once."""

    def __init__(self, connections):
        self._connections = connections
        self._data = os.environ["BENCH_OUTPUT"] + "/perf.data"

    def take(self, seconds):
        """The summary, as it stands in the JSON, with a backend's processor time of one batch; None where perf may not look."""
        backend = self._connections.sessions[0].backend()
        watcher = subprocess.Popen(["perf", "record", "--quiet", "-F", str(FREQUENCY), "--call-graph", f"dwarf,{STACK_BYTES}",
                                    "-e", "cpu-clock", "-p", str(backend), "-o", self._data], stderr=subprocess.PIPE, text=True)
        try:
            self._connections.batches()
        finally:
            watcher.terminate()
            complaint = watcher.communicate()[1]
        script = subprocess.run(["perf", "script", "-i", self._data, "-F", "comm,ip,sym,dso", "--no-inline"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace", check=False)
        found = {"seconds": seconds, **summary(script.stdout)}
        if not found["samples"]:
            tell(f"   no profile: {complaint.strip()}")
            return None
        return found
