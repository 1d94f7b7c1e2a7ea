"""The audit log: fed by triggers, append-only, and never in the way."""

from __future__ import annotations

import psycopg
import pytest

from runner.checks import proving, run_check
from tests import phase3_references as whole
from tests.phase1 import TREE, Picture
from tests.phase2 import contracted_db, contracted_template, expanded_template
from tests.phase3_audit_log import ENTRIES, apply, changes, logged_db, logged_template, roll_back, tree
from tests.phase3_references import GONE
from tests.support import Database, run_kit

__all__ = ["contracted_db", "contracted_template", "expanded_template", "logged_db", "logged_template"]

MARK = "[not recorded]"
USER = "00000000-0000-4000-8000-00000000000a"
LAST_EXPAND = "3063"
NEW_USER = f"INSERT INTO public.users (id, email, password_hash) VALUES ('{USER}', 'a@x.in', 'argon2$x')"


def refuses(database: Database, statement: str, *, user: str = "owner") -> str:
    """Run a statement that must be refused, and return what was said."""
    with (
        database.connect(
            user="app" if user == "app" else "superuser" if user == "superuser" else "owner"
        ) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege) as error,
    ):
        connection.execute(statement.encode())
    return str(error.value)


def test_a_row_s_life_is_recorded_with_actor_old_and_new_value(logged_db: Database) -> None:
    with logged_db.connect(user="app", autocommit=False) as connection:
        for setting, value in (
            ("actor_id", USER.upper()),
            ("request_id", "r-1"),
            ("ip_address", "192.0.2.7"),
            ("user_agent", "curl"),
        ):
            connection.execute(f"SET LOCAL nxtgauge.{setting} = '{value}'".encode())
        connection.execute(NEW_USER.encode())
        connection.execute(f"UPDATE public.users SET phone = '1', email = email WHERE id = '{USER}'".encode())
        connection.execute(f"UPDATE public.users SET password_hash = 'argon2$y' WHERE id = '{USER}'".encode())
        connection.execute(f"UPDATE public.users SET phone = phone WHERE id = '{USER}'".encode())
        connection.execute(f"DELETE FROM public.users WHERE id = '{USER}'".encode())
        connection.commit()
    mine = f"l.entity_id = '{USER}' AND l.entity_type = 'users'"
    assert changes(logged_db, f"{mine} AND l.action = 'update'") == [
        ("update", "users", "phone", None, "1"),
        ("update", "users", "password_hash", MARK, MARK),
    ]
    born = {column: new for _, _, column, _, new in changes(logged_db, f"{mine} AND l.action = 'insert'")}
    assert (born["email"], born["password_hash"], "phone" in born, "updated_at" in born) == (
        "a@x.in",
        MARK,
        False,
        False,
    )
    gone = {column: old for _, _, column, old, _ in changes(logged_db, f"{mine} AND l.action = 'delete'")}
    assert (gone["email"], gone["password_hash"], gone["phone"]) == ("a@x.in", MARK, "1")
    assert logged_db.rows(
        "SELECT DISTINCT actor, actor_user_id::text, database_role, entity_schema, request_id, host(ip_address),"
        f" user_agent, transaction_id IS NOT NULL, activity_no FROM public.audit_logs AS l WHERE {mine}"
    ) == [(USER.upper(), USER, "nxtgauge_app", "public", "r-1", "192.0.2.7", "curl", True, None)]


def test_a_key_of_two_columns_a_truncation_and_a_job_as_actor(logged_db: Database) -> None:
    logged_db.run(
        "SET nxtgauge.actor_id = 'nightly job';"
        " DELETE FROM public.user_roles WHERE ctid = (SELECT min(ctid) FROM public.user_roles);"
        " TRUNCATE public.user_roles"
    )
    assert logged_db.rows(
        "SELECT action, actor, actor_user_id, entity_id::jsonb ?& ARRAY['user_id', 'role_id'] FROM public.audit_logs"
        " WHERE entity_type = 'user_roles' ORDER BY created_at"
    ) == [("delete", "nightly job", None, True), ("truncate", "nightly job", None, None)]


