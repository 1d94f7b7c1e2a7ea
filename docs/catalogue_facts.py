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
_RARE = "\n\n    UNION ALL\n    -- Few databases have any of what follows.\n"
_NOT_FOR_RARE = "columns AS MATERIALIZED ("  # and what is defined after it

# What the rare facts are read from: empty, or what PostgreSQL brings along.
_ANY_RARE = """\
EXISTS (
    SELECT FROM pg_catalog.pg_publication
    UNION ALL
    SELECT FROM pg_catalog.pg_subscription
    UNION ALL
    SELECT FROM pg_catalog.pg_event_trigger
    UNION ALL
    SELECT FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT FROM pg_catalog.pg_cast       WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_operator   WHERE oprnamespace  <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT FROM pg_catalog.pg_collation  WHERE collnamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT FROM pg_catalog.pg_ts_dict    WHERE dictnamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT FROM pg_catalog.pg_ts_config  WHERE cfgnamespace  <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT FROM pg_catalog.pg_opclass    WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_opfamily   WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_amop       WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_amproc     WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_conversion WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_transform  WHERE oid >= 16384
    UNION ALL
    SELECT FROM pg_catalog.pg_am         WHERE oid >= 16384
)"""

_SELECT = """\
)

SELECT f.kind, f.object, f.property, string_agg(f.value, E'\\n' ORDER BY f.value COLLATE "C")
FROM   facts AS f
WHERE  f.value IS NOT NULL
GROUP  BY f.kind, f.object, f.property;
"""


def function(fingerprint: str) -> str:
    """The statement that creates the function, from the text of the fingerprint's query.

    In a session that has looked up nothing yet, to plan the query takes as long as to run it on the audited schema, a
    third of that for what hardly any database has. And a session keeps the plan that PL/pgSQL has made: that of the
    beginning of a run serves its end, where there may be thousands of tables more, so no join may be a nested loop.
    """
    query = fingerprint[fingerprint.index("\nWITH\n") + 1 : fingerprint.index("\n)\n\nSELECT line\n")]
    query, left_out = _OWN_SCHEMAS.subn("", query)
    common, _, rare = query.partition(_RARE)
    if left_out != 1 or not rare or "$facts$" in query:
        raise ValueError("sql/proof/fingerprint.sql is not built in the way this module knows")
    facts = query[query.index("\nfacts (") + 1 :].partition("\n")[0]
    needed = query.partition(_NOT_FOR_RARE)[0]
    settings = "\n".join(
        f"    SET {name} = {value if name == 'search_path' else repr(value)}"
        for name, value in FIXED.items()
        if name != _NO_EFFECT
    )
    return (
        "-- A session keeps the plan, and its next reading may find many times as much: hence no nested loops.\n"
        "CREATE OR REPLACE FUNCTION nxtgauge_migration.catalogue_facts()\n"
        "    RETURNS TABLE (kind text, object text, property text, value text)\n"
        f"    LANGUAGE plpgsql STABLE ROWS 5000\n{settings}\n"
        "    SET lock_timeout = '10s'\n"
        "    SET enable_nestloop = 'off'\n"
        "AS $facts$\n#variable_conflict use_column\n"
        "BEGIN\n"
        f"RETURN QUERY\n{common}\n{_SELECT}\n"
        "-- Few databases have any of what follows, and to plan it takes a third of the time in a new session.\n"
        f"IF {_ANY_RARE} THEN\nRETURN QUERY\n{needed}{facts}\n{rare}\n{_SELECT}END IF;\nEND\n$facts$;\n"
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
