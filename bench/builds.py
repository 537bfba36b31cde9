"""The builds of the extension that a run compares: this one, and with BASE another. Each has a server of its own."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Build:
    name: str
    sockets: str
    data: str    # the server's data folder
    commit: str
    port: str = "5432"


def source():
    """The server that rows are pulled from. It has no extension."""
    return Build("source", os.environ["BENCH_SOURCE_SOCKETS"], os.environ["BENCH_SOURCE_DATA"], "", os.environ["BENCH_SOURCE_PORT"])


def this():
    return Build("this build", os.environ["BENCH_SOCKETS"], os.environ["BENCH_DATA"], os.environ.get("BENCH_COMMIT", ""))


def base():
    """None without BASE."""
    commit = os.environ.get("BENCH_BASE_COMMIT")
    if not commit:
        return None
    return Build(f"build of {commit}", os.environ["BENCH_BASE_SOCKETS"], os.environ["BENCH_BASE_DATA"], commit)


def builds():
    """The one of before comes first, and so it does in each pair of runs."""
    return [build for build in (base(), this()) if build]