def test_nobody_can_change_or_delete_an_entry(logged_db: Database) -> None:
    logged_db.run(NEW_USER)
    for table in ("audit_logs", "audit_log_changes"):
        for statement in (
            f"UPDATE public.{table} SET created_at = now()",
            f"DELETE FROM public.{table}",
            f"TRUNCATE public.{table} CASCADE",
        ):
            assert "append-only" in refuses(logged_db, statement)
            assert "append-only" in refuses(
                logged_db, f"SET session_replication_role = replica; {statement}", user="superuser"
            )
            assert "append-only" in refuses(logged_db, f"SET nxtgauge_migration.backfill = 'on'; {statement}")
            assert "permission denied" in refuses(logged_db, statement, user="app")
    upsert = "INSERT INTO public.audit_logs (id, action) SELECT id, 'x' FROM public.audit_logs LIMIT 1"
    assert "append-only" in refuses(logged_db, f"{upsert} ON CONFLICT (id) DO UPDATE SET action = 'y'")
    assert "row changes" in refuses(
        logged_db, "INSERT INTO public.audit_logs (source, action) VALUES ('row change', 'update')", user="app"
    )
    assert "permission denied" in refuses(
        logged_db, "INSERT INTO public.audit_log_changes SELECT id, 'x' FROM public.audit_logs", user="app"
    )


def test_no_odd_value_makes_a_write_fail(logged_db: Database) -> None:
    logged_db.run(
        "CREATE TYPE public.mood AS ENUM ('fine'); CREATE DOMAIN public.short AS text CHECK (length(value) < 9);"
        " ALTER TABLE public.roles ADD odd json, ADD spot point, ADD m public.mood, ADD raw bytea, ADD s public.short,"
        " ADD far timestamptz, ADD n numeric, ADD a int4range[], ADD settings jsonb"
    )
    with logged_db.connect(user="app") as connection:
        connection.execute(b"SET nxtgauge.ip_address = 'not an address'")
        connection.execute(
            rb"""UPDATE public.roles SET odd = '{"a": "\u0000", "a": 1}', spot = '(1,2)', m = 'fine', raw = '\x00',
                 s = 'x',
                 far = 'infinity', n = 'NaN', a = '{"[1,2)"}',
                 settings = '{"host": "h", "api_key": "k1", "deep": [{"Password": "p"}]}'"""
        )
    recorded = {column: new for _, _, column, _, new in changes(logged_db)}
    assert recorded["odd"] == r'{"a": "\u0000", "a": 1}'
    assert (recorded["s"], recorded["far"], recorded["spot"]) == ("x", "infinity", "(1,2)")
    logged_db.run("UPDATE public.roles SET odd = NULL")
    logged_db.run('UPDATE public.roles SET settings = \'{"host": "i", "api_key": "k2", "deep": [{"Password": "q"}]}\'')
    last = changes(logged_db, "c.column_name = 'settings'")[-1]
    assert last[4] == {"host": "i", "api_key": MARK, "deep": [{"Password": MARK}]}
    assert logged_db.rows(
        "SELECT DISTINCT details ->> 'ip_address' FROM public.audit_logs WHERE details ->> 'ip_address' IS NOT NULL"
    ) == [("not an address",)]


def test_a_backfill_of_the_kit_is_silent_and_nobody_else_can_be(logged_db: Database) -> None:
    hidden = "SET nxtgauge_migration.backfill = 'on'; UPDATE public.roles SET description = 'hidden'"
    before = logged_db.rows(ENTRIES)
    logged_db.run(hidden)
    assert logged_db.rows(ENTRIES) == before
    logged_db.run(hidden.replace("hidden", "shown"), user="app")
    assert {new for *_, new in changes(logged_db, "c.column_name = 'description'")} == {"shown"}


