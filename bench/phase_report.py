"""The section on the three phases in docs/benchmarks.md, and its charts, out of the turns of `bench.phases`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench import charts
from bench.phase_turns import ALL, BARE, KIT, PSQL, Size, Turn, by_size

SECTION = "## The three phases"
GOAL = 1.1
_CONDITIONS = ("date", "commit", "machine")
_WAYS = {KIT: "kit", BARE: "kit without checks"}
LIMIT = (
    "What limits it: with few rows what does not grow with them, eight tenths of a second for all phases at once: a"
    " quarter the start of Python and reading the files, a quarter 368 checks of preflight and verification, which are"
    " mostly planned, a fifth two readings of the catalogue for `drift`, the rest what is pinned and written down"
    " around 544 units. With many rows the server, in the batches, which are the same procedures for both. WAL: a phase"
    " writes each"
    " row once at most (those of `lead_requests` twice in Phase 3). A row costs its new version, an entry in every"
    " index, as its page is full or the column is indexed, and the record of its lock, for a batch skips rows that a"
    " client has; the rest are images of pages that are touched for the first time after a checkpoint, and as keys"
    " are random there are the more of them the larger the tables and the closer the checkpoints."
)


def report(turns: Sequence[Turn]) -> tuple[str, dict[str, str]]:
    """The section as markdown, and its charts by name."""
    sizes = by_size(turns)
    dates, commits, machines = ([*dict.fromkeys(getattr(turn, name) for turn in turns)] for name in _CONDITIONS)
    counts = ", ".join(f"{len(size.turns)} of {size.users:,} users" for size in sizes)
    lines = [
        SECTION,
        "",
        f"Measured {' and '.join(dates)} by `python -m bench.phases`: {'; '.join(machines)}.",
        f"Whole processes on fresh clones, nobody else connected, all ways in turn; turns: {counts}. Ratio: median over"
        " the turns, psql being 1; without preflight and verification the kit runs the same SQL as psql. At once: one"
        " process for all phases, as `make migrate` has it, and one psql for the three files. Every run of every turn"
        f" is in [phases.jsonl](benchmarks/phases.jsonl); the kit was that of {' and '.join(commits)}. There is no"
        " autovacuum with 10,000 users, for whether one comes along in ten seconds is chance.",
        "",
        charts.shown("phases", "Times as long as by psql"),
        charts.shown("phases_rows", "Time per row"),
        "",
        "| users | rows | phase | kit, s | without checks, s | psql, s | ratio | without checks | µs/row, kit"
        " | WAL, bytes/row: kit | psql | memory, MB: kit | psql |",
        "|" + "---:|" * 13,
        *(_row(size, part) for size in sizes for part in size.parts),
        "",
        *(_spread(size) for size in sizes),
        *(line for size in sizes for line in _beside(size)),
        *_flatness(sizes),
        *(_log_line(turn) for size in sizes for turn in [t for t in size.turns if t.log][:1]),
    ]
    return "\n".join([*lines, "", LIMIT]) + "\n", _charts(sizes)


def _row(size: Size, part: str) -> str:
    cells = (
        f"{size.users:,}",
        f"{size.rows:,}",
        part,
        *(_number(size.seconds(way, part)) for way in (KIT, BARE, PSQL)),
        *(_number(size.ratio(way, part)) for way in (KIT, BARE)),
        f"{_per_row(size, KIT, part):.1f}",
        *(f"{size.wal(way, part):,.0f}" for way in (KIT, PSQL)),
        *(f"{size.memory(way, part) / 1000:.0f}" for way in (KIT, PSQL)),
    )
    return "| " + " | ".join(cells) + " |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _per_row(size: Size, way: str, part: str = ALL) -> float:
    """Microseconds for each row of the sample."""
    return 1e6 * (size.seconds(way, part) or 0) / size.rows


def _spread(size: Size) -> str:
    """The ratios of the turns, from the lowest."""
    part = size.parts[-1]
    ratios = ", ".join(f"{ratio:.2f}" for ratio in sorted(size.ratios(KIT, part)))
    return f"- The turns with {size.users:,} users, {'all phases' if part == ALL else part}: {ratios} times psql."


def _beside(size: Size) -> list[str]:
    """What else the machine did while turns of this size ran."""
    did = Counter(turn.beside for turn in size.turns if turn.beside)
    return [
        f"- Beside {number} of the {len(size.turns)} turns with {size.users:,} users: {what}."
        for what, number in did.items()
    ]


def _flatness(sizes: Sequence[Size]) -> list[str]:
    """How the time per row of each way grows from the second size on."""
    if len(sizes) < 3:
        return []
    first, last = sizes[1], sizes[-1]
    parts = []
    for way, name in ((KIT, "the kit"), (PSQL, "psql")):
        was, now = _per_row(first, way), _per_row(last, way)
        parts.append(f"{name} {was:.1f} and {now:.1f} µs ({100 * (now / was - 1):+.0f} %)")
    return [f"- Time per row with {first.users:,} and {last.users:,} users: {', '.join(parts)}."]


def _log_line(turn: Turn) -> str:
    kinds = ", ".join(f"{name} {100 * share:.0f}%" for name, share in turn.log)
    return f"- The log of all phases with {turn.users:,} users, by kind of record (images apart): {kinds}."


def _charts(sizes: Sequence[Size]) -> dict[str, str]:
    ratios = [
        charts.Bar(f"{size.users:,} users, {name}", ratio, f"{ratio:.2f}", ours=way == KIT)
        for size in sizes
        for way in (KIT, BARE)
        for part in size.parts
        if not part.isdigit() and (ratio := size.ratio(way, part))
        for name in [_WAYS[way] if part == ALL else f"{_WAYS[way]}, {part}"]
    ]
    per_row = [
        charts.Bar(f"{size.users:,} users, {way}", rate := _per_row(size, way), f"{rate:.0f} µs", ours=way == KIT)
        for size in sizes
        for way in (KIT, PSQL)
    ]
    return {
        "phases": charts.bars("All phases: times as long as psql", ratios, limit=(GOAL, f"goal {GOAL}")),
        "phases_rows": charts.bars("All phases: time per row of the sample", per_row),
    }
