"""The programs of `make bench` measure what they say they do, and write what can be read."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from bench import charts, digest, document, handwritten, phase_report, phase_turns, phases
from bench.phase_turns import BARE, KIT, PSQL, Run, Turn
from runner.embedded import EmbeddedServer
from runner.steps import load_tree, shipped_sql


def test_section_of_the_digest_comes_out_of_a_small_run(server: EmbeddedServer) -> None:
    size = digest.measure_size(server, 300, 1)
    text, chart = digest.report([size], version=server.version_num)
    rows = [line for line in text.splitlines() if line.startswith("| 300 |")]
    assert [row.split("|")[3].strip() for row in rows] == ["digest", "digest, no parallel workers", "pg_dump \\"]
    assert size.state % (8 * (2 + 2 * 11)) == 0 < size.state
    assert len(ElementTree.fromstring(chart).findall(".//{*}rect")) == 3


def test_chart_escapes_names_and_draws_its_limit() -> None:
    chart = charts.bars("a < b", [charts.Bar("x & y", 1.0, "1 s", ours=True)], limit=(2.0, "twice"))
    tree = ElementTree.fromstring(chart)
    assert {"a < b", "x & y", "1 s", "twice"} <= {text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert [line.get("class") for line in tree.iter("{http://www.w3.org/2000/svg}line")] == ["limit"]


def test_section_replaces_its_former_self_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path_factory.mktemp("docs") / "benchmarks.md"
    monkeypatch.setattr(document, "DOCUMENT", page)
    for text in ("## One\n\nold\n", "## Two\n\nstays\n", "## One\n\nnew\n"):
        document.write_section(text)
    assert page.read_text(encoding="utf-8") == "# Benchmarks\n\n## One\n\nnew\n\n## Two\n\nstays\n"


def _turn(users: int, kit: float, psql: float, **more: Any) -> Turn:
    """A turn of two phases, the second three times as long as the first."""
    ways = {KIT: kit, PSQL: psql, **more.pop("ways", {})}
    phases = {way: [Run(seconds, 2000, 40_000), Run(3 * seconds, 6000, 50_000)] for way, seconds in ways.items()}
    return Turn("2026-01-01", "abc", "2 cores", users, 100, phases, **more)


def test_turns_are_kept_and_read_again_as_they_are(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("kept") / "turns"
    assert phase_turns.read(path) == []
    turns = [
        _turn(10, 1.5, 1.0, at_once={KIT: Run(1.0, 1, 1), PSQL: Run(2.0, 1, 1)}, log=[("Heap/INSERT", 0.5)]),
        _turn(20, 1.0, 1.0, ways={BARE: 0.5}, log=[]),
    ]
    phase_turns.keep(turns, path)
    assert phase_turns.read(path) == turns


def test_section_of_the_phases_has_the_median_of_the_ratios_of_its_turns() -> None:
    at_once = {KIT: Run(1.0, 1, 1), PSQL: Run(2.0, 1, 1)}
    turns = [
        _turn(20, 3.0, 1.0),
        _turn(10, 1.5, 1.0, ways={BARE: 1.0}, at_once=at_once),
        _turn(20, 3.0, 2.0),
        _turn(20, 8.0, 4.0),
        _turn(30, 1.0, 1.0),
    ]
    text, drawn = phase_report.report(turns)
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    cells = {(line[0], line[2]): line[3:] for line in lines[1:]}
    assert list(cells) == [("10", "1"), ("10", "2"), ("10", "all"), ("10", "at once")] + [
        (users, part) for users in ("20", "30") for part in ("1", "2", "all")
    ]
    assert cells["20", "all"] == ["12.00", "", "8.00", "2.00", "", "120000.0", "80", "80", "50", "50"]
    assert cells["10", "1"] == ["1.50", "1.00", "1.00", "1.50", "1.00", "15000.0", "20", "20", "40", "40"]
    assert cells["10", "at once"][:5] == ["1.00", "", "2.00", "0.50", ""]
    assert "turns: 1 of 10 users, 3 of 20 users, 1 of 30 users" in text
    assert "- The turns with 20 users, all phases: 1.50, 2.00, 3.00 times psql.\n" in text
    assert "with 20 and 30 users: the kit 120000.0 and 40000.0 µs (-67 %)" in text
    assert all(ElementTree.fromstring(chart).findall(".//{*}rect") for chart in drawn.values())


def test_hand_written_script_holds_every_unit_once_in_transactions_as_the_files_ask() -> None:
    tree = load_tree(shipped_sql())
    for phase in tree.phases:
        script = handwritten.by_phase(tree, phase)
        units = [unit for step in tree.steps if step.phase == phase for unit in step.forward.units]
        assert all(script.count(unit.text) == 1 for unit in units)
        assert script.count("\nBEGIN;\n") == script.count("\nCOMMIT;\n") > 0


def test_bare_tree_has_the_same_steps_and_asks_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    shipped, bare = load_tree(shipped_sql()), load_tree(phases.bare_tree(tmp_path_factory.mktemp("bench")))
    assert [step.checksum for step in bare.steps] == [step.checksum for step in shipped.steps]
    assert not any(bare.preflight.values())
    assert {check.name for step in bare.steps for check in step.verify} == {"nothing is asked"}
