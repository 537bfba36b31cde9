"""make bench: runs the workloads of one SIZE, prints what they took, and keeps it in build/bench/result.json.

With SAVE=1 it also goes to docs/bench.json, and the plots and tables there are made from that.
"""

import json
import os
import platform
import sys
import time

from builds import base
from measure import tell
from page import save_page
from report import targets_table, terminal_table
from session import BenchError, Everywhere
from sizes import SIZES
from targets import targets
from workloads import workloads

SETTINGS = ("server_version", "shared_buffers", "max_locks_per_transaction", "max_connections", "max_wal_size", "checkpoint_timeout", "wal_level", "fsync",
            "synchronous_commit", "full_page_writes", "autovacuum", "random_page_cost", "effective_cache_size")
BY_ITSELF = ("small", "definitions")
WITHOUT_BASE = ("many", "brakes", "pull", "window", "load", "definitions")


def machine(admin, plan):
    """What the figures hang on, for the record."""
    model = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "")
    settings = {name: admin.value(f"SELECT current_setting('{name}')") for name in SETTINGS}
    # not a setting any more since 16
    settings["lc_collate"] = admin.value("SELECT datcollate FROM pg_database WHERE datname = current_database()")
    return {"processor": model or platform.machine(), "cores": os.cpu_count(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "server": settings, "session": plan.peer_settings, "merge_work_mem": plan.memory,
            "commit": os.environ.get("BENCH_COMMIT", ""), "base": base().commit if base() else ""}


def chosen():
    plan = SIZES.get(os.environ.get("SIZE") or "medium")
    if not plan:
        raise BenchError(f"SIZE is one of {', '.join(SIZES)}")
    found = workloads(plan)
    left_out = BY_ITSELF + (WITHOUT_BASE if base() else ())
    wanted = os.environ.get("ONLY", "").split() or [name for name in found if name not in left_out]
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise BenchError(f"ONLY has {' '.join(unknown)}; SIZE={plan.size} has {' '.join(found)}")
    for name in BY_ITSELF:
        if len(wanted) > 1 and name in wanted:
            raise BenchError(f"ONLY={name} goes by itself: its server has other settings")
    if base() and set(wanted) & set(WITHOUT_BASE):
        raise BenchError(f"of {', '.join(WITHOUT_BASE)} there is no comparison with BASE")
    return plan, {name: found[name] for name in wanted}


def write(result):
    with open(os.environ["BENCH_OUTPUT"] + "/result.json", "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)


def main():
    began = time.monotonic()
    plan, wanted = chosen()
    with Everywhere(plan.peer_settings) as admin:
        plan.version = int(admin.value("SELECT current_setting('server_version_num')::int / 10000"))
        admin.run("CREATE EXTENSION datasurface; CREATE SCHEMA source")
        result = {"size": plan.size, "only": os.environ.get("ONLY", "").split(), "machine": machine(admin, plan), "cases": []}
        tell(f"   {result['machine']}")
        for part, function in wanted.items():
            for record in function(plan, admin):
                result["cases"].append({"part": part, **record})
                write(result)
    result["targets"] = targets(result["cases"])
    result["seconds"] = round(time.monotonic() - began)
    write(result)
    tell("\n" + terminal_table(result) + "\n\n" + targets_table(result["targets"]))
    if os.environ.get("SAVE") == "1":
        save_page(result, os.environ["BENCH_ROOT"] + "/docs")
    tell(f"\n   {result['seconds']} s in all; every figure is in {os.environ['BENCH_OUTPUT']}/result.json")


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(f"error: {error}")
