"""Bar and line charts as SVG, written by hand so that nothing has to be installed; readable in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bench.document import DOCUMENT

FOLDER = DOCUMENT.parent / "benchmarks"
WIDTH = 760
_ROW, _TOP, _RIGHT, _LETTER = 26, 44, 110, 7.2

_STYLE = """
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .soft { fill: #59636e; }
  .bar { fill: #8c959f; }
  .ours { fill: #0969da; }
  .limit { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 5 4; }
  .limit-text { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .soft { fill: #9198a1; }
    .bar { fill: #6e7681; }
    .ours { fill: #4493f8; }
    .limit { stroke: #f0883e; }
    .limit-text { fill: #f0883e; }
  }
</style>
"""


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        text: what stands behind it.
        ours: drawn in the colour of the kit.
    """

    name: str
    value: float
    text: str
    ours: bool = False


def bars(title: str, chosen: Sequence[Bar], *, limit: tuple[float, str] | None = None) -> str:
    """Horizontal bars, as long as their values; `limit` is a line across them, with its name."""
    left = 16 + _LETTER * max(len(bar.name) for bar in chosen)
    longest = max([bar.value for bar in chosen] + ([limit[0]] if limit else []))
    right = max(_RIGHT, 28 + _LETTER * max(len(bar.text) for bar in chosen))
    scale = (WIDTH - left - right) / (longest or 1)
    height = _TOP + _ROW * len(chosen) + (24 if limit else 8)
    body = []
    for number, bar in enumerate(chosen):
        top = _TOP + _ROW * number
        kind = "ours" if bar.ours else "bar"
        width = max(bar.value * scale, 1.5)
        body += [
            _text(left - 8, top + 14, bar.name, anchor="end"),
            f'<rect class="{kind}" x="{left:.0f}" y="{top}" width="{width:.1f}" height="{_ROW - 7}" rx="2"/>',
            _text(WIDTH - 12, top + 14, bar.text, "soft", anchor="end"),
        ]
    if limit:
        x, bottom = left + limit[0] * scale, _TOP + _ROW * len(chosen)
        body += [
            f'<line class="limit" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 6}" y2="{bottom}"/>',
            _text(x, bottom + 14, limit[1], "limit-text", anchor="middle"),
        ]
    return _whole(title, height, body)


def write(charts: Mapping[str, str]) -> None:
    """Write charts, by the name of the file without its ending."""
    FOLDER.mkdir(exist_ok=True)
    for name, chart in charts.items():
        (FOLDER / f"{name}.svg").write_text(chart, encoding="utf-8")


def shown(name: str, what: str) -> str:
    """The line of markdown that shows a chart."""
    return f"![{what}]({FOLDER.name}/{name}.svg)"


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _whole(title: str, height: float, body: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">'
    return "\n".join([head, _STYLE.strip(), _text(12, 24, title, "title"), *body, "</svg>"]) + "\n"