def test_a_row_behind_row_level_security_is_recorded_for_a_role_without_any_right_on_the_log(
    logged_db: Database,
) -> None:
    logged_db.run(
        "REVOKE ALL ON public.audit_logs, public.audit_log_changes FROM nxtgauge_app;"
        " ALTER TABLE public.roles ENABLE ROW LEVEL SECURITY; CREATE POLICY all_roles ON public.roles USING (true)"
    )
    logged_db.run("UPDATE public.roles SET description = 'mine'", user="app")
    assert len(changes(logged_db, "c.column_name = 'description'")) > 0


def test_activities_of_both_backends_are_in_both_places(logged_db: Database) -> None:
    assert logged_db.rows("SELECT count(*) FROM public.audit_logs WHERE source = 'activity'") == logged_db.rows(
        "SELECT count(*) FROM public.activity_logs"
    )
    logged_db.run(
        "INSERT INTO public.activity_logs (user_id, action, entity_id, details, ip_address)"
        f" VALUES ('{USER}', 'user.login', repeat('e', 5000),"
        ' \'{"token": "t", "city": "Pune"}\', \'behind a proxy\')',
        user="app",
    )
    assert logged_db.rows(
        "SELECT l.actor_user_id::text, l.ip_address, l.details, l.activity_no = a.id, length(l.entity_id)"
        " FROM public.audit_logs AS l JOIN public.activity_logs AS a ON a.id = l.activity_no ORDER BY a.id DESC LIMIT 1"
    ) == [(USER, None, {"ip_address": "behind a proxy", "token": MARK, "city": "Pune"}, True, 5000)]
    logged_db.run(
        "INSERT INTO public.audit_logs (action, actor, actor_user_id, entity_type, ip_address, details)"
        f" VALUES (repeat('a', 200), '{USER}', '{USER}', 'job', '192.0.2.9', '{{\"secret\": 1}}')",
        user="app",
    )
    assert logged_db.rows(
        "SELECT user_id, length(action), entity_type, ip_address, details FROM public.activity_logs"
        " ORDER BY id DESC LIMIT 1",
        user="app",
    ) == [(USER, 100, "job", "192.0.2.9", {"secret": MARK})]
    assert "numbers of activities" in refuses(
        logged_db, "INSERT INTO public.audit_logs (action, activity_no) VALUES ('x', 1000000)", user="app"
    )


@pytest.mark.long
def test_activities_survive_contract_rollback_and_a_further_apply(logged_db: Database) -> None:
    logged_db.run(
        "DELETE FROM public.activity_logs WHERE id = (SELECT min(id) FROM public.activity_logs);"
        " UPDATE public.activity_logs SET action = 'changed' WHERE id = (SELECT min(id) FROM public.activity_logs)"
    )
    old = logged_db.rows("SELECT * FROM public.activity_logs ORDER BY id")
    apply(logged_db)
    logged_db.run("INSERT INTO public.audit_logs (action, actor) VALUES ('after.contract', 'someone')", user="app")
    logged = logged_db.rows(
        "SELECT id, action, activity_no FROM public.audit_logs WHERE source = 'activity' ORDER BY 3"
    )
    roll_back(logged_db, "--to", LAST_EXPAND)
    shown = logged_db.rows("SELECT * FROM public.activity_logs ORDER BY id")
    # what was deleted stays so, what was changed too, what came is there
    assert shown[:-1] == old
    assert [row[2] for row in shown[len(old) :]] == ["after.contract"]
    roll_back(logged_db)
    logged_db.run("INSERT INTO public.activity_logs (user_id, action) VALUES ('x', 'while.rolled.back')", user="app")
    apply(logged_db)
    again = logged_db.rows("SELECT id, action, activity_no FROM public.audit_logs WHERE source = 'activity' ORDER BY 3")
    assert again[:-1] == logged
    assert again[-1][1] == "while.rolled.back"


