"""Reading a tree: what is accepted, and that every defect is named with its file and the next step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runner.errors import TreeError, UsageError
from runner.steps import Lock, load_tree, shipped_sql
from tests.support import run_kit
from tests.trees import ALWAYS_TRUE, Files, put, table, write_tree

FORWARD = "phase1/1001_a.sql"
HEADER = "-- Do it.\n-- kind: expand\n-- locks: none\n"


def refusal(root: Path) -> str:
    with pytest.raises(TreeError) as caught:
        load_tree(root)
    return str(caught.value)


def test_shipped_tree_is_well_formed() -> None:
    assert load_tree(shipped_sql()).steps


def test_step_is_read_with_all_its_files(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        table("1001_a", "a"),
        Files(
            "1002_b",
            "SELECT 1;",
            check="-- check: one\nSELECT 1 WHERE false;\n-- check: two\nSELECT 2 WHERE false",
            undo_check=ALWAYS_TRUE,
            kind="backfill",
            locks="public.users SHARE ROW EXCLUSIVE for the foreign key, brief",
            header="-- depends: 1001_a\n",
        ),
        table("2001_c", "c"),
        preflight={2: ALWAYS_TRUE},
    )
    tree = load_tree(tmp_path)
    step = tree.step("1002")
    assert [s.id for s in tree.steps] == ["1001_a", "1002_b", "2001_c"]
    assert (step.title, step.kind, step.depends) == ("Step 1002_b.", "backfill", ("1001_a",))
    assert step.forward.units[0].locks == (Lock("public.users", "SHARE ROW EXCLUSIVE"),)
    assert [c.name for c in step.verify] == ["one", "two"]
    assert len(step.rollback_verify) == len(tree.preflight[2]) == 1
    assert tree.preflight[1] == ()
    assert step.forward.atomic


def test_units_are_read_with_their_own_locks_and_mode(tmp_path: Path) -> None:
    text = """
        -- unit: users
        -- locks: public.a SHARE, public.b ACCESS EXCLUSIVE
        ALTER TABLE public.b ADD COLUMN x int;
        -- unit: index
        -- transactional: false
        CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.a (x);
    """
    write_tree(tmp_path, Files("1001_a", text, locks="tables, see the units", header="-- units: any order"))
    script = load_tree(tmp_path).step("1001").forward
    users, index = script.units
    assert [str(lock) for lock in users.locks] == ["public.b ACCESS EXCLUSIVE", "public.a SHARE"]
    assert (users.transactional, index.transactional, index.locks) == (True, False, ())
    assert script.any_order
    assert not script.atomic
    assert all(script.text[u.offset :].startswith(f"-- unit: {u.name}") for u in script.units)


def test_windows_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = HEADER + "-- unit: one\n-- locks: public.a SHARE\nSELECT 1;\n-- unit: two\nSELECT 2;\n"
    write_tree(tmp_path / "unix", table("1001_a", "a"))
    write_tree(tmp_path / "windows", table("1001_a", "a"))
    put(tmp_path / "unix" / FORWARD, text)
    put(tmp_path / "windows" / FORWARD, "\ufeff" + text.replace("\n", "\r\n"))
    put(tmp_path / "windows/phase1/verify/1001_a.sql", ALWAYS_TRUE.replace("\n", "\r\n"))
    unix, windows = (load_tree(tmp_path / name).step("1001") for name in ("unix", "windows"))
    assert windows.checksum == unix.checksum
    assert [(u.name, u.locks) for u in windows.forward.units] == [(u.name, u.locks) for u in unix.forward.units]
    assert windows.verify[0].name == unix.verify[0].name


@pytest.mark.parametrize("name", ["0", "9", "phase4", "all1", "", "one"])
def test_unknown_phase_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    write_tree(tmp_path, table("1001_a", "a"), table("3001_c", "c"))
    with pytest.raises(UsageError, match="give one of 1, 3, or all"):
        load_tree(tmp_path).select(name)


def test_phase_and_step_have_short_names(tmp_path: Path) -> None:
    write_tree(tmp_path, table("1001_a", "a"), table("3001_c", "c"))
    tree = load_tree(tmp_path)
    assert [s.id for s in tree.select("phase3")] == [s.id for s in tree.select("3")] == ["3001_c"]
    assert len(tree.select("all")) == 2
    assert tree.step("3001") is tree.step("3001_c")


def test_unknown_step_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    write_tree(tmp_path, table("1001_a", "a"))
    with pytest.raises(UsageError, match=r"unknown step '1002'\n  next: the steps are 1001_a"):
        load_tree(tmp_path).step("1002")


Defect = Callable[[Path], object]


def header(*lines: str) -> Defect:
    return lambda root: put(root / FORWARD, "\n".join(lines) + "\nSELECT 1;\n")


DEFECTS: dict[str, tuple[Defect, str, str]] = {
    "no rollback": (
        lambda root: (root / "phase1/1001_a.rollback.sql").unlink(),
        "1001_a: no rollback file",
        "Create {root}/phase1/1001_a.rollback.sql",
    ),
    "no verification": (
        lambda root: (root / "phase1/verify/1001_a.sql").unlink(),
        "1001_a: no verification file",
        "Create {root}/phase1/verify/1001_a.sql",
    ),
    "two steps with one id": (
        lambda root: write_tree(root, table("1001_b", "b")),
        "{root}/phase1/1001_b.sql: has the id of {root}/phase1/1001_a.sql",
        "renumber",
    ),
    "number of another phase": (
        lambda root: (root / FORWARD).rename(root / "phase1/2001_a.sql"),
        "{root}/phase1/2001_a.sql: bad file name",
        "1NNN_what_it_does.sql",
    ),
    "no number": (lambda root: put(root / "phase1/users.sql", HEADER), "users.sql: bad file name", "1NNN_"),
    "digits of another script": (
        lambda root: put(root / "phase1/1\u0660\u06602_b.sql", HEADER),
        "bad file name",
        "1NNN_",
    ),
    "rollback without a step": (
        lambda root: put(root / "phase1/1002_b.rollback.sql", HEADER),
        "1002_b.rollback.sql: belongs to no step",
        "name it after a step",
    ),
    "verification without a step": (
        lambda root: put(root / "phase1/verify/1002_b.sql", ALWAYS_TRUE),
        "verify/1002_b.sql: belongs to no step",
        "name it after a step",
    ),
    "unknown dependency": (
        header("-- Do it.", "-- kind: expand", "-- locks: none", "-- depends: 1000_before"),
        "1001_a.sql: depends on unknown step 1000_before",
        "name a step of this tree",
    ),
    "depends on itself": (
        header("-- Do it.", "-- kind: expand", "-- locks: none", "-- depends: 1001_a"),
        "depends on 1001_a, which comes after it",
        "number steps in the order they need",
    ),
    "no kind": (header("-- Do it.", "-- locks: none"), "bad header: no kind", "-- kind: expand|backfill|contract"),
    "unknown kind": (
        header("-- Do it.", "-- kind: explode", "-- locks: none"),
        "bad header: kind 'explode'",
        "-- kind: expand|backfill|contract",
    ),
    "no sentence": (header("-- kind: expand", "-- locks: none"), "bad header: no sentence", "What the step does"),
    "no locks": (header("-- Do it.", "-- kind: expand"), "bad header: no locks", "-- locks: none"),
    "empty file": (lambda root: put(root / FORWARD, ""), "bad header: no sentence", "begin the file with"),
    "unknown lock mode": (
        header("-- Do it.", "-- kind: expand", "-- locks: public.users VERY EXCLUSIVE"),
        "bad header: locks 'public.users VERY EXCLUSIVE'",
        "the modes are ACCESS EXCLUSIVE",
    ),
    "lock without a table": (
        header("-- Do it.", "-- kind: expand", "-- locks: ACCESS EXCLUSIVE"),
        "bad header: locks 'ACCESS EXCLUSIVE'",
        "write TABLE MODE",
    ),
    "two locks without a comma": (
        header("-- Do it.", "-- kind: expand", "-- locks: public.a SHARE and public.b ACCESS EXCLUSIVE"),
        "bad header: locks 'public.a SHARE and public.b ACCESS EXCLUSIVE'",
        "write TABLE MODE, TABLE MODE",
    ),
    "mistyped directive": (
        header("-- Do it.", "-- kind: expand", "-- locks: none", "-- Depends: 1000_x"),
        "1001_a.sql: bad header: 'Depends'",
        "-- depends: …",
    ),
    "mistyped mode of running": (
        header("-- Do it.", "-- kind: expand", "-- locks: none", "-- transactionnal: false"),
        "bad header: 'transactionnal'",
        "-- transactional: …",
    ),
    "transactional maybe": (
        header("-- Do it.", "-- kind: expand", "-- locks: none", "-- transactional: no"),
        "bad header: transactional 'no'",
        "-- transactional: false",
    ),
    "units in disorder": (
        header("-- Do it.", "-- kind: expand", "-- locks: none", "-- units: whenever"),
        "bad header: units 'whenever'",
        "-- units: any order",
    ),
    "unit named twice": (
        header(HEADER, "-- unit: one", "SELECT 1;", "-- unit: one"),
        "unit name 'one' is empty or stands twice",
        "a name of its own",
    ),
    "unit without a name": (header(HEADER, "-- unit:", "SELECT 1;"), "unit name '' is empty", "a name of its own"),
    "SQL before the first unit": (
        header(HEADER, "SELECT 0;", "-- unit: one"),
        "SQL stands before the first `-- unit:` line",
        "move it into a unit",
    ),
    "no check": (
        lambda root: put(root / "phase1/verify/1001_a.sql", "SELECT 1;"),
        "verify/1001_a.sql: holds no check",
        "-- check: what holds",
    ),
    "empty verification": (
        lambda root: put(root / "phase1/verify/1001_a.sql", ""),
        "verify/1001_a.sql: holds no check",
        "-- check: what holds",
    ),
    "SQL before the first check": (
        lambda root: put(root / "phase1/verify/1001_a.sql", "SELECT 1;\n" + ALWAYS_TRUE),
        "SQL stands before the first `-- check:` line",
        "-- check: what holds",
    ),
    "check without a query": (
        lambda root: put(root / "phase1/verify/1001_a.sql", "-- check: a\n" + ALWAYS_TRUE),
        "check 'a' has no query",
        "write the query below its line",
    ),
    "check named twice": (
        lambda root: put(root / "phase1/verify/1001_a.sql", ALWAYS_TRUE * 2),
        "check name 'true' is empty or stands twice",
        "a name of its own",
    ),
    "broken preflight": (
        lambda root: put(root / "phase1/preflight/look.sql", "SELECT 1;"),
        "preflight/look.sql: holds no check",
        "-- check: what holds",
    ),
    "unknown consent": (
        lambda root: put(root / "phase1/preflight/look.sql", "-- check: a\n-- consent: to-all\nSELECT 1;"),
        "{root}/phase1/preflight/look.sql:2: unknown consent 'to-all'",
        "accept-quarantine",
    ),
    "unknown stage": (
        lambda root: put(
            root / "phase1/preflight/look.sql",
            "-- check: a\n-- consent: accept-quarantine\n-- stage: expand\nSELECT 1;",
        ),
        "{root}/phase1/preflight/look.sql:3: unknown stage 'expand'",
        "write one of contract",
    ),
    "not UTF-8": (
        lambda root: (root / FORWARD).write_bytes(HEADER.encode() + "SELECT 'ü';".encode("latin-1")),
        "1001_a.sql: is not UTF-8 (byte 49)",
        "save it as UTF-8",
    ),
    "NUL byte": (
        lambda root: put(root / FORWARD, HEADER + "SELECT '\0';"),
        "1001_a.sql: holds a NUL byte",
        "save it as plain text",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_defect_names_file_and_next_step(tmp_path: Path, name: str) -> None:
    defect, what, step = DEFECTS[name]
    write_tree(tmp_path, table("1001_a", "a"))
    defect(tmp_path)
    message = refusal(tmp_path)
    assert what.format(root=tmp_path) in message
    assert step.format(root=tmp_path) in message


def test_unreadable_file_is_a_defect_of_the_tree(tmp_path: Path) -> None:
    write_tree(tmp_path, table("1001_a", "a"))
    (tmp_path / "phase1/preflight").mkdir()
    (tmp_path / "phase1/preflight/look.sql").symlink_to("nowhere")
    assert "look.sql: cannot be read: No such file or directory" in refusal(tmp_path)


def test_all_defects_are_reported_at_once(tmp_path: Path) -> None:
    write_tree(tmp_path, table("1001_a", "a"), table("1002_b", "b", kind="none"))
    (tmp_path / "phase1/1001_a.rollback.sql").unlink()
    message = refusal(tmp_path)
    assert "1001_a: no rollback file" in message
    assert "1002_b.sql: bad header: kind 'none'" in message


def test_defect_of_a_step_is_not_told_again_for_those_that_depend_on_it(tmp_path: Path) -> None:
    write_tree(tmp_path, table("1001_a", "a"), table("1002_b", "b", header="-- depends: 1001_a\n"))
    (tmp_path / "phase1/1001_a.rollback.sql").unlink()
    assert "unknown step" not in refusal(tmp_path)


@pytest.mark.parametrize("command", ["status", "plan", "apply", "verify", "preflight"])
def test_tree_is_read_before_any_database(tmp_path: Path, command: str) -> None:
    done = run_kit("--sql", str(tmp_path / "none"), command, dsn="host=/nowhere")
    assert done.exit_code == 2
    assert "no such directory" in done.stderr
    (tmp_path / "empty").mkdir()
    done = run_kit("--sql", str(tmp_path / "empty"), command, dsn="host=/nowhere")
    assert done.exit_code == 2
    assert "holds no phase1/ … phase9/" in done.stderr
