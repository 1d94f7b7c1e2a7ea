"""The steps as parts of a psql script: what the engine does with a step, written down for psql to do.

`kit_…` are the script's variables; `:kit_begin`, `:kit_settle` and the like are SQL that the head of the script keeps
in them. A step's own text is never changed, only divided where psql has to do something in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from runner import sqltext
from runner.checks import SHOWN, query_of
from runner.psql import dollar_quoted, ended, literal, quoted, variables
from runner.steps import CONSENTS, STAGES, Check, Script, Step, Tree, Unit
from runner.units import concurrent_index, waits_harmlessly

_RULE = 120
_NOT_IN_A_FUNCTION = re.compile(r"CLUSTER|REINDEX|(CREATE|ALTER|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION|SYSTEM)")
"""First words of statements that refuse to run inside a DO, where they could be tried again."""

_PENDING = """\
SELECT {id} < :'kit_end' AND NOT recorded AS kit_pending, recorded AS kit_recorded, clock_timestamp() AS kit_started
  FROM (SELECT EXISTS (SELECT FROM nxtgauge_migration._yoyo_migration WHERE migration_id = {id})) AS s (recorded) \\gset
"""
_STANDING = """\
SELECT recorded OR progress > 0 AS kit_pending, recorded AND begun = 0 AS kit_whole, clock_timestamp() AS kit_started
  FROM (SELECT EXISTS (SELECT FROM nxtgauge_migration._yoyo_migration WHERE migration_id = {id}),
               count(*), count(*) FILTER (WHERE direction = 'apply')
          FROM nxtgauge_migration.step_unit WHERE step_id = {id}) AS step (recorded, progress, begun) \\gset
"""
_LOG = """\
INSERT INTO nxtgauge_migration._yoyo_log
    (id, migration_hash, migration_id, operation, username, hostname, comment, created_at_utc)
VALUES (gen_random_uuid(), encode(sha256(convert_to({id}, 'UTF8')), 'hex'), {id}, '{operation}', session_user,
        coalesce(host(inet_client_addr()), 'local'), '{checksum}',
        greatest(clock_timestamp() AT TIME ZONE 'UTC',
                 (SELECT max(created_at_utc) + interval '1 microsecond' FROM nxtgauge_migration._yoyo_log)));
"""
_MARK = """\
INSERT INTO nxtgauge_migration._yoyo_migration (migration_hash, migration_id, applied_at_utc)
VALUES (encode(sha256(convert_to({id}, 'UTF8')), 'hex'), {id}, clock_timestamp() AT TIME ZONE 'UTC');
"""
_UNMARK = """\
DELETE FROM nxtgauge_migration._yoyo_migration WHERE migration_hash = encode(sha256(convert_to({id}, 'UTF8')), 'hex');
"""
_NOTE = """\
INSERT INTO nxtgauge_migration.step_unit (step_id, direction, unit, state)
VALUES ({id}, '{direction}', {unit}, '{state}')
ON CONFLICT (step_id, direction, unit) DO UPDATE
   SET state = excluded.state, ran_by = excluded.ran_by, ran_at = excluded.ran_at;
