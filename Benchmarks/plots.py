"""Bars and lines as inline SVG, with no package beside Python's own."""

from html import escape
from math import ceil, floor, log10

OURS, THEIRS, INK, FAINT = "#c8553d", "#7d8ca3", "currentColor", "#9aa5b1"


def figure(value):
    """A number of three digits: 0.0123, 1.24, 36.1, 1,380."""
    if value == 0:
        return "0"
    digits = max(0, 2 - floor(log10(abs(value))))
    return f"{value:,.{min(digits, 4)}f}"


def bars(title, unit, rows):
    """Horizontal bars of (name, least, median, most, is_ours), with the span of their runs."""
    width, label, bar, gap = 720, 230, 18, 8
    longest = max((row[3] for row in rows), default=0) or 1
    scale = (width - label - 90) / longest
    height = 26 + len(rows) * (bar + gap)
    parts = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">']
    parts.append(f'<text x="0" y="14" class="title">{escape(title)}, {escape(unit)}</text>')
    for number, (name, least, median, most, is_ours) in enumerate(rows):
        top = 26 + number * (bar + gap)
        middle = top + bar / 2
        end = label + median * scale
        parts.append(
            f'<text x="{label - 8}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{label}" y="{top}" width="{max(1, median * scale):.1f}" height="{bar}"'
            f' fill="{OURS if is_ours else THEIRS}"/>'
            f'<line x1="{label + least * scale:.1f}" x2="{label + most * scale:.1f}" y1="{middle}"'
            f' y2="{middle}" stroke="{INK}" stroke-width="1"/>'
            f'<text x="{max(end, label + most * scale) + 6:.1f}" y="{middle + 4}">{figure(median)}</text>'
        )
    return "".join(parts) + "</svg>"


def lines(title, across, up, series):
    """Lines over logarithms of both axes; `series` has a name for each list of (size, cost)."""
    width, height, left, below = 720, 320, 70, 40
    points = [point for values in series.values() for point in values]
    spans = []
    for axis in (0, 1):
        values = [log10(point[axis]) for point in points if point[axis] > 0]
        spans.append((floor(min(values)), max(ceil(max(values)), floor(min(values)) + 1)))

    def place(size, cost):
        (low, high), (bottom, top) = spans
        x = left + (log10(size) - low) / (high - low) * (width - left - 160)
        return x, height - below - (log10(cost) - bottom) / (top - bottom) * (height - below - 30)

    parts = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">']
    parts.append(f'<text x="0" y="14" class="title">{escape(title)}: {escape(up)} for so many {escape(across)}</text>')
    for power in range(spans[0][0], spans[0][1] + 1):
        x, y = place(10**power, 10 ** spans[1][0])
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="30" y2="{y:.1f}" stroke="{FAINT}" stroke-width=".5"/>'
            f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle">{10**power:,}</text>'
        )
    for power in range(spans[1][0], spans[1][1] + 1):
        x, y = place(10 ** spans[0][0], 10**power)
        right = width - 160
        parts.append(
            f'<line x1="{x:.1f}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{FAINT}" stroke-width=".5"/>'
            f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{figure(10.0**power)}</text>'
        )
    for name, values in series.items():
        colour = OURS if name.startswith("martlet") else THEIRS
        places = [place(*point) for point in sorted(values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        x, y = places[-1]
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 4:.1f}">{escape(name)}</text>')
    return "".join(parts) + "</svg>"
