"""One self-contained psql script that does what the runner would do, for review or for a machine without Python.

It is printed from the tree alone: what is applied already is only known when it runs, so it asks the bookkeeping
then, by psql's `if`. Locks, gates and rows are those of the engine. The frame is in `sql/script/`; psql_steps.py has
the steps.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from runner import __version__, psql_steps, sqltext
from runner.bookkeeping import IS_INCOMPLETE, engine_files
from runner.connect import APPLICATION_NAME
from runner.engine import OWN_SETTINGS, refuse_unfit_steps
from runner.locks import LockPolicy
from runner.pinning import PINNED
from runner.psql import dollar_quoted, ended, literal, quoted, refuse_unfit
from runner.steps import CONSENTS, Step, Tree, shipped_sql

_FIELD = re.compile(r"\{\{([a-z_.]+)\}\}")
_UNKNOWN_LINE = "line     ?"
_WHEN_POSSIBLE = {**OWN_SETTINGS, "transaction_timeout": "0"}
_ALWAYS = {**PINNED, "client_encoding": "UTF8", "application_name": APPLICATION_NAME}


@dataclass(frozen=True)
class Order:
    """What the script is to do.

    Attributes:
        steps: those it applies or rolls back, in the order of their ids.
        expand_only: stop before the first contract step that is not applied.
        role: what SET ROLE says unless the script is told otherwise.
        command: the command line that prints it.
    """

    tree: Tree
    steps: tuple[Step, ...]
    rollback: bool
    expand_only: bool
    role: str | None
    command: str

    @property
    def printed(self) -> tuple[Step, ...]:
        """The steps whose SQL stands in the script, in the order in which it runs."""
        if self.rollback:
            return tuple(reversed(self.steps))
        return tuple(s for s in self.steps if not (self.expand_only and s.kind == "contract"))


def write_script(order: Order) -> str:
    """The text of the script.

    Raises:
        TreeError: a file holds what no step may hold, or what psql would not pass on as it stands.
    """
    _refuse_unfit(order)
    fields = _fields(order)
    begin, end = (_catalogue(name) for name in ("catalogue_begin.sql", "catalogue_end.sql"))
    parts = [
        _fill("head.psql", fields),
        _fill("roll_back.psql" if order.rollback else "apply.psql", fields),
        f"\\set SHOW_CONTEXT errors\n\\if :kit_todo\n{begin}\\o :kit_null\n",
        *_steps(order),
        _fill("tail.psql", {**fields, "catalogue_end": end, "last_word": _last_word(order)}),
    ]
    return _with_lines("\n".join(parts), order.printed)


def _refuse_unfit(order: Order) -> None:
    refuse_unfit_steps(order.steps)
    checks = [] if order.rollback else [c for p in {s.phase for s in order.steps} for c in order.tree.preflight[p]]
    for step in order.printed:
        script, verification = psql_steps.part(step, rollback=order.rollback)
        refuse_unfit(script.path, script.text)
        checks += verification
    for check in checks:
        refuse_unfit(check.path, check.text, first_line=check.line)


def _steps(order: Order) -> list[str]:
    if order.rollback:
        return [psql_steps.roll_back(order.tree, step) for step in order.printed]
    texts = []
    for phase in sorted({s.phase for s in order.steps}):
        texts.append(psql_steps.preflight(order.tree, phase))
        texts += [psql_steps.apply(order.tree, step) for step in order.printed if step.phase == phase]
    return texts


def _fields(order: Order) -> dict[str, str]:
    """What stands in the frame for `{{name}}`."""
    policy = LockPolicy()
    options = {
        "lock_budget": f"{policy.budget_s:g}",
        "lock_timeout": str(policy.lock_ms),
        "lock_hold": str(policy.hold_ms),
        "wait": "10",
        "null": "/dev/null",
    }
    given = {**options, **{consent.replace("-", "_"): "off" for consent in CONSENTS}}
    stop = "the first contract step that is not applied (--expand-only)"
    return {
        **options,
        "title": _title(order),
        "name": "rollback" if order.rollback else "apply",
        "version": __version__,
        "command": order.command,
        "contents": "\n".join(f"--     {_UNKNOWN_LINE}  {s.id:<44} {s.kind}" for s in order.printed)
        or "--     nothing",
        "options": _options(given, order.role),
        "wishes.sql": _file("script/wishes.sql").rstrip("\n").replace("{wishes}", json.dumps(_WHEN_POSSIBLE)),
        "pinned": json.dumps(_ALWAYS),
        "tree": ",\n".join(_row(s, chosen=s in order.steps) for s in order.tree.steps),
        "is_incomplete": IS_INCOMPLETE,
        "engine": "\n".join(_sql(path.read_text(encoding="utf-8")) for path in engine_files()).rstrip("\n"),
        "first": min((s.id for s in order.steps), default="none" if order.rollback else ""),
        "end_is": stop if order.expand_only else "there is none",
        "end_when": "kind = 'contract'" if order.expand_only else "false",
    }


def _title(order: Order) -> str:
    verb = "Roll back" if order.rollback else "Apply"
    ids = [s.id for s in order.printed]
    if not ids:
        return f"{verb} nothing."
    what = ids[0] if len(ids) == 1 else f"{len(ids)} steps, {ids[0]} to {ids[-1]}"
    return f"{verb} {what}, each with its verification."


def _options(defaults: dict[str, str], role: str | None) -> str:
    """Take what is said with -v, or the default, into variables of the script; no other name must touch the SQL."""
    lines = [f"\\set kit_given_role {quoted(role)}"] if role else ["\\unset kit_given_role"]
    for name, default in {"role": None, **defaults}.items():
        own = f"kit_given_{name}" if default is None else f"kit_{name}"
        if default is not None:
            lines.append(f"\\set {own} {default}")
        lines += [f"\\if :{{?{name}}}", f"\\set {own} :{name}", f"\\unset {name}", "\\endif"]
    return "\n".join(lines)


def _row(step: Step, *, chosen: bool) -> str:
    return f"    ({literal(step.id)}, {step.phase}, '{step.kind}', '{step.checksum}', {str(chosen).lower()})"


def _fill(name: str, fields: dict[str, str]) -> str:
    """A file of `sql/script/` with values, and other files, put where it names them."""

    def value(match: re.Match[str]) -> str:
        key = match[1]
        if key in fields:
            return fields[key]
        return (_fill(key, fields) if key.endswith(".psql") else _file(f"script/{key}")).rstrip("\n")

    return _FIELD.sub(value, _file(f"script/{name}"))


def _file(path: str) -> str:
    return (shipped_sql() / path).read_text(encoding="utf-8")


def _sql(text: str) -> str:
    """SQL that psql passes on as it stands."""
    return psql_steps.forget_variables(text) + ended(text)


def _catalogue(name: str) -> str:
    """What keeps the record of the catalogue for `drift`, in a transaction of its own; that it fails stops nothing."""
    if not (shipped_sql() / "engine" / name).is_file():
        return ""
    return _fill("record.psql", {"recording": dollar_quoted(f"\n{_file(f'engine/{name}')}", "kit")}) + "\n"


def _last_word(order: Order) -> str:
    if not order.expand_only:
        return ""
    return (
        "SELECT :'kit_end' <> 'none' AS kit_stopped \\gset\n\\if :kit_stopped\n"
        "\\echo stopped before :kit_end: 'the old backend keeps working until contract steps run'\n\\endif"
    )


def _with_lines(text: str, steps: tuple[Step, ...]) -> str:
    """The text, its contents filled with the lines on which the steps begin."""
    starts = {m[1]: sqltext.line_of(text, m.start()) for m in re.finditer(r"^-- ==== (\w+) =", text, re.MULTILINE)}
    for step in steps:
        text = text.replace(f"{_UNKNOWN_LINE}  {step.id} ", f"line {starts[step.id]:>5}  {step.id} ", 1)
    return text