def test_entries_survive_a_rollback_and_are_as_firm_afterwards(logged_db: Database) -> None:
    logged_db.run(NEW_USER)
    before = changes(logged_db)
    roll_back(logged_db)
    logged_db.run(f"UPDATE public.users SET phone = '2' WHERE id = '{USER}'")
    apply(logged_db, "--expand-only")
    assert changes(logged_db) == before
    assert "append-only" in refuses(logged_db, "DELETE FROM public.audit_log_changes")


def test_tables_that_an_earlier_step_made_are_recorded(contracted_db: Database) -> None:
    if contracted_db.rows("SELECT to_regclass('public.orders')") == [(None,)] and not any(
        step.id.startswith("304") for step in TREE.steps
    ):
        contracted_db.run("CREATE TABLE public.orders (id uuid PRIMARY KEY, note text)")
    whole.apply(contracted_db, "--expand-only")
    assert contracted_db.rows(
        "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'public.orders'::regclass AND tgname LIKE 'zz%' ORDER BY 1"
    ) == [("zz_record_change",), ("zz_record_truncate",)]
    whole.roll_back(contracted_db)


def test_who_may_read_activities_may_read_the_log_and_values_only_with_all_tables(contracted_db: Database) -> None:
    contracted_db.run("CREATE ROLE nxtgauge_auditor; GRANT nxtgauge_auditor TO nxtgauge_owner", user="superuser")
    try:
        contracted_db.run(
            "GRANT SELECT, UPDATE ON public.activity_logs TO nxtgauge_auditor;"
            " ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO nxtgauge_app, nxtgauge_auditor"
        )
        apply(contracted_db, "--expand-only")
        able = (
            "SELECT r, t, string_agg(p, ' ' ORDER BY p) FROM unnest(ARRAY['nxtgauge_app', 'nxtgauge_auditor']) AS r,"
            " unnest(ARRAY['audit_logs', 'audit_log_changes']) AS t,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p"
            " WHERE has_table_privilege(r, 'public.' || t, p) GROUP BY 1, 2 ORDER BY 1, 2"
        )
        assert contracted_db.rows(able) == [
            ("nxtgauge_app", "audit_log_changes", "SELECT"),
            ("nxtgauge_app", "audit_logs", "INSERT SELECT"),
            ("nxtgauge_auditor", "audit_logs", "SELECT"),
        ]
    finally:
        contracted_db.run("DROP OWNED BY nxtgauge_auditor; DROP ROLE nxtgauge_auditor", user="superuser")


def test_activities_of_other_types_go_there_and_back(contracted_db: Database) -> None:
    contracted_db.run(
        "UPDATE public.activity_logs SET entity_id = NULL; ALTER TABLE public.activity_logs"
        " ALTER COLUMN user_id TYPE uuid USING user_id::uuid, ALTER COLUMN entity_id TYPE uuid USING NULL,"
        " ALTER COLUMN details TYPE json, ALTER COLUMN id TYPE integer, ALTER COLUMN action TYPE text"
    )
    before = Picture(contracted_db)
    apply(contracted_db, "--expand-only")
    contracted_db.run(
        "INSERT INTO public.audit_logs (action, actor, entity_id) VALUES ('x', 'a job', 'no uuid')", user="app"
    )
    assert contracted_db.rows("SELECT user_id, entity_id FROM public.activity_logs ORDER BY id DESC LIMIT 1") == [
        (None, None)
    ]
    contracted_db.run("DELETE FROM public.activity_logs WHERE action = 'x'")
    apply(contracted_db)
    roll_back(contracted_db)
    assert [d for d in before.differences() if "activity_logs_id_seq" not in d] == []


def test_a_rule_of_activity_logs_does_not_refuse_an_activity_of_the_new_backend(logged_db: Database) -> None:
    logged_db.run(
        "ALTER TABLE public.activity_logs ADD CHECK (action <> 'forbidden'), ALTER COLUMN details SET DEFAULT '{}';"
        " UPDATE public.activity_logs SET details = '{}' WHERE details IS NULL;"
        " ALTER TABLE public.activity_logs ALTER COLUMN details SET NOT NULL"
    )
    logged_db.run("INSERT INTO public.audit_logs (action) VALUES ('forbidden'), ('allowed')", user="app")
    assert logged_db.rows("SELECT action, details FROM public.activity_logs ORDER BY id DESC LIMIT 1") == [
        ("allowed", {})
    ]
    assert logged_db.rows("SELECT count(*) FROM public.activity_logs WHERE action = 'forbidden'") == [(0,)]