"""
_DONE = """\
SELECT lpad(to_char(extract(epoch FROM clock_timestamp() - :'kit_started'), 'FM99999990.00'), 7) AS kit_seconds \\gset
\\echo {what} :kit_seconds 's  {checks}'
"""
_INVALID = """\
SELECT format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname)
  FROM (VALUES {wanted}) AS wanted (relation, name)
  JOIN pg_catalog.pg_index AS i ON i.indrelid = to_regclass(wanted.relation) AND NOT i.indisvalid
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid AND c.relname = (parse_ident(wanted.name))[1]
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \\gexec
"""


def part(step: Step, *, rollback: bool) -> tuple[Script, tuple[Check, ...]]:
    """The file of a direction, and what is verified after it."""
    return (step.rollback, step.rollback_verify) if rollback else (step.forward, step.verify)


def preflight(tree: Tree, phase: int) -> str:
    """The reasons not to start a phase, if any of its steps is pending; those about a stage only if such a step is."""
    checks = tree.preflight[phase]
    stages = "".join(f", coalesce(bool_or(kind = '{stage}'), false) AS kit_{stage}" for stage in STAGES)
    lines = [
        _heading(f"phase {phase}"),
        f"SELECT count(*) > 0 AS kit_pending{stages}\n"
        "  FROM (:kit_tree) AS s (id, phase, kind, checksum, chosen)\n"
        f" WHERE chosen AND phase = {phase} AND id < :'kit_end'\n"
        "   AND NOT EXISTS (SELECT FROM nxtgauge_migration._yoyo_migration AS m WHERE m.migration_id = s.id) \\gset\n"
        f"\\if :kit_pending\n\\echo 'phase {phase}'\n",
    ]
    if checks:
        lines.append(":kit_pin\nBEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n\\unset kit_failed\n")
        lines += [_only_if(check, _gate(tree, check)) for check in checks]
        hint = "settle what the rows name, then run the script again" + _ways_out(checks)
        lines.append(_refuse_failed(f"preflight of phase {phase} refuses: each row above is a reason", hint))
        lines.append("ROLLBACK;\n")
    return "".join([*lines, "\\endif\n"])


def apply(tree: Tree, step: Step) -> str:
    """The step forward, unless it is recorded."""
    script, outcome = step.forward, f"  applied {step.id:<44} {step.kind:<8}"
    text = _fill(_PENDING, step) + "\\if :kit_pending\n" + _announce_contract(tree, step)
    if script.atomic:
        text += _transaction(tree, step, script, script.units[0], _conclude(tree, step, rollback=False))
    else:
        text += "".join(_unit(tree, step, unit, rollback=False) for unit in script.units)
        text += _conclusion(tree, step, rollback=False)
    text += _fill(_DONE, step, what=quoted(outcome), checks=_count(step.verify))
    text += f"\\elif :kit_recorded\n\\echo '  already applied {step.id}'\n\\endif\n"
    return _heading(step.id) + _preface(script) + text


def roll_back(tree: Tree, step: Step) -> str:
    """The step back, if anything of it stands."""
    script, outcome = step.rollback, f"  rolled back {step.id:<44} {step.kind:<8}"
    text = _fill(_STANDING, step) + "\\if :kit_pending\n"
    if script.atomic and step.forward.atomic:
        text += _transaction(tree, step, script, script.units[0], _conclude(tree, step, rollback=True))
    else:
        text += "".join(_unit(tree, step, unit, rollback=True) for unit in script.units)
        text += _conclusion(tree, step, rollback=True)
    text += _fill(_DONE, step, what=quoted(outcome), checks=_count(step.rollback_verify))
    text += f"\\else\n\\echo '  not applied {step.id}'\n\\endif\n"
    return _heading(step.id) + _preface(script) + text


# ---- units


def _unit(tree: Tree, step: Step, unit: Unit, *, rollback: bool) -> str:
    """A unit of a divided step, unless it is done; it is noted together with its work, or before and after it."""
    script, _ = part(step, rollback=rollback)
    direction = "rollback" if rollback else "apply"
    name = literal(unit.name)
    row = f"WHERE (step_id, direction, unit, state) = ({literal(step.id)}, '{direction}', {name}, 'done')"
    text = f"SELECT NOT EXISTS (SELECT FROM nxtgauge_migration.step_unit\n    {row})"
    if rollback and not step.forward.atomic and unit.name in {u.name for u in step.forward.units}:
        begun = f"WHERE (step_id, direction, unit) = ({literal(step.id)}, 'apply', {name})"
        text += f"\n   AND (:'kit_whole' OR EXISTS (SELECT FROM nxtgauge_migration.step_unit\n    {begun}))"
    text += " AS kit_open \\gset\n\\if :kit_open\n"
    started, done = (_fill(_NOTE, step, direction=direction, unit=name, state=state) for state in ("started", "done"))
    if unit.transactional:
        text += _transaction(tree, step, script, unit, done)
    else:
        text += started + _outside(tree, step, script, unit) + done
    return f"{text}\\endif\n\n"


def _transaction(tree: Tree, step: Step, script: Script, unit: Unit, before_commit: str) -> str:
    """A unit under its locks, and what commits together with it."""
    return (
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n"
        + _what_runs(step, script, unit)
        + ":kit_begin\n"
        + _mark(tree, script, unit)
        + forget_variables(unit.text)
        + ended(unit.text)
        + f"{_end_of_text()}:kit_settle\n{before_commit}COMMIT;\n"
    )


def _conclusion(tree: Tree, step: Step, *, rollback: bool) -> str:
    """Verification and bookkeeping of a divided step, in a transaction that locks nothing."""
    begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n" + _say_what_runs(step, "", "")
    return f"{begin}:kit_begin\n:kit_settle\n{_conclude(tree, step, rollback=rollback)}COMMIT;\n"


def _outside(tree: Tree, step: Step, script: Script, unit: Unit) -> str:
    """A unit's statements one by one, outside any transaction."""
    statements = sqltext.split(unit.text)
    text = "CLOSE ALL; DISCARD TEMP; DEALLOCATE ALL;\n" + _what_runs(step, script, unit) + ":kit_pin\n"
    if indexes := [found for s in statements if (found := concurrent_index(s.text))]:
        wanted = ", ".join(f"({literal(table)}, {literal(name)})" for table, name in indexes)
        text += (
            f"-- What an interrupted CREATE INDEX CONCURRENTLY left would be kept.\n{_INVALID.format(wanted=wanted)}"
        )
    text += _mark(tree, script, unit) + forget_variables(unit.text)
    end = 0
    for statement in statements:
        before, end = unit.text[end : statement.offset], statement.offset + len(statement.text)
        text += before + _bounded(statement)
        if closing := re.match(r"\s*;", unit.text[end:]):
            end += closing.end()
    return f"{text}{unit.text[end:].rstrip()}\n{_end_of_text()}:kit_pin\n"


