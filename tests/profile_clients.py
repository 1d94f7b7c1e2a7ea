"""The old and the new backend as threads: warm prepared statements with explicit column lists, on all 13 tables.

Each client writes rows of its own, knows from the acknowledgements what each must be, and reads them back all the time.
Besides, all clients append to the `bio` of shared rows: at the end each acknowledged letter must be there.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import errors

from tests.parking import PATIENCE, text
from tests.profiles import COMMON, PROFILES, Profile, meaning
from tests.support import Connection, Database

FIELDS = ("display_name", "bio", "location", "status", "rejection_reason")
LIMIT = 200_000  # statements of one client, however long it is let run
_TRIES = 50


class Client(threading.Thread):
    """A connection of the application that writes until it is told to stop."""

    letter = "?"
    retried: tuple[type[psycopg.Error], ...] = ()

    def __init__(self, database: Database, seed: int, shared: dict[str, str], users: int = 3) -> None:
        super().__init__(name=f"{type(self).__name__} {seed}", daemon=True)
        self.random = random.Random(seed)
        self.connection: Connection = database.connect(user="app")
        self.shared = shared
        self.users = [str(uuid.UUID(int=self.random.getrandbits(128), version=4)) for _ in range(users)]
        self.rows: dict[tuple[str, str], dict[str, str | None]] = {}
        self.letters: Counter[str] = Counter()
        self.failure: BaseException | None = None
        self.retries: Counter[str] = Counter()
        self.statements = 0
        self.worst = 0.0
        self.worst_statement = ""
        self.halt = threading.Event()
        self._end = time.monotonic() + 4 * PATIENCE
        self._names = 0
        for user in self.users:
            self._sign_up(user)

    def run(self) -> None:
        """Write until told to stop."""
        try:
            while not self.halt.is_set() and self.statements < LIMIT and time.monotonic() < self._end:
                self.act()
        except BaseException as error:  # the test raises it again
            self.failure = error

    def stop(self) -> None:
        """End, and raise what went wrong."""
        self.halt.set()
        self.join(PATIENCE)
        assert not self.is_alive(), f"{self.name} hangs in {self.worst_statement}"
        if self.failure is not None:
            raise AssertionError(f"{self.name}: {self.failure!r}") from self.failure

    def act(self) -> None:
        """One thing that a backend does."""
        raise NotImplementedError

    # --- helpers -----------------------------------------------------------------------------------------------------

    def execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Execute a prepared statement, and keep how long the worst of all took."""
        begin = time.monotonic()
        cursor = self.connection.execute(text(statement), values, prepare=True)
        found = cursor.fetchall() if cursor.description else []
        waited = time.monotonic() - begin
        if waited > self.worst:
            self.worst, self.worst_statement = waited, statement
        self.statements += 1
        return found

    def repeat(self, work: Callable[[], None]) -> None:
        """Do a transaction again for as long as the server asks for that."""
        for _ in range(_TRIES):
            try:
                with self.connection.transaction():
                    work()
                return
            except self.retried as error:
                self.retries[type(error).__name__] += 1
        raise AssertionError(f"{_TRIES} tries were not enough")

    def fresh(self, profile: Profile, statuses: Sequence[str | None]) -> dict[str, str | None]:
        """Values that the table accepts, different each time."""
        self._names += 1
        status = self.random.choice([s for s in statuses if meaning(s) not in profile.without])
        return {
            "display_name": f"{self.name} {self._names} ü",
            "bio": self.random.choice((None, "", f"bio {self._names}")),
            "location": self.random.choice(("", f"city {self._names}")),
            "status": status,
            "rejection_reason": f"reason {self._names}",
        }

    def some(self) -> tuple[Profile, str]:
        """A table and a user of one's own."""
        return self.random.choice(PROFILES), self.random.choice(self.users)

    def _sign_up(self, user: str) -> None:
        insert = "INSERT INTO public.users (id, email, password_hash) VALUES (%s, %s, %s)"
        self.execute(insert, user, f"{user}@example.in", "x")

    def new_id(self) -> str:
        """An id of a row."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


class OldBackend(Client):
    """Knows of no root. No statement of it may ever fail, with the one exception that REPEATABLE READ always has."""

    letter = "o"
    retried = (errors.SerializationFailure,)

    def __init__(self, database: Database, seed: int, shared: dict[str, str], users: int = 3) -> None:
        super().__init__(database, seed, shared, users)
        self.has_merge = self.connection.info.server_version >= 150000

    def act(self) -> None:
        """One thing that the old backend does."""
        profile, user = self.some()
        acts = (
            *(self._write,) * 8,
            *(self._read,) * 3,
            *(self._append,) * 3,
            *(self._remove,) * 2,
            *(self._several, self._upsert, self._ignore, self._together, self._repeatable, self._leave),
        )
        self.random.choice(acts)(profile, user)

    def _write(self, profile: Profile, user: str) -> None:
        row = self.rows.get((profile.role, user))
        if row is None:
            self._insert(profile, user, "")
        else:
            self._set(profile, user, self.fresh(profile, profile.statuses))

    def _insert(self, profile: Profile, user: str, suffix: str) -> None:
        row = {"id": self.new_id(), **self.fresh(profile, profile.statuses)}
        columns = ("id", "user_id", *FIELDS, *profile.trade)
        statement = f"INSERT INTO public.{profile.table} ({', '.join(columns)}) VALUES ({_marks(columns)}) {suffix}"
        self.execute(statement, row["id"], user, *(row[n] for n in FIELDS), *profile.trade.values())
        self.rows[profile.role, user] = row

    def _set(self, profile: Profile, user: str, new: dict[str, str | None]) -> None:
        sets = ", ".join(f"{name} = %s" for name in FIELDS)
        row = self.rows[profile.role, user]
        self.execute(f"UPDATE public.{profile.table} SET {sets} WHERE id = %s", *(new[n] for n in FIELDS), row["id"])
        row.update(new)

    def _read(self, profile: Profile, user: str) -> None:
        columns = ", ".join(("id::text", *(f"{name}::text" for name in FIELDS)))
        found = self.execute(f"SELECT {columns} FROM public.{profile.table} WHERE user_id = %s", user)
        row = self.rows.get((profile.role, user))
        expected = [] if row is None else [(row["id"], *(row[name] for name in FIELDS))]
        assert found == expected, f"{profile.table} of {user}: {found}, written was {expected}"

    def _append(self, profile: Profile, user: str) -> None:
        statement = f"UPDATE public.{profile.table} SET bio = bio || %s WHERE id = %s"
        self.execute(statement, self.letter, self.shared[profile.role])
        self.letters[profile.role] += 1

    def _remove(self, profile: Profile, user: str) -> None:
        row = self.rows.pop((profile.role, user), None)
        if row is not None:
            self.execute(f"DELETE FROM public.{profile.table} WHERE id = %s", row["id"])

    def _several(self, profile: Profile, user: str) -> None:
        """Statements that write several rows at once."""
        mine = [u for u in self.users if (profile.role, u) in self.rows]
        others = [u for u in self.users if u not in mine]
        if others:
            new = {u: {"id": self.new_id(), **self.fresh(profile, profile.statuses)} for u in others}
            columns = ("id", "user_id", *FIELDS, *profile.trade)
            lines = ", ".join(f"({_marks(columns)})" for _ in others)
            flat = [v for u in others for v in (new[u]["id"], u, *(new[u][n] for n in FIELDS), *profile.trade.values())]
            self.execute(f"INSERT INTO public.{profile.table} ({', '.join(columns)}) VALUES {lines}", *flat)
            self.rows |= {(profile.role, u): row for u, row in new.items()}
        elif self.random.random() < 0.7:
            place = self.fresh(profile, profile.statuses)["location"]
            self.execute(f"UPDATE public.{profile.table} SET location = %s WHERE user_id = ANY(%s)", place, self.users)
            for u in mine:
                self.rows[profile.role, u]["location"] = place
        else:
            self.execute(f"DELETE FROM public.{profile.table} WHERE user_id = ANY(%s)", self.users)
            for u in mine:
                del self.rows[profile.role, u]

    def _upsert(self, profile: Profile, user: str) -> None:
        """INSERT … ON CONFLICT DO UPDATE, and MERGE where the server has it."""
        row = self.rows.get((profile.role, user))
        new = self.fresh(profile, profile.statuses)
        row_id = self.new_id()
        columns = ("id", "user_id", *FIELDS, *profile.trade)
        values = (row_id, user, *(new[n] for n in FIELDS), *profile.trade.values())
        if self.has_merge and self.random.random() < 0.5:
            casts = ", ".join("%s" for _ in columns)
            sets = ", ".join(f"{n} = %s" for n in FIELDS)
            self.execute(
                f"MERGE INTO public.{profile.table} AS t USING (SELECT %s::uuid AS owner) AS s ON t.user_id = s.owner"
                f" WHEN MATCHED THEN UPDATE SET {sets}"
                f" WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES ({casts})",
                *(user, *(new[n] for n in FIELDS), *values),
            )
        elif profile.is_unique:
            sets = ", ".join(f"{n} = excluded.{n}" for n in FIELDS)
            self.execute(
                f"INSERT INTO public.{profile.table} ({', '.join(columns)}) VALUES ({_marks(columns)})"
                f" ON CONFLICT (user_id) DO UPDATE SET {sets}",
                *values,
            )
        else:
            return
        self.rows[profile.role, user] = {"id": row_id if row is None else row["id"], **new}

    def _ignore(self, profile: Profile, user: str) -> None:
        """INSERT … ON CONFLICT DO NOTHING, on a row that is there."""
        row = self.rows.get((profile.role, user))
        if row is None:
            return
        new = {**self.fresh(profile, profile.statuses), "id": row["id"]}
        columns = ("id", "user_id", *FIELDS, *profile.trade)
        self.execute(
            f"INSERT INTO public.{profile.table} ({', '.join(columns)}) VALUES ({_marks(columns)})"
            " ON CONFLICT DO NOTHING",
            *(new["id"], user, *(new[n] for n in FIELDS), *profile.trade.values()),
        )

    def _together(self, profile: Profile, user: str) -> None:
        """A transaction that writes several profiles."""
        before = {key: dict(row) for key, row in self.rows.items()}
        with self.connection.transaction(force_rollback=self.random.random() < 0.3) as transaction:
            for other in self.random.sample(PROFILES, 4):
                self._write(other, user)
                self._read(other, user)
        if transaction.force_rollback:
            self.rows = before

    def _repeatable(self, profile: Profile, user: str) -> None:
        """A transaction in REPEATABLE READ, which must be ready for a serialization failure at any time."""
        if (profile.role, user) not in self.rows:
            return
        new = self.fresh(profile, profile.statuses)
        before = dict(self.rows[profile.role, user])

        def work() -> None:
            self.rows[profile.role, user] = dict(before)
            self.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self._read(profile, user)
            self._set(profile, user, new)
            self._read(profile, user)

        self.repeat(work)

    def _leave(self, profile: Profile, user: str) -> None:
        """A user is deleted while everybody writes; one that keeps it, or has no foreign key, is deleted before."""
        if self.random.random() < 0.7:
            return
        with self.connection.transaction():
            for other in PROFILES:
                if other.keeps_user or not other.has_user_fk:
                    self._remove(other, user)
            self.execute("DELETE FROM public.users WHERE id = %s", user)
        self.rows = {key: row for key, row in self.rows.items() if key[1] != user}
        self._sign_up(user)


class NewBackend(Client):
    """Writes roots, by the rules of its contract: it locks the profile before the root, and repeats what deadlocked."""

    letter = "n"
    retried = (errors.DeadlockDetected,)

    def __init__(self, database: Database, seed: int, shared: dict[str, str], users: int = 3) -> None:
        super().__init__(database, seed, shared, users)
        self.ready: set[str] = set()

    def act(self) -> None:
        """One thing that the new backend does, with a table that has come far enough."""
        profile, user = self.some()
        if profile.role not in self.ready:
            seen = self.execute(
                "SELECT 1 FROM pg_catalog.pg_trigger WHERE tgname = %s", f"carry_root_to_{profile.table}"
            )
            if not seen:
                self.halt.wait(0.005)
                return
            self.ready.add(profile.role)
        acts = (*(self._write,) * 8, *(self._read,) * 3, *(self._append,) * 3, *(self._remove,) * 2)
        self.random.choice(acts)(profile, user)

    def _write(self, profile: Profile, user: str) -> None:
        new = self.fresh(profile, ("pending", "approved", "rejected", "suspended", "draft"))
        row = self.rows.get((profile.role, user))
        if row is None:
            made = {"root": self.new_id(), "id": self.new_id(), **new}
            self.repeat(lambda: self._create(profile, user, made))
            self.rows[profile.role, user] = made
        else:
            self.repeat(lambda: self._set(profile, row, new))
            row.update(new)

    def _create(self, profile: Profile, user: str, row: dict[str, str | None]) -> None:
        columns = ("id", "user_id", "role_key", *FIELDS)
        self.execute(
            f"INSERT INTO public.user_role_profiles ({', '.join(columns)}) VALUES ({_marks(columns)})",
            *(row["root"], user, profile.role, *(row[n] for n in FIELDS)),
        )
        own = ("id", "user_role_profile_id", *profile.trade)
        self.execute(
            f"INSERT INTO public.{profile.table} ({', '.join(own)}) VALUES ({_marks(own)})",
            *(row["id"], row["root"], *profile.trade.values()),
        )

    def _lock(self, profile: Profile, root: str | None) -> None:
        self.execute(f"SELECT FROM public.{profile.table} WHERE user_role_profile_id = %s FOR NO KEY UPDATE", root)

    def _set(self, profile: Profile, row: dict[str, str | None], new: dict[str, str | None]) -> None:
        self._lock(profile, row["root"])
        sets = ", ".join(f"{name} = %s" for name in FIELDS)
        self.execute(
            f"UPDATE public.user_role_profiles SET {sets} WHERE id = %s", *(new[n] for n in FIELDS), row["root"]
        )

    def _read(self, profile: Profile, user: str) -> None:
        columns = ", ".join(("r.id::text", "e.id::text", *(f"r.{name}" for name in FIELDS)))
        found = self.execute(
            f"SELECT {columns} FROM public.user_role_profiles AS r JOIN public.{profile.table} AS e"
            " ON (e.user_role_profile_id, e.role_key) = (r.id, r.role_key) WHERE r.user_id = %s",
            user,
        )
        row = self.rows.get((profile.role, user))
        expected = [] if row is None else [(row["root"], row["id"], *(row[name] for name in FIELDS))]
        assert found == expected, f"{profile.table} of {user}: {found}, written was {expected}"

    def _append(self, profile: Profile, user: str) -> None:
        by_id = f"SELECT user_role_profile_id::text FROM public.{profile.table} WHERE id = %s"
        ((root,),) = self.execute(by_id, self.shared[profile.role])
        if root is None:  # the backfill has not come to it yet
            return

        def work() -> None:
            self._lock(profile, root)
            self.execute("UPDATE public.user_role_profiles SET bio = bio || %s WHERE id = %s", self.letter, root)

        self.repeat(work)
        self.letters[profile.role] += 1

    def _remove(self, profile: Profile, user: str) -> None:
        row = self.rows.pop((profile.role, user), None)
        if row is None:
            return

        def work() -> None:
            self._lock(profile, row["root"])
            if self.random.random() < 0.5:
                self.execute("DELETE FROM public.user_role_profiles WHERE id = %s", row["root"])
            else:
                self.execute(f"DELETE FROM public.{profile.table} WHERE id = %s", row["id"])

        self.repeat(work)


class NewBackendAlone(NewBackend):
    """Knows roots only, as it must from contract on: deletes a profile by its root, and never names a legacy column."""

    def __init__(self, database: Database, seed: int, shared: dict[str, str], users: int = 3) -> None:
        super().__init__(database, seed, shared, users)
        self.has_merge = self.connection.info.server_version >= 150000

    def act(self) -> None:
        """One thing that the new backend does."""
        profile, user = self.some()
        acts = (
            *(self._write,) * 8,
            *(self._read,) * 3,
            *(self._append,) * 3,
            *(self._remove,) * 2,
            *(self._upsert, self._merge, self._practise, self._together, self._leave),
        )
        self.random.choice(acts)(profile, user)

    def _remove(self, profile: Profile, user: str) -> None:
        row = self.rows.pop((profile.role, user), None)
        if row is None:
            return

        def work() -> None:
            self._lock(profile, row["root"])
            self.execute("DELETE FROM public.user_role_profiles WHERE id = %s", row["root"])

        self.repeat(work)

    def _upsert(self, profile: Profile, user: str) -> None:
        """INSERT … ON CONFLICT DO UPDATE of the root, then the extension if it isn't there."""
        row, new = self._next(profile, user)
        columns = ("id", "user_id", "role_key", *FIELDS)
        sets = ", ".join(f"{n} = excluded.{n}" for n in FIELDS)

        def work() -> None:
            self._lock(profile, row["root"])
            self.execute(
                f"INSERT INTO public.user_role_profiles ({', '.join(columns)}) VALUES ({_marks(columns)})"
                f" ON CONFLICT (user_id, role_key) DO UPDATE SET {sets}",
                *(row["root"], user, profile.role, *(new[n] for n in FIELDS)),
            )
            self._extend(profile, row)

        self.repeat(work)
        self.rows[profile.role, user] = {**row, **new}

    def _merge(self, profile: Profile, user: str) -> None:
        """MERGE into the root where the server has it."""
        if not self.has_merge:
            self._upsert(profile, user)
            return
        row, new = self._next(profile, user)
        columns = ("id", "user_id", "role_key", *FIELDS)
        sets = ", ".join(f"{n} = %s" for n in FIELDS)

        def work() -> None:
            self._lock(profile, row["root"])
            self.execute(
                "MERGE INTO public.user_role_profiles AS r USING (SELECT %s::uuid AS owner, %s AS role) AS s"
                " ON r.user_id = s.owner AND r.role_key = s.role"
                f" WHEN MATCHED THEN UPDATE SET {sets}"
                f" WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES ({_marks(columns)})",
                *(user, profile.role, *(new[n] for n in FIELDS)),
                *(row["root"], user, profile.role, *(new[n] for n in FIELDS)),
            )
            self._extend(profile, row)

        self.repeat(work)
        self.rows[profile.role, user] = {**row, **new}

    def _next(self, profile: Profile, user: str) -> tuple[dict[str, str | None], dict[str, str | None]]:
        """The ids that a profile has or will have, and its next values."""
        row = self.rows.get((profile.role, user)) or {"root": self.new_id(), "id": self.new_id()}
        return row, self.fresh(profile, ("pending", "approved", "rejected", "suspended", "draft"))

    def _extend(self, profile: Profile, row: dict[str, str | None]) -> None:
        own = ("id", "user_role_profile_id", *profile.trade)
        self.execute(
            f"INSERT INTO public.{profile.table} ({', '.join(own)}) VALUES ({_marks(own)})"
            " ON CONFLICT (user_role_profile_id) DO NOTHING",
            *(row["id"], row["root"], *profile.trade.values()),
        )

    def _practise(self, profile: Profile, user: str) -> None:
        """Fields of the trade are the extension's own."""
        row = self.rows.get((profile.role, user))
        if row is not None and profile.trade:
            sets = ", ".join(f"{name} = %s" for name in profile.trade)
            statement = f"UPDATE public.{profile.table} SET {sets} WHERE user_role_profile_id = %s"
            self.execute(statement, *profile.trade.values(), row["root"])

    def _together(self, profile: Profile, user: str) -> None:
        """A transaction that writes several profiles."""
        before = {key: dict(row) for key, row in self.rows.items()}
        several = self.random.sample(PROFILES, 4)
        fails = self.random.random() < 0.3

        def work() -> None:
            self.rows = {key: dict(row) for key, row in before.items()}
            for other in several:
                self._write(other, user)
                self._read(other, user)
            if fails:
                raise psycopg.Rollback

        self.repeat(work)
        if fails:
            self.rows = before

    def _leave(self, profile: Profile, user: str) -> None:
        """A user is deleted, with all roots and so all profiles; those that keep the user until contract go before."""
        if self.random.random() < 0.7:
            return
        for other in PROFILES:
            if other.keeps_user:
                self._remove(other, user)

        def work() -> None:
            self.execute("DELETE FROM public.users WHERE id = %s", user)

        self.repeat(work)
        self.rows = {key: row for key, row in self.rows.items() if key[1] != user}
        self._sign_up(user)