def test_what_stands_in_the_way_is_refused_by_name(contracted_db: Database) -> None:
    contracted_db.run(
        "CREATE TABLE public.audit_logs (id uuid); CREATE FUNCTION public.record_change() RETURNS trigger"
        " LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
        " CREATE TRIGGER carry_activity AFTER INSERT ON public.activity_logs FOR EACH ROW"
        " EXECUTE FUNCTION public.record_change(); ALTER SEQUENCE public.activity_logs_id_seq OWNED BY NONE;"
        " ALTER TABLE public.activity_logs DROP COLUMN ip_address"
    )
    done = run_kit("apply", "3", "--sql", tree(), "--expand-only", dsn=contracted_db)
    assert done.exit_code == 3
    for named in (
        "public.audit_logs",
        "function record_change()",
        "trigger carry_activity of activity_logs",
        "has no sequence of its own",
        "public.activity_logs.ip_address",
    ):
        assert named in (done.stdout + done.stderr).replace("public.record_change", "record_change").replace(
            "of public.activity_logs", "of activity_logs"
        ), named


def test_what_uses_activity_logs_is_refused_by_name_before_contract_only(logged_db: Database) -> None:
    logged_db.run("CREATE VIEW public.logins AS SELECT user_id FROM public.activity_logs")
    apply(logged_db, "--expand-only")
    done = run_kit("apply", "3", "--sql", tree(), dsn=logged_db)
    assert done.exit_code == 3
    assert "logins" in done.stdout + done.stderr


def test_the_old_backend_s_prepared_statements_work_between_all_steps(contracted_db: Database) -> None:
    statements = (
        "INSERT INTO public.activity_logs (user_id, action) SELECT id::text, 'x' FROM public.users LIMIT 1"
        " RETURNING id",
        "SELECT id, user_id, action, details FROM public.activity_logs ORDER BY id",
        "UPDATE public.users SET status = status, phone = NULL",
        "INSERT INTO public.roles (key, name) VALUES (gen_random_uuid()::text, 'r')",
    )
    with psycopg.connect(contracted_db.app_dsn, autocommit=True, prepare_threshold=0) as connection:
        for step in (None, "3060", "3061", "3062", "3063"):
            if step:
                apply(contracted_db, "--to", step)
            for statement in statements:
                assert connection.execute(statement.encode()).rowcount > 0
        roll_back(contracted_db)
        for statement in statements:
            assert connection.execute(statement.encode()).rowcount > 0