def _bounded(statement: sqltext.Statement) -> str:
    """A statement outside a transaction, with what bounds its waiting for locks."""
    if waits_harmlessly(statement) or statement.words[:1] in (("SET",), ("RESET",)):
        return f"{statement.text};"
    if _NOT_IN_A_FUNCTION.match(" ".join(statement.words)):
        return f"SET lock_timeout = :'kit_lock_timeout';\n{statement.text};\nSET lock_timeout = 0;"
    return f"SET nxtgauge_migration.statement = {dollar_quoted(statement.text, 'statement')};\n:kit_patiently"


def _what_runs(step: Step, script: Script, unit: Unit) -> str:
    locks = ", ".join(f"{lock.table}: {lock.mode}" for lock in unit.locks)
    return _say_what_runs(step, unit.name if len(script.units) > 1 else "", locks)


def _say_what_runs(step: Step, unit: str, locks: str) -> str:
    said = {"step": step.id, "unit": unit, "locks": locks}
    return "".join(f"SET nxtgauge_migration.{name} = {literal(value)};\n" for name, value in said.items())


def forget_variables(text: str) -> str:
    """Keep psql from replacing what looks like one of its variables in the file's SQL, e.g. the bound of a slice."""
    return "".join(f"\\unset {name}\n" for name in variables(text))


# ---- verification and bookkeeping


def _conclude(tree: Tree, step: Step, *, rollback: bool) -> str:
    """Verify and record, in the open transaction; the verification may write nothing."""
    _, checks = part(step, rollback=rollback)
    text = ""
    if checks:
        verb = "rolled back" if rollback else "applied"
        hint = "the rows above violate the check; nothing of this transaction stays in the database"
        text += "SAVEPOINT verification; SET TRANSACTION READ ONLY;\n\\unset kit_failed\n"
        text += "".join(_gate(tree, check) for check in checks)
        text += _refuse_failed(f"{step.id} was not {verb}: its verification failed", hint)
        text += "ROLLBACK TO SAVEPOINT verification; RELEASE SAVEPOINT verification;\n"
    obsolete = "" if rollback else " AND direction = 'rollback'"
    text += f"DELETE FROM nxtgauge_migration.step_unit WHERE step_id = {literal(step.id)}{obsolete};\n"
    text += _fill(_LOG, step, operation="rollback" if rollback else "apply", checksum=step.checksum)
    return text + _fill(_UNMARK if rollback else _MARK, step)


