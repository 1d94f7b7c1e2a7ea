"""Databases that several tests of a module share, each undoing what it did."""

from __future__ import annotations

from contextlib import AbstractContextManager

from runner.embedded import EmbeddedServer
from tests import support
from tests.support import Database


def new_database(server: EmbeddedServer, name: str) -> AbstractContextManager[Database]:
    """An empty database of the plain owner, for as long as a module needs it."""
    return support.clone(server, name, None)