BREAKS: dict[str, dict[str, tuple[str, str]]] = {
    "3060": {
        "nothing can change or delete what the audit log holds": (
            "ALTER TABLE public.audit_logs ENABLE TRIGGER forbid_change",
            "forbid_change",
        ),
        "nobody but the owner may change or delete what the audit log holds": (
            "GRANT DELETE ON public.audit_log_changes TO nxtgauge_app",
            "nxtgauge_app",
        ),
        "no secret is in the audit log": (
            f"INSERT INTO public.audit_logs (id, source, action, entity_type, entity_id)"
            f" VALUES ('{GONE}', 'row change', 'x', 'y', 'z');"
            f" INSERT INTO public.audit_log_changes (audit_log_id, column_name, new_value)"
            f" VALUES ('{GONE}', 'token_hash', '1')",
            "token_hash",
        ),
        "every name of a secret is known as one, and nothing else is": (
            "CREATE OR REPLACE FUNCTION public.is_secret(name text) RETURNS boolean LANGUAGE sql IMMUTABLE"
            " PARALLEL SAFE RETURN name ~ 'secret'",
            "password_hash",
        ),
        "every row change of the log says of which row": (
            f"INSERT INTO public.audit_logs (id, source, action) VALUES ('{GONE}', 'row change', 'x')",
            GONE,
        ),
        "entries that a rollback parked have come back": (
            "INSERT INTO nxtgauge_migration.parked (step, source, kind, state)"
            " VALUES ('3060_create_audit_logs', 'public.audit_logs', 'table', 'parked')",
            "public.audit_logs",
        ),
    },
    "3061": {
        "activities are carried both ways as long as both backends write them": (
            "DROP TRIGGER carry_activity ON public.activity_logs",
            "carry_activity",
        ),
    },
    "3062": {
        "the activities have been gone through to their end": (
            "UPDATE nxtgauge_migration.backfill SET finished_at = NULL WHERE job = '3062_backfill_activities'",
            "has not come to its end",
        ),
        "every activity of the old backend is in the audit log": (
            "INSERT INTO public.activity_logs (id, action) VALUES (4711, 'x')",
            "4711",
        ),
        "every activity has a number, and no row change has one": (
            f"INSERT INTO public.audit_logs (id, action) VALUES ('{GONE}', 'x')",
            GONE,
        ),
    },
    "3063": {
        "changes of every table where compliance needs it are recorded": (
            "ALTER TABLE public.payments DISABLE TRIGGER zz_record_change",
            "payments",
        ),
    },
    "3093": {
        "activities are in the audit log alone": ("CREATE TABLE public.activity_logs ()", "public.activity_logs"),
        "activity_logs rests in the support schema": (
            "DELETE FROM nxtgauge_migration.parked WHERE source = 'public.activity_logs'",
            "public.activity_logs",
        ),
        "new activities get a number that none has": (
            f"INSERT INTO public.audit_logs (id, action, activity_no) VALUES ('{GONE}', 'x', 9000000)",
            GONE,
        ),
    },
}
CHECKS = [(step.id[:4], check) for step in TREE.steps if step.id[:4] in BREAKS for check in step.verify]


def _break_each(database: Database, *steps: str) -> None:
    for number, check in CHECKS:
        if number not in steps:
            continue
        script, shown = BREAKS[number][check.name]
        with psycopg.connect(database.superuser_dsn) as connection:
            connection.execute(b"SET search_path = pg_catalog, pg_temp")
            assert run_check(connection, check).passed, check.name
            connection.execute(f"SET session_replication_role = replica; {script}".encode())
            result = run_check(connection, check)
            assert any(shown in (cell or "") for row in result.rows for cell in row), (check.name, result.rows)
            connection.rollback()


def test_every_check_can_fail_and_names_the_row(logged_db: Database) -> None:
    assert {(step, check.name) for step, check in CHECKS} == {(s, n) for s, names in BREAKS.items() for n in names}
    _break_each(logged_db, "3060", "3061", "3062", "3063")
    apply(logged_db)
    _break_each(logged_db, "3060", "3063", "3093")


def test_check_that_runs_while_the_log_is_locked_does_not_read_it(logged_db: Database) -> None:
    """With 600,000 entries it took longer than a unit may keep its locks, so that the step could not be applied."""
    apply(logged_db)
    (check,) = (c for c in TREE.step("3093").verify if "audit_logs" in c.text)
    with psycopg.connect(logged_db.superuser_dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO public.audit_logs (id, action, activity_no)"
            " SELECT gen_random_uuid(), 'x', 1000000 + n FROM generate_series(1, 50000) AS n"
        )
        connection.execute("SELECT setval('public.audit_logs_activity_no_seq', 1050000)")
        connection.execute("VACUUM (ANALYZE) public.audit_logs")
        connection.execute("SET work_mem = '64kB'")  # as little for these rows as is the default for ten times as many
        for statement in (proving(check), check.text):
            row = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {statement}".encode()).fetchone()
            assert row is not None
            plan = row[0][0]["Plan"]
            assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 20, plan
