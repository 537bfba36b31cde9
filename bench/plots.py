"""The two plots of docs/, drawn as SVG from what docs/bench.json keeps. They follow the reader's light or dark scheme."""

import math
from xml.sax.saxutils import escape

from targets import by_name, fastest_sql, floor, ours

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 190, 58, 62  # room for labels; the names of the lines stand at their right ends
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 } .small { font-size: 12px; fill: #57606a }
  .page { fill: #ffffff } .grid { stroke: #d8dee4 } .axis { stroke: #57606a }
  .line { fill: none; stroke-width: 2.2 }
  circle { stroke: none !important }
  .s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #8250df } .s3 { stroke: #6e7781; stroke-dasharray: 5 4 }
  circle.s0 { fill: #0969da } circle.s1 { fill: #bc4c00 } circle.s2 { fill: #8250df } circle.s3 { fill: #6e7781 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .page { fill: #0d1117 } .grid { stroke: #30363d } .axis { stroke: #9198a1 }
    .s0 { stroke: #4493f8 } .s1 { stroke: #f0883e } .s2 { stroke: #ab7df8 } .s3 { stroke: #9198a1 }
    circle.s0 { fill: #4493f8 } circle.s1 { fill: #f0883e } circle.s2 { fill: #ab7df8 } circle.s3 { fill: #9198a1 }
  }"""


class Axis:
    """Places values between two ends of the picture. Ticks are (value, text)."""

    def __init__(self, begin, end, ticks, low, high, logarithmic=False):
        self._scale = math.log10 if logarithmic else float
        self._begin, self._end = begin, end
        self._low, self._high = self._scale(low), self._scale(high)
        self.ticks = ticks

    def __call__(self, value):
        span = self._high - self._low or 1
        return self._begin + (self._scale(value) - self._low) / span * (self._end - self._begin)


def count_text(value):
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


def steps_125(low, high):
    """1, 2, 5, 10, 20 ... around what there is."""
    found, power = [], math.floor(math.log10(low))
    while not found or found[-1] < high:
        for digit in (1, 2, 5):
            value = round(digit * 10.0 ** power, 12)
            if value <= low:
                found = [value]
            elif not found or found[-1] < high:
                found.append(value)
        power += 1
    return found


def logarithmic_axis(begin, end, values):
    ticks = steps_125(min(values), max(values))
    return Axis(begin, end, [(t, count_text(t)) for t in ticks], ticks[0], ticks[-1], True)


def apart(places, least=16):
    """Moves the names of lines that end close together."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    for before, after in zip(order, order[1:]):
        places[after] = max(places[after], places[before] + least)
    return places


def lines_of(series, x, y):
    names = apart([y(points[-1][1]) for _, points in series])
    found = []
    for n, (name, points) in enumerate(series):
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
        found.append(f'<polyline class="line s{n}" points="{path}"/>')
        found += [f'<circle class="s{n}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="3.2"/>' for a, b in points]
        found.append(f'<text x="{x(points[-1][0]) + 10:.1f}" y="{names[n] + 4:.1f}">{escape(name)}</text>')
    return found


def picture(title, beside, x, y, labels, series):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
             f"<style>{STYLE}\n</style>", f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
             f'<text class="title" x="{LEFT}" y="26">{escape(title)}</text>',
             f'<text class="small" x="{LEFT}" y="44">{escape(beside)}</text>']
    for value, text in y.ticks:
        parts += [f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>',
                  f'<text class="small" x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{text}</text>']
    for value, text in x.ticks:
        parts += [f'<line class="axis" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{bottom}" y2="{bottom + 5}"/>',
                  f'<text class="small" x="{x(value):.1f}" y="{bottom + 20}" text-anchor="middle">{text}</text>']
    parts += [f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>',
              f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 18}" text-anchor="middle">{escape(labels[0])}</text>',
              f'<text transform="translate(20 {(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">{escape(labels[1])}</text>']
    return "\n".join([*parts, *lines_of(series, x, y), "</svg>"]) + "\n"


def series_of(cases, position, height):
    """One line each for the engine, the fastest SQL, MERGE and the floor."""
    readers = (("datasurface", lambda c: ours(c)["seconds"]), ("fastest SQL", lambda c: fastest_sql(c)["seconds"]),
               ("MERGE + DELETE", lambda c: by_name(c, "MERGE + DELETE")["seconds"]), ("floor", floor))
    return [(name, [(position(c), height(c, read(c))) for c in cases]) for name, read in readers]


def rows_plot(kept):
    """Rows per second of an unchanged snapshot, against its rows, over all sizes that were run."""
    cases = {}
    for result in kept.values():
        for case in result["cases"]:
            if case["workload"] == "mixed" and case["share"] == 0 and "random order" not in case["title"]:
                cases[case["rows"]] = case
    if len(cases) < 2:
        return None
    series = series_of([cases[rows] for rows in sorted(cases)], lambda c: c["rows"], lambda c, seconds: c["rows"] / seconds)
    x = logarithmic_axis(LEFT + 14, WIDTH - RIGHT - 14, cases)
    y = logarithmic_axis(HEIGHT - BOTTOM, TOP, [b for _, points in series for _, b in points])
    return picture("An unchanged snapshot: rows per second", "one core, 10 mixed columns, warm; floor: two sequential scans", x, y,
                   ("rows of the dataset", "rows per second"), series)


def share_plot(kept):
    """Seconds against the share of rows that changed; shares stand evenly, for they begin with none."""
    for result in reversed(kept.values()):
        cases = [c for c in result["cases"] if c["workload"] == "curve"]
        if len(cases) > 1:
            break
    else:
        return None
    cases.sort(key=lambda c: c["share"])
    position = {c["share"]: n for n, c in enumerate(cases)}
    series = series_of(cases, lambda c: position[c["share"]], lambda c, seconds: seconds)
    x = Axis(LEFT + 14, WIDTH - RIGHT - 14, [(n, f"{100 * s:g} %") for s, n in position.items()], 0, len(cases) - 1)
    y = logarithmic_axis(HEIGHT - BOTTOM, TOP, [b for _, points in series for _, b in points])
    rows = round(cases[0]["rows"])
    return picture("What a batch costs, by how much changed",
                   f"one core, {rows:,} rows of 10 mixed columns; floor: two scans, and COPY of what changed", x, y,
                   ("share of rows that changed", "seconds"), series)


def draw(kept, docs):
    """Writes those plots that there are cases for; returns their places in the page."""
    drawn = []
    for name, what, text in (("bench-rows", "rows per second against rows", rows_plot(kept)),
                             ("bench-share", "seconds against the share of rows that changed", share_plot(kept))):
        if text:
            with open(f"{docs}/{name}.svg", "w", encoding="utf-8") as file:
                file.write(text)
            drawn.append(f"![{what}]({name}.svg)")
    return drawn
