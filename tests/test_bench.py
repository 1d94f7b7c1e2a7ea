"""The programs of `make bench` measure what they say they do, and write what can be read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bench import charts, digest, document, handwritten, phases
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
