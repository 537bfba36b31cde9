"""What each SIZE runs."""

from dataclasses import dataclass, field


@dataclass
class Plan:
    size: str
    memory: str              # merge_work_mem of the engine, work_mem of the peers
    rows: tuple              # of the mixed dataset; every case for the last, the unchanged one for the others
    curve: int = 0           # rows of the cost against the share that changed
    wide: int = 0
    keys: int = 0
    history: int = 0         # current rows; the history has ten times as many
    many: int = 0            # datasets of 100 rows
    streams: int = 0         # of 100 rows, for small batches
    datasets: int = 0        # of ten columns, for what their definitions cost
    budget: str = ""         # a merge_work_mem that is too small for the last of rows
    parallel: bool = False
    debian: bool = False
    brakes: bool = False     # and checks, with the last of rows
    pulls: bool = False      # with the last of rows
    windows: bool = False    # of changed rows, into the last of rows
    loads: bool = False      # in chunks, of the last of rows
    unchanged_only: bool = False  # of the mixed dataset: no changes, no first load, and another order for ours alone
    platform_rows: int = 0   # the Python platform's shape runs up to this size
    peer_settings: dict = field(default_factory=dict)
    version: int = 0

    def __post_init__(self):
        self.peer_settings = {
            "work_mem": self.memory, "maintenance_work_mem": self.memory, "hash_mem_multiplier": "1", "jit": "off",
            "max_parallel_workers_per_gather": "0", "max_parallel_maintenance_workers": "0",
            "parallel_leader_participation": "on"}


SHARES = ("0", "0.01", "0.1")
CURVE_SHARES = ("0", "0.003", "0.01", "0.03", "0.1", "0.3", "1")

SIZES = {
    "small": Plan("small", "256MB", (20_000, 200_000), curve=50_000, wide=5_000, keys=50_000, history=50_000, many=100,
                  streams=500, datasets=2_000, parallel=True, debian=True, brakes=True, pulls=True, windows=True, loads=True, platform_rows=200_000),
    "medium": Plan("medium", "1GB", (20_000, 200_000, 2_000_000), curve=100_000, wide=20_000, keys=200_000,
                   history=100_000, many=1000, streams=5000, datasets=10_000, parallel=True, debian=True, brakes=True, pulls=True, windows=True, loads=True, platform_rows=2_000_000),
    "unchanged": Plan("unchanged", "2GB", (2_000_000, 20_000_000), budget="64MB", parallel=True, unchanged_only=True),
    "large": Plan("large", "4GB", (2_000_000, 20_000_000), datasets=50_000, budget="64MB", parallel=True, windows=True, loads=True,
                  platform_rows=20_000_000),
}
