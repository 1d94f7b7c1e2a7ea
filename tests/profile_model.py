"""What every row must be, after any sequence of writes of both backends and of applies and rollbacks of Phase 2.

The model knows the design, not the SQL. Where the design leaves a choice (how a status is spelled that the old backend
never wrote, which id a root gets at first) the model takes over what the database chose, and holds it to that
from then on.
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from tests import profiles
from tests.parking import text
from tests.profiles import COMMON, LINK, PROFILES, Profile, meaning
from tests.support import Connection, Database

Mode = Literal["legacy", "expand", "contract"]
Values = dict[str, str | None]

NOT_NULL, FOREIGN_KEY, UNIQUE, BAD_TEXT = "23502", "23503", "23505", "22P02"
_FUZZY = "\0"  # the spelling that would return is not known to the model


@dataclass
class Row:
    """A row of a profile table."""

    profile: Profile
    id: str
    user: str | None
    fields: Values
    created: int
    trade: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str | None] = field(default_factory=dict)
    root: str | None = None
    memory: str | None = None  # the spelling of the old backend that the present one stands in for
    has_memory: bool = False
    is_bare: bool = False  # it came when the legacy columns were away

    @property
    def user_id(self) -> str | None:
        """The user it names, None if it names none."""
        try:
            return None if self.user is None else str(uuid.UUID(self.user))
        except ValueError:
            return None


@dataclass
class Root:
    """A row of user_role_profiles."""

    id: str
    user: str
    role: str
    fields: Values


@dataclass
class Failed(Exception):
    """A difference between the database and the model."""

    what: str

    def __str__(self) -> str:
        return self.what


class World:
    """A database, the model of what it holds, and the writes that change both."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.app = database.connect(user="app")
        self.app.execute("SET timezone = 'Asia/Kolkata'")  # the kit's triggers must not lean on the client's settings
        self.reader = database.connect()
        self.reader.execute("SET timezone = 'UTC'")
        self.mode: Mode = "legacy"
        self.users: list[str] = []
        self.rows: dict[tuple[str, str], Row] = {}
        self.roots: dict[str, Root] = {}
        self.aside: list[Row] = []
        self.parked: list[Root] = []
        self.identity: dict[tuple[str, str], str] = {}
        self.log: list[str] = []
        self._ids = itertools.count(1)

    def close(self) -> None:
        """Close the connections, so that the database can be dropped."""
        self.app.close()
        self.reader.close()

    # --- reading -----------------------------------------------------------------------------------------------------

    def rows_of(self, profile: Profile) -> list[Row]:
        """The rows of a table, in the order in which they came."""
        return [row for row in self.rows.values() if row.profile is profile]

    def root_of(self, user: str | None, role: str) -> Root | None:
        """The root of a user and role."""
        return next((r for r in self.roots.values() if (r.user, r.role) == (user, role)), None)

    def lonely(self, role: str) -> list[Root]:
        """The roots of a role that have no profile."""
        linked = {row.root for row in self.rows.values()}
        return [r for r in self.roots.values() if r.role == role and r.id not in linked]

    # --- users -------------------------------------------------------------------------------------------------------

    def add_user(self) -> None:
        """A user signs up."""
        number = next(self._ids)
        user = str(uuid.UUID(int=0xA0 << 120 | number))
        self._do("INSERT INTO public.users (id, email, password_hash) VALUES (%s, %s, 'x')", user, f"u{number}@x.in")
        self.users.append(user)

    def delete_user(self, u: int) -> None:
        """A user is deleted, with everything that hangs on it."""
        if not self.users:
            return
        user = self.users[u % len(self.users)]
        mine = [row for row in self.rows.values() if row.user_id == user]
        keeps = self.mode != "contract" and any(row.profile.keeps_user for row in mine)
        if not self._do("DELETE FROM public.users WHERE id = %s", user, fails=FOREIGN_KEY if keeps else None):
            return
        self.users.remove(user)
        for row in mine:
            if row.profile.has_user_fk or self.mode != "legacy":
                del self.rows[row.profile.role, row.id]
        self.roots = {key: root for key, root in self.roots.items() if root.user != user}

    # --- the old backend ---------------------------------------------------------------------------------------------

    def old_insert(self, profile: Profile, u: int, v: int, values: Values) -> None:
        """The old backend inserts a profile."""
        fields = self._fit(profile, values, status="old")
        row = Row(profile, self._new_id(profile), self._owner(profile, u, v), fields, next(self._ids))
        error = self._insert_fails(row)
        columns = {
            "id": row.id,
            "user_id": row.user,
            **{name: row.fields[name] for name in COMMON if not (name == "status" and v % 3 == 0)},
            **profile.trade,
            **{link: f"https://x.in/{row.id}" if v % 2 else "" for link in profile.links},
        }
        if v % 3 == 0:
            row.fields["status"] = profile.default_status
        if not self._do_insert(profile, {**columns, "created_at": _moment(row.created)}, fails=error):
            return
        self._adopt_trade(row)
        self.rows[profile.role, row.id] = row
        if self.mode == "legacy":
            return
        root = self.root_of(row.user_id, profile.role)
        if root is None:
            root = self._adopt_root(row)
        row.root = root.id
        self._carry(row)

    def old_update(self, profile: Profile, i: int, values: Values, names: Sequence[str]) -> None:
        """The old backend edits a profile."""
        row = self._pick(profile, i)
        if row is None or not names:
            return
        wanted = {**row.fields, **{name: values[name] for name in names}}
        fields = self._fit(profile, wanted, status="old" if "status" in names else "keep")
        sets = ", ".join(f"{name} = {self._cast(profile, name)}" for name in COMMON)
        self._do(f"UPDATE public.{profile.table} SET {sets} WHERE id = %s", *(fields[n] for n in COMMON), row.id)
        if fields["status"] != row.fields["status"]:
            row.has_memory, row.memory = False, None
        row.fields = fields
        self._carry(row)

    def old_move(self, profile: Profile, i: int, u: int) -> None:
        """The old backend gives a profile to another user."""
        row = self._pick(profile, i)
        if row is None or not self.users:
            return
        user = self.users[u % len(self.users)]
        error = None
        if user != row.user_id:
            others = [r for r in self.rows_of(profile) if r.user_id == user]
            taken = self.root_of(user, profile.role)
            error = UNIQUE if taken or (others and profile.is_unique) else None
        if self._do(f"UPDATE public.{profile.table} SET user_id = %s WHERE id = %s", user, row.id, fails=error):
            row.user = user
            self._carry(row)

    def old_delete(self, profile: Profile, i: int) -> None:
        """Either backend deletes the row of a profile table."""
        row = self._pick(profile, i)
        if row is None:
            return
        self._do(f"DELETE FROM public.{profile.table} WHERE id = %s", row.id)
        del self.rows[profile.role, row.id]
        if self.mode == "expand" and row.root is not None:
            del self.roots[row.root]

    # --- the new backend ---------------------------------------------------------------------------------------------

    def new_root(self, profile: Profile, u: int, values: Values) -> None:
        """The new backend creates a root."""
        if not self.users:
            return
        user = self.users[u % len(self.users)]
        fields = self._fit(profile, values, status="new")
        root = Root(str(uuid.UUID(int=0xB0 << 120 | next(self._ids))), user, profile.role, fields)
        error = UNIQUE if self.root_of(user, profile.role) else None
        columns = ", ".join(("id", "user_id", "role_key", *COMMON))
        if self._do(
            f"INSERT INTO public.user_role_profiles ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            *(root.id, user, profile.role, *(self._utc(fields[name], name) for name in COMMON)),
            fails=error,
        ):
            self.roots[root.id] = root

    def new_extension(self, profile: Profile, i: int) -> None:
        """The new backend inserts the row of the profile table for a root that has none."""
        lonely = self.lonely(profile.role)
        if not lonely:
            return
        root = lonely[i % len(lonely)]
        row = Row(profile, self._new_id(profile), root.user, dict(root.fields), next(self._ids), root=root.id)
        row.has_memory, row.memory, row.is_bare = True, _FUZZY, self.mode == "contract"
        columns = {"id": row.id, "user_role_profile_id": root.id, **profile.trade, "created_at": _moment(row.created)}
        self._do_insert(profile, columns)
        self._adopt_trade(row)
        self.rows[profile.role, row.id] = row
        if self.mode == "expand":
            self._adopt_status(row)

    def new_update(self, profile: Profile, i: int, values: Values, names: Sequence[str]) -> None:
        """The new backend edits a root; as its contract says, it locks the profile before."""
        roots = [root for root in self.roots.values() if root.role == profile.role]
        if not roots or not names:
            return
        root = roots[i % len(roots)]
        fields = self._fit(profile, {**root.fields, **{name: values[name] for name in names}}, status="new")
        sets = ", ".join(f"{name} = %s" for name in COMMON)
        with self.app.transaction():
            self._do(f"SELECT FROM public.{profile.table} WHERE user_role_profile_id = %s FOR NO KEY UPDATE", root.id)
            self._do(
                f"UPDATE public.user_role_profiles SET {sets} WHERE id = %s",
                *(self._utc(fields[name], name) for name in COMMON),
                root.id,
            )
        self._set_root(root, fields)

    def new_move(self, profile: Profile, i: int, u: int) -> None:
        """The new backend gives a root to another user."""
        roots = [root for root in self.roots.values() if root.role == profile.role]
        if not roots or not self.users:
            return
        root, user = roots[i % len(roots)], self.users[u % len(self.users)]
        taken = self.root_of(user, profile.role)
        error = UNIQUE if taken is not None and taken is not root else None
        if self._do("UPDATE public.user_role_profiles SET user_id = %s WHERE id = %s", user, root.id, fails=error):
            root.user = user
            for row in self.rows.values():
                if row.root == root.id and row.user_id != user:
                    row.user = user

    def new_delete(self, profile: Profile, i: int) -> None:
        """The new backend deletes a root."""
        roots = [root for root in self.roots.values() if root.role == profile.role]
        if not roots:
            return
        root = roots[i % len(roots)]
        self._do("DELETE FROM public.user_role_profiles WHERE id = %s", root.id)
        del self.roots[root.id]
        self.rows = {key: row for key, row in self.rows.items() if row.root != root.id}

    def relink(self, profile: Profile, i: int, j: int) -> None:
        """The new backend enters a link again: none, or that of a root without a profile."""
        row = self._pick(profile, i)
        if row is None:
            return
        lonely = self.lonely(profile.role)
        statement = f"UPDATE public.{profile.table} SET user_role_profile_id = %s WHERE id = %s"
        if not lonely or j % 3 == 0:
            self._do(statement, None, row.id, fails=NOT_NULL if self.mode == "contract" else None)
            return
        root = lonely[j % len(lonely)]
        self._do(statement, root.id, row.id)
        row.root, row.user = root.id, root.user
        row.has_memory, row.memory = True, _FUZZY
        status = row.fields["status"]
        row.fields = {**root.fields, "status": status}
        if self.mode == "expand" and meaning(status) != root.fields["status"]:
            self._adopt_status(row)

    # --- apply and rollback ------------------------------------------------------------------------------------------

    def apply(self, *args: str) -> None:
        """Phase 2 is applied: the whole, or only what the old backend can live with."""
        target: Mode = "expand" if "--expand-only" in args else "contract"
        if self.mode == "contract" or self.mode == target:
            return
        before = self._trades()
        self.log.append(f"apply {args}")
        profiles.apply(self.database, "--accept-quarantine", *args)
        if self.mode == "legacy":
            self._set_aside()
            self._make_roots()
        self.mode = target
        self._same_trades(before)

    def roll_back(self, *args: str) -> None:
        """Phase 2 is rolled back: whole, or to where the old backend works again."""
        target: Mode = "expand" if args else "legacy"
        if self.mode == "legacy" or self.mode == target:
            return
        before = self._trades()
        self.log.append(f"rollback {args}")
        profiles.roll_back(self.database, *args)
        if self.mode == "contract":
            self._back_from_contract()
        self.mode = target
        if target == "legacy":
            self._park_roots()
            self._bring_back()
        self._same_trades(before)

    def _back_from_contract(self) -> None:
        for row in self.rows.values():
            assert row.root is not None
            root = self.roots[row.root]
            held = row.fields["status"]
            row.fields = {**root.fields, "status": held}
            if row.is_bare or meaning(held) != root.fields["status"]:
                row.has_memory, row.memory, row.is_bare = True, _FUZZY, False
                self._adopt_status(row)
            for link, default in row.profile.links.items():
                row.links.setdefault(link, default)

    def _set_aside(self) -> None:
        for profile in PROFILES:
            seen: set[str] = set()
            ranked = sorted(
                self.rows_of(profile), key=lambda row: (meaning(row.fields["status"]) != "approved", row.created)
            )
            for row in ranked:
                if row.user_id is None or row.user_id not in self.users or row.user_id in seen:
                    self.aside.append(self.rows.pop((profile.role, row.id)))
                else:
                    seen.add(row.user_id)

    def _make_roots(self) -> None:
        links = self._links()
        for row in self.rows.values():
            row.root = links[row.profile.role, row.id]
            known = self.identity.setdefault((row.profile.role, row.id), row.root)
            if row.root != known:
                raise Failed(f"{row.profile.table} {row.id} had the root {known}, and has {row.root} now")
            assert row.user_id is not None
            self.roots[row.root] = Root(row.root, row.user_id, row.profile.role, {})
            self._carry(row)
            row.has_memory, row.memory = False, None
        for root in reversed(self.parked[:]):
            if root.user in self.users and self.root_of(root.user, root.role) is None:
                self.roots[root.id] = root
                self.parked.remove(root)

    def _park_roots(self) -> None:
        for row in self.rows.values():
            assert row.root is not None
            self.identity[row.profile.role, row.id] = row.root
            row.root = None
            row.has_memory, row.memory = False, None
        linked = {self.identity[key] for key in self.rows}
        self.parked += [root for root in self.roots.values() if root.id not in linked]
        self.roots = {}

    def _bring_back(self) -> None:
        for row in self.aside[:]:
            if row.profile.has_user_fk and row.user is not None and row.user not in self.users:
                continue
            if row.profile.is_unique and row.user and any(r.user == row.user for r in self.rows_of(row.profile)):
                continue
            self.rows[row.profile.role, row.id] = row
            self.aside.remove(row)

    # --- comparing ---------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Compare every row of the 13 tables and of the root with the model."""
        for profile in PROFILES:
            found = {row["id"]: row for row in self._read(profile)}
            expected = {row.id: self._expected(row) for row in self.rows_of(profile)}
            for row_id in sorted(found.keys() | expected.keys()):
                have, want = found.get(row_id), expected.get(row_id)
                if have is None or want is None:
                    raise self._failed(profile.table, row_id, have, want)
                have = {name: have.get(name) for name in want}
                if have != want:
                    raise self._failed(profile.table, row_id, have, want)
        self._check_roots()

    def _check_roots(self) -> None:
        if self.mode == "legacy":
            if self._all("SELECT 1 WHERE to_regclass('public.user_role_profiles') IS NOT NULL"):
                raise Failed("the root is still there")
            return
        found = {row[0]["id"]: row[0] for row in self._all("SELECT to_jsonb(r) FROM public.user_role_profiles AS r")}
        for root_id in sorted(found.keys() | self.roots.keys()):
            root = self.roots.get(root_id)
            have = found.get(root_id)
            if have is None or root is None:
                raise self._failed("user_role_profiles", root_id, have, root)
            have = {"user_id": have["user_id"], "role_key": have["role_key"], **_common(have)}
            want = {"user_id": root.user, "role_key": root.role, **root.fields}
            if have != want:
                raise self._failed("user_role_profiles", root_id, have, want)

    def _expected(self, row: Row) -> dict[str, Any]:
        want: dict[str, Any] = {"id": row.id, **{k: v for k, v in row.trade.items() if k != "updated_at"}}
        if self.mode != "contract":
            want |= {"user_id": row.user, **row.fields, **row.links}
        if self.mode != "legacy":
            want |= {"user_role_profile_id": row.root, "role_key": row.profile.role}
        return want

    def _failed(self, table: str, row_id: str, have: Any, want: Any) -> Failed:
        if isinstance(have, dict) and isinstance(want, dict):
            names = [name for name in want if have.get(name) != want[name]]
            have, want = {n: have.get(n) for n in names}, {n: want[n] for n in names}
        history = "\n  ".join(self.log)
        return Failed(f"{table} {row_id} in {self.mode}: is {have}, must be {want}\n  {history}")

    def _trades(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(p.role, row["id"]): _trade(p, row) for p in PROFILES for row in self._read(p)}

    def _same_trades(self, before: dict[tuple[str, str], dict[str, Any]]) -> None:
        """No apply and no rollback touches what is none of its business, updated_at least of all."""
        for key, trade in self._trades().items():
            if key in before and before[key] != trade:
                raise self._failed(*key, trade, before[key])

    def _read(self, profile: Profile) -> list[dict[str, Any]]:
        found = [row for (row,) in self._all(f"SELECT to_jsonb(e) FROM public.{profile.table} AS e")]
        return [{**row, **_common(row)} if "bio" in row else row for row in found]

    def _links(self) -> dict[tuple[str, str], str]:
        return {(p.role, row["id"]): row["user_role_profile_id"] for p in PROFILES for row in self._read(p)}

    # --- helpers -----------------------------------------------------------------------------------------------------

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.reader.execute(text(query), values or None).fetchall()

    def _do(self, statement: str, *values: Any, fails: str | None = None) -> bool:
        """Execute a write of a backend; it must succeed, or fail with one of the SQLSTATEs in ``fails``."""
        return _execute(self.app, statement, values, fails, self.log)

    def _do_insert(self, profile: Profile, columns: dict[str, Any], fails: str | None = None) -> bool:
        marks = ", ".join(self._cast(profile, name) for name in columns)
        statement = f"INSERT INTO public.{profile.table} ({', '.join(columns)}) VALUES ({marks})"
        return self._do(statement, *columns.values(), fails=fails)

    @staticmethod
    def _cast(profile: Profile, name: str) -> str:
        if name == "approved_at":
            return "%s::timestamp" if profile.time_type == "timestamp" else "(%s::timestamp AT TIME ZONE 'UTC')"
        return "%s"

    @staticmethod
    def _utc(value: str | None, name: str) -> str | None:
        return f"{value}+00" if name == "approved_at" and value not in (None, "infinity") else value

    def _new_id(self, profile: Profile) -> str:
        number = next(self._ids)
        scattered = uuid.uuid5(uuid.NAMESPACE_OID, f"{profile.role} {number}")
        return f"Profil {number} ü/'" if profile.role == "ugc_content_creator" and number % 2 else str(scattered)

    def _owner(self, profile: Profile, u: int, v: int) -> str | None:
        orphan = str(uuid.UUID(int=0xC0 << 120 | u))
        if profile.role == "ugc_content_creator" and v in (5, 6, 7):
            return (orphan, "kein uuid", None)[v - 5]
        if profile.role in ("developer", "fitness_trainer") and v == 5:
            return None
        user = self.users[u % len(self.users)] if self.users else orphan
        return user.upper() if profile.role == "ugc_content_creator" and v == 4 else user

    def _insert_fails(self, row: Row) -> str | None:
        """The SQLSTATE with which an old-style insert must fail."""
        if row.profile.has_user_fk and row.user is not None and row.user not in self.users:
            return FOREIGN_KEY
        if self.mode == "legacy":
            taken = row.profile.is_unique and any(r.user == row.user for r in self.rows_of(row.profile) if row.user)
            return UNIQUE if taken else None
        if row.user_id is None:
            return NOT_NULL if row.user is None else f"{BAD_TEXT} {NOT_NULL} {FOREIGN_KEY}"
        if row.user_id not in self.users:
            return FOREIGN_KEY
        return UNIQUE if any(r.user_id == row.user_id for r in self.rows_of(row.profile)) else None

    def _fit(self, profile: Profile, values: Values, *, status: Literal["old", "new", "keep"]) -> Values:
        """Make the values such as the legacy table accepts, since a rollback must be able to write them there."""
        fields = dict(values)
        for name in ("display_name", "location"):
            if name in profile.required and fields[name] is None:
                fields[name] = ""
        spelling = fields["status"]
        if status == "old" and spelling not in profile.statuses:
            fields["status"] = profile.statuses[len(spelling or "") % len(profile.statuses)]
        if status == "new":
            fields["status"] = "pending" if meaning(spelling) in profile.without else meaning(spelling)
        if profile.role == "graphic_designer" and meaning(fields["status"]) == "rejected":
            fields["rejection_reason"] = fields["rejection_reason"] or "darum"
        return fields

    def _pick(self, profile: Profile, i: int) -> Row | None:
        rows = self.rows_of(profile)
        return rows[i % len(rows)] if rows else None

    def _carry(self, row: Row) -> None:
        """Make the root equal to the profile, as the triggers must."""
        if row.root is not None:
            root = self.roots[row.root]
            assert row.user_id is not None
            root.user = row.user_id
            root.fields = {**row.fields, "status": meaning(row.fields["status"])}

    def _set_root(self, root: Root, fields: Values) -> None:
        """Set the root's fields, and those of its profile as the triggers must."""
        root.fields = fields
        row = next((row for row in self.rows.values() if row.root == root.id), None)
        if row is None or self.mode == "contract":
            return
        held, wanted = row.fields["status"], fields["status"]
        assert wanted is not None
        row.fields = {**fields, "status": held}
        if meaning(held) == wanted:
            return
        if not row.has_memory:
            row.has_memory, row.memory = True, held
        if row.memory != _FUZZY and meaning(row.memory) == wanted:
            row.fields["status"] = row.memory
        else:
            self._adopt_status(row)

    def _adopt_root(self, row: Row) -> Root:
        links = self._all(
            f"SELECT user_role_profile_id::text FROM public.{row.profile.table} WHERE id::text = %s", row.id
        )
        root_id = links[0][0]
        known = self.identity.setdefault((row.profile.role, row.id), root_id)
        if known != root_id or root_id is None or root_id in self.roots or row.user_id is None:
            raise Failed(f"{row.profile.table} {row.id} has the root {root_id}, expected is {known} or a new one")
        self.roots[root_id] = Root(root_id, row.user_id, row.profile.role, {})
        return self.roots[root_id]

    def _adopt_status(self, row: Row) -> None:
        """Take over how the database spells a status that the old backend didn't write, if it means what it must."""
        found = self._all(f"SELECT status::text FROM public.{row.profile.table} WHERE id::text = %s", row.id)
        assert row.root is not None
        wanted = self.roots[row.root].fields["status"]
        if not found or meaning(found[0][0]) != wanted:
            raise Failed(f"{row.profile.table} {row.id}: status {found} must mean {wanted}\n  " + "\n  ".join(self.log))
        row.fields["status"] = found[0][0]

    def _adopt_trade(self, row: Row) -> None:
        found = next(r for r in self._read(row.profile) if r["id"] == row.id)
        row.trade = _trade(row.profile, found)
        for name, value in row.profile.trade.items():
            if str(row.trade[name]) != value and not isinstance(row.trade[name], (int, float)):
                raise Failed(f"{row.profile.table} {row.id}: {name} is {row.trade[name]!r}, written was {value!r}")
        row.links = {link: found[link] for link in row.profile.links if link in found}


def _moment(number: int) -> str:
    """A time of its own for each row: which of several rows of a user came first decides which of them stays."""
    return f"2024-01-01 00:00:00.{number:06}+00"


def _trade(profile: Profile, row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in {"id", "user_id", *COMMON, *LINK, *profile.links}}


def _common(row: dict[str, Any]) -> dict[str, Any]:
    """The common fields as text; times without their zone, which is UTC."""
    fields = {name: row[name] for name in COMMON}
    if fields["approved_at"] is not None:
        fields["approved_at"] = fields["approved_at"].removesuffix("+00:00").replace("T", " ")
    return fields


def _execute(
    connection: Connection, statement: str, values: tuple[Any, ...], fails: str | None, log: list[str]
) -> bool:
    log.append(f"{statement} {json.dumps(values, ensure_ascii=False)}")
    try:
        connection.execute(text(statement), values, prepare=True)
    except psycopg.Error as error:
        if fails is None or error.sqlstate not in fails.split():
            raise Failed(f"{error.sqlstate} {error}\n  " + "\n  ".join(log)) from error
        log[-1] += f"  -- {error.sqlstate}"
        return False
    if fails is not None:
        raise Failed(f"must fail with {fails}:\n  " + "\n  ".join(log))
    return True
