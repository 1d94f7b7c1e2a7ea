"""A database with as many profiles as wanted, on the way between phase 1 and the backfill of phase 2."""

from __future__ import annotations

import psycopg

from runner.embedded import EmbeddedServer
from runner.sample import load_sample
from tests.support import OWNER, hand_over, run_kit_process

ROLES = (
    "photographer",
    "tutor",
    "makeup_artist",
    "developer",
    "video_editor",
    "graphic_designer",
    "social_media_manager",
    "fitness_trainer",
    "catering_service",
    "ugc_content_creator",
    "company",
    "customer",
    "job_seeker",
)
TABLES = tuple(f"{role}_profiles" for role in ROLES)

_USERS = """
INSERT INTO public.users (id, email, password_hash)
SELECT md5('user ' || i)::uuid, 'user' || i || '@example.com', 'x' FROM generate_series({first}, {last}) AS i
"""
# Each user has about two roles. Ids are random, as gen_random_uuid() makes them: key order is not the table's order.
_PROFILES = """
INSERT INTO public.{table} (user_id, display_name, bio, location, status, rejection_reason, approved_at{columns})
SELECT md5('user ' || (({begin} + i) % {users} + 1))::uuid, 'Name of user ' || i, repeat(md5(i::text), 5),
    (ARRAY['Mumbai', 'Delhi', 'Chennai', 'Pune'])[1 + i % 4],
    (ARRAY['PENDING', 'APPROVED', 'REJECTED', 'SUSPENDED'])[1 + i % 4]::{status},
    CASE i % 4 WHEN 2 THEN 'photo is missing' END,
    CASE i % 4 WHEN 1 THEN timestamptz '2024-05-01' + i * interval '1s' END
    {values}
FROM generate_series(1, {rows}) AS i
"""


def run_kit(*args: str, dsn: str) -> None:
    """Run the kit in a process of its own.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """
    done = run_kit_process(*args, dsn=dsn)
    if done.exit_code != 0:
        raise RuntimeError(f"{' '.join(args)} ended with {done.exit_code}\n{done.stdout}{done.stderr}")


def create_template(server: EmbeddedServer, name: str, rows: int, *, app: str) -> None:
    """Create the database `name`: `rows` profiles in the 13 tables, everything applied before the backfill.

    `app` is the role of the clients.
    """
    server.create_database(name)
    hand_over(server, name)
    dsn = server.dsn(name, user=OWNER)
    with psycopg.connect(dsn, autocommit=True) as connection:
        load_sample(connection, users=0)
        grants = f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}"
        connection.execute(f"GRANT USAGE ON SCHEMA public TO {app}; {grants}".encode())
    run_kit("apply", "1", dsn=dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        fill(connection, rows)
    run_kit("apply", "2", "--to", "2040", dsn=dsn)
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute("VACUUM (FREEZE, ANALYZE)")
        connection.execute("CHECKPOINT")


def fill(connection: psycopg.Connection[tuple[object, ...]], rows: int) -> None:
    """Write `rows` profiles, evenly over the 13 tables, and the users they belong to."""
    users = max(rows // 2, rows // len(TABLES) + 1)
    # The triggers of phase 1 would plan for empty tables, and keep that plan for half a million users.
    few = min(users, 1000)
    connection.execute(_USERS.format(first=1, last=few).encode())
    connection.execute("ANALYZE")
    connection.execute(_USERS.format(first=few + 1, last=users).encode())
    for number, table in enumerate(TABLES):
        share = rows // len(TABLES) + (number < rows % len(TABLES))
        is_company = table == "company_profiles"
        statement = _PROFILES.format(
            table=table,
            rows=share,
            users=users,
            begin=number * (users // len(TABLES)),
            status="public.company_status" if is_company else "text",
            columns=", legal_name" if is_company else "",
            values=", 'Name of company ' || i" if is_company else "",
        )
        connection.execute(statement.encode())
