"""Processor time of a whole server: of all its processes, of those that have ended too."""

import os

TICKS = os.sysconf("SC_CLK_TCK")
# Workers of autovacuum end while we measure, and their time is then the postmaster's sum of its children. No session ends then.
COMES_AND_GOES = "autovacuum workers"


def stat(process):
    """Fields of /proc/PID/stat behind the name, which may have blanks and brackets in it."""
    with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rsplit(")", 1)[1].split()


def seconds(fields, first):
    """User and system time."""
    return (int(fields[first]) + int(fields[first + 1])) / TICKS


def kind(process):
    """What PostgreSQL calls the process in its title: "postgres: walwriter "; a session is a backend."""
    with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as file:
        title = file.read().split("\0")[0].strip()
    name = title.removeprefix("postgres: ").strip()
    if name.startswith("autovacuum worker"):
        return COMES_AND_GOES
    known = ("autovacuum launcher", "checkpointer", "background writer", "walwriter", "logical replication launcher")
    return name if name in known else "backends"


def spent(postmaster):
    """Seconds by kind of process. The time of those that have ended is in the postmaster's sum of its children."""
    own = stat(postmaster)
    found = {"postmaster": seconds(own, 11), COMES_AND_GOES: seconds(own, 13)}
    with open(f"/proc/{postmaster}/task/{postmaster}/children", encoding="ascii") as file:
        children = file.read().split()
    for child in children:
        try:
            fields, name = stat(child), kind(child)
        except OSError:
            continue  # it ended just now
        found[name] = found.get(name, 0) + seconds(fields, 11) + seconds(fields, 13)
    return found


def postmaster_of(data):
    with open(f"{data}/postmaster.pid", encoding="ascii") as file:
        return int(file.readline())


class Spent:
    """What a server's processes spent between start and stop, by kind."""

    def __init__(self, build):
        self._postmaster = postmaster_of(build.data)

    def start(self):
        self._before = spent(self._postmaster)
        return self

    def stop(self):
        after = spent(self._postmaster)
        return {name: after.get(name, 0) - self._before.get(name, 0) for name in {**after, **self._before}}