def _gate(tree: Tree, check: Check) -> str:
    """A check: where it finds rows, show the first of them and remember that it failed."""
    name, file = quoted(f"check failed: {check.name}:"), quoted(f"rows, {check.path.relative_to(tree.root)}")
    query_of(check)
    return (
        f"-- check: {check.name}\n{forget_variables(check.text)}"
        f"DECLARE nxtgauge_check SCROLL CURSOR FOR\n{ended(check.text.lstrip(chr(10)))}"
        "MOVE FORWARD 1 IN nxtgauge_check;\n\\if :ROW_COUNT\n"
        "MOVE FORWARD ALL IN nxtgauge_check;\n"
        "SELECT 1 + :ROW_COUNT AS kit_rows, true AS kit_failed \\gset\n"
        f"\\echo {name} :kit_rows {file}\n"
        "MOVE ABSOLUTE 0 IN nxtgauge_check;\n"
        f"\\o\nFETCH FORWARD {SHOWN} FROM nxtgauge_check;\n\\o :kit_null\n"
        "\\endif\nCLOSE nxtgauge_check;\n"
    )


def _only_if(check: Check, text: str) -> str:
    """A preflight check under what the caller accepts and what is to run."""
    if check.consent:
        text = f"\\if :kit_{check.consent.replace('-', '_')}\n\\else\n{text}\\endif\n"
    return f"\\if :kit_{check.stage}\n{text}\\endif\n" if check.stage else text


def _refuse_failed(message: str, hint: str) -> str:
    return (
        "\\if :{?kit_failed}\n\\set SHOW_CONTEXT never\n"
        f"\\set kit_message {quoted(message)}\n\\set kit_hint {quoted(hint)}\n:kit_refuse\n\\endif\n"
    )


def _ways_out(checks: Sequence[Check]) -> str:
    consents = [c.replace("-", "_") for c in CONSENTS if any(check.consent == c for check in checks)]
    ways = [f"; -v {name}=1 lets {name.removeprefix('accept_')} happen for the rows it names" for name in consents]
    if any(check.stage for check in checks):
        ways.append("; a script printed with --expand-only does without what concerns contract only")
    return "".join(ways)


# ---- reading matter


def _heading(text: str) -> str:
    return f"-- ==== {text} ".ljust(_RULE, "=") + "\n\n"


def _preface(script: Script) -> str:
    """What a divided file says before its first unit."""
    text = script.text[: script.units[0].offset].strip()
    return f"{text}\n\n" if text else ""


def _mark(tree: Tree, script: Script, unit: Unit) -> str:
    line = sqltext.line_of(script.text, unit.offset)
    return f"-- ---- {script.path.relative_to(tree.root)}, from line {line} ".ljust(_RULE, "-") + "\n"


def _end_of_text() -> str:
    return f"-- {'-' * (_RULE - 3)}\n"


def _announce_contract(tree: Tree, step: Step) -> str:
    siblings = [s.id for s in tree.steps if s.phase == step.phase and s.kind == "contract"]
    if not siblings or step.id != siblings[0]:
        return ""
    text = f"  contract: from {step.id} on the backend of before phase {step.phase} no longer works"
    return f"\\echo {quoted(text)}\n"


def _count(checks: Sequence[Check]) -> str:
    return f"{len(checks)} {'check' if len(checks) == 1 else 'checks'}"


def _fill(template: str, step: Step, **values: str) -> str:
    return template.format(id=literal(step.id), **values)
