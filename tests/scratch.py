"""Databases that several tests of a module share, each undoing what it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from runner.embedded import EmbeddedServer
from tests import support
from tests.support import Database


@contextmanager
def new_database(server: EmbeddedServer, name: str) -> Iterator[Database]:
    """A database of the plain owner, for as long as a module needs it."""
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        support.hand_over(server, name)
        database = Database(server, name)
        try:
            yield database
        finally:
            database.close()
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
