"""Write the pages that are generated: on a throw-away server, from the audited database and from one after all phases.

python -m docs.generate    (`make docs`)
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import psycopg

from docs.catalogue import Catalogue, read_catalogue
from docs.mapping_page import old_to_new_mapping, problems, rules_of
from docs.plan_page import migration_plan
from docs.runbook_figures import runbook
from docs.schema_page import target_schema
from runner.connect import Target, session
from runner.steps import Tree, load_tree, shipped_sql

FOLDER = Path(__file__).parent
_OWNER = "docs_owner"


def pages(before: Catalogue, after: Catalogue, tree: Tree) -> dict[str, str]:
    """The text of each page, by its file's name.

    Raises:
        ValueError: the mapping names what is not there.
    """
    if found := problems(before, after, tree, rules_of(tree)):
        raise ValueError("docs/mapping.csv does not fit the catalogue:\n" + "\n".join(found))
    phases = _phases(tree)
    return {
        "target_schema.md": target_schema(after, phases),
        "old_to_new_mapping.md": old_to_new_mapping(before, after, tree, phases),
        "migration_plan.md": migration_plan(tree),
        "runbook.md": runbook(tree),
    }


def _phases(tree: Tree) -> str:
    numbers = sorted({step.phase for step in tree.steps})
    if len(numbers) == 1:
        return f"phase {numbers[0]}"
    return f"phases {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def main() -> None:
    """Write them into docs/."""
    from runner.embedded import EmbeddedServer, forget_environment

    forget_environment()
    tree = load_tree(shipped_sql())
    with EmbeddedServer.start() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {_OWNER} LOGIN".encode())
        targets = [_database(server, name) for name in ("legacy", "target")]
        _apply(tree, targets[1])
        with session(targets[0], read_only=True) as (legacy, _), session(targets[1], read_only=True) as (target, _):
            made = pages(read_catalogue(legacy, tree.root), read_catalogue(target, tree.root), tree)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}: {len(text.splitlines()):,} lines\n")


def _database(server: Any, name: str) -> Target:
    """The audited database without users: the pages tell of definitions only."""
    from runner.sample import load_sample

    server.create_database(name, owner=_OWNER)
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute(f"ALTER SCHEMA public OWNER TO {_OWNER}".encode())
    target = Target(server.dsn(name, user=_OWNER), "make docs")
    with session(target) as (connection, _):
        load_sample(connection, users=0)
    return target


def _apply(tree: Tree, target: Target) -> None:
    from runner.engine import engine
    from runner.events import Observer
    from runner.locks import LockPolicy
    from runner.plan import Request

    # Nobody waits on this server, and the machine may be slow.
    with engine(target, tree, LockPolicy(hold_ms=10_000), Observer()) as running:
        running.apply(Request(tree.steps))


if __name__ == "__main__":
    main()