def share(database: Database) -> dict[str, str]:
    """Make a row of each table that all clients write; returns their ids by role."""
    user = str(uuid.UUID(int=0xD0 << 120))
    ids: dict[str, str] = {}
    with database.connect(user="app") as connection:
        connection.execute(
            "INSERT INTO public.users (id, email, password_hash) VALUES (%s, 'shared@x.in', 'x')", (user,)
        )
        for number, profile in enumerate(PROFILES):
            ids[profile.role] = str(uuid.UUID(int=0xD1 << 120 | number))
            columns = ("id", "user_id", "display_name", "bio", "location", *profile.trade)
            connection.execute(
                text(f"INSERT INTO public.{profile.table} ({', '.join(columns)}) VALUES ({_marks(columns)})"),
                (ids[profile.role], user, "shared", "", "", *profile.trade.values()),
            )
    return ids


def differences(database: Database) -> list[tuple[Any, ...]]:
    """The profiles whose legacy columns are not what their root says, or that have none."""
    found: list[tuple[Any, ...]] = []
    for profile in PROFILES:
        names = [name for name in COMMON if name not in ("status", "approved_at")]
        same = " AND ".join(f"e.{name}::text IS NOT DISTINCT FROM r.{name}::text" for name in names)
        found += database.rows(
            f"SELECT '{profile.table}', to_jsonb(e), to_jsonb(r) FROM public.{profile.table} AS e"
            " LEFT JOIN public.user_role_profiles AS r ON r.id = e.user_role_profile_id"
            f" WHERE r.id IS NULL OR r.role_key <> '{profile.role}'"
            f" OR lower(r.user_id::text) IS DISTINCT FROM lower(e.user_id::text)"
            f" OR r.status <> nxtgauge_migration.normalised_status(e.status::text) OR NOT ({same})"
        )
    return found


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("%s" for _ in columns)
