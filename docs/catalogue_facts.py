"""Write the function `catalogue_facts()` of `sql/engine/catalogue_begin.sql` from `sql/proof/fingerprint.sql`.

python -m docs.catalogue_facts    (after a change of the fingerprint)

Drift is measured with the very facts of the fingerprint, and those of the kit's own schemas too. The function is
written out so that the file remains plain SQL that psql runs as it is; a test holds the two together.
"""

from __future__ import annotations

import re
from pathlib import Path

from runner.proof import FIXED
from runner.steps import shipped_sql

_BEGIN = "-- >>> written by docs/catalogue_facts.py from sql/proof/fingerprint.sql\n"
_END = "-- <<<\n"
_OWN_SCHEMAS = re.compile(r"\n *AND +n\.nspname !~ '\^nxtgauge_migration[^\n]*")
_NO_EFFECT = "statement_timeout"  # a function cannot change how long the statement that calls it may take


def function(fingerprint: str) -> str:
    """The statement that creates the function, from the text of the fingerprint's query."""
    query = fingerprint[fingerprint.index("\nWITH\n") + 1 : fingerprint.index("\nSELECT line\n")]
    query, left_out = _OWN_SCHEMAS.subn("", query)
    if left_out != 1 or "$facts$" in query:
        raise ValueError("sql/proof/fingerprint.sql does not leave out the kit's schemas in the way this module knows")
    settings = "\n".join(
        f"    SET {name} = {value if name == 'search_path' else repr(value)}"
        for name, value in FIXED.items()
        if name != _NO_EFFECT
    )
    return (
        "CREATE OR REPLACE FUNCTION nxtgauge_migration.catalogue_facts()\n"
        "    RETURNS TABLE (kind text, object text, property text, value text)\n"
        f"    LANGUAGE sql STABLE ROWS 5000\n{settings}\n    SET lock_timeout = '10s'\nAS $facts$\n{query}\n"
        "SELECT f.kind, f.object, f.property, string_agg(f.value, E'\\n' ORDER BY f.value COLLATE \"C\")\n"
        "FROM   facts AS f\n"
        "WHERE  f.value IS NOT NULL\n"
        "GROUP  BY f.kind, f.object, f.property\n"
        "$facts$;\n"
    )


def rewritten(begin: str, fingerprint: str) -> str:
    """`catalogue_begin.sql` with the function of this fingerprint."""
    head, _, rest = begin.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}{function(fingerprint)}{_END}{tail}"


def main() -> None:
    """Write it."""
    path = Path(shipped_sql()) / "engine" / "catalogue_begin.sql"
    fingerprint = (shipped_sql() / "proof" / "fingerprint.sql").read_text(encoding="utf-8")
    path.write_text(rewritten(path.read_text(encoding="utf-8"), fingerprint), encoding="utf-8")


if __name__ == "__main__":
    main()
