"""The renames of Phase 3: there and back, with old and new backend at work, on databases of many shapes."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from tests.parking import text, wait_until
from tests.phase1 import Picture, value
from tests.phase2 import contracted_db, contracted_template, expanded_template, kit
from tests.phase3_renames import (
    EXPANDED,
    PAIRS,
    RENAMED,
    STEPS,
    apply,
    renamed_db,
    renamed_template,
    retired_db,
    retired_template,
    roll_back,
    tree,
)
from tests.profiles import QUIET
from tests.support import Connection, Database, run_kit

__all__ = [
    "contracted_db",
    "contracted_template",
    "expanded_template",
    "renamed_db",
    "renamed_template",
    "retired_db",
    "retired_template",
]

LEAD = "00000000-0000-4000-a000-000000000001"
OTHER = "00000000-0000-4000-a000-000000000002"
NEW = "00000000-0000-4000-a000-000000000003"
REVIEW = "00000000-0000-4000-a000-00000000000a"
LEADS = (
    "INSERT INTO public.{} (id, customer_id, title, category)"
    " SELECT x.id::uuid, (SELECT min(id::text)::uuid FROM public.users), 'A lead', 'tutoring'"
    f" FROM unnest(ARRAY['{LEAD}', '{OTHER}']) AS x (id)"
)
REVIEWS = (
    f"INSERT INTO public.reviews (id, reviewer_id, reviewee_id, rating, {{}}) VALUES ('{REVIEW}',"
    f" (SELECT min(id::text)::uuid FROM public.users), '{OTHER}', 5, {{}})"
)

STATEMENTS = {
    "applications": (
        "INSERT INTO {}.applications (id, job_id, job_seeker_id, cover_letter) SELECT %s::uuid, j.id, s.id, %s"
        " FROM public.jobs AS j, public.job_seeker_profiles AS s WHERE NOT EXISTS (SELECT FROM {}.applications AS a"
        " WHERE a.job_id = j.id AND a.job_seeker_id = s.id) ORDER BY j.id, s.id LIMIT 1"
        " RETURNING application_no > 0, status, applied_at IS NOT NULL",
        "INSERT INTO {}.applications (id, job_id, job_seeker_id, cover_letter)"
        " SELECT gen_random_uuid(), a.job_id, a.job_seeker_id, %s FROM {}.applications AS a WHERE a.id = %s"
        " ON CONFLICT (job_id, job_seeker_id) DO UPDATE SET cover_letter = excluded.cover_letter RETURNING id, status",
        "UPDATE {}.applications SET status = %s WHERE id = %s RETURNING cover_letter, status, updated_at IS NOT NULL",
        "applied",
    ),
    "requirements": (
        "INSERT INTO {}.requirements (id, customer_id, title, category) SELECT %s::uuid, u.id, %s, 'tutoring'"
        " FROM public.users AS u ORDER BY u.id LIMIT 1 RETURNING reference_no > 0, status, created_at IS NOT NULL",
        "INSERT INTO {}.requirements (id, customer_id, title, category)"
        " SELECT r.id, r.customer_id, %s, r.category FROM {}.requirements AS r WHERE r.id = %s"
        " ON CONFLICT (id) DO UPDATE SET title = excluded.title RETURNING id, status",
        "UPDATE {}.requirements SET status = %s WHERE id = %s RETURNING title, status, created_at IS NOT NULL",
        "open",
    ),
    "coupon_uses": (
        "INSERT INTO {}.coupon_uses (id, coupon_id, user_id, payment_id) SELECT %s::uuid, c.id, u.id, %s"
        " FROM public.coupons AS c, public.users AS u WHERE NOT EXISTS (SELECT FROM {}.coupon_uses AS a"
        " WHERE a.coupon_id = c.id AND a.user_id = u.id) ORDER BY c.id, u.id LIMIT 1"
        " RETURNING discount_amount = 0, '', used_at IS NOT NULL",
        "INSERT INTO {}.coupon_uses (id, coupon_id, user_id, payment_id)"
        " SELECT gen_random_uuid(), a.coupon_id, a.user_id, %s FROM {}.coupon_uses AS a WHERE a.id = %s"
        " ON CONFLICT (coupon_id, user_id) DO UPDATE SET payment_id = excluded.payment_id RETURNING id, ''",
        "UPDATE {}.coupon_uses SET payment_id = %s WHERE id = %s RETURNING payment_id, payment_id, used_at IS NOT NULL",
        "",
    ),
}


class OldBackend:
    """Does through the old names all that a backend does, in one session with warm prepared statements."""

    def __init__(self, database: Database) -> None:
        self.session: Connection = database.connect(user="app")
        self.session.prepare_threshold = 0
        self.rounds = 0
        self.failure: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work_on, daemon=True)

    def __enter__(self) -> OldBackend:
        """Work in a thread of its own until the block ends."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the work."""
        self._stop.set()
        self._thread.join(60)

    def _work_on(self) -> None:
        try:
            while not self._stop.is_set():
                self.work()
                self.rounds += 1
        except BaseException as error:
            self.failure = error

    def wait(self) -> None:
        """Let it work a few rounds more."""
        goal = self.rounds + 3
        wait_until(lambda: self.failure is not None or self.rounds >= goal)
        if self.failure is not None:
            raise AssertionError(f"the old backend failed: {self.failure!r}") from self.failure

    def _run(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        cursor = self.session.execute(text(query.replace("{}", "public")), parameters)
        return cursor.fetchall() if cursor.description else []

    def use(self, table: str) -> None:
        """Insert, conflict, update, lock, read and delete a row of a table; each answer is checked."""
        insert, conflict, update, status = STATEMENTS[table]
        assert self._run(insert, NEW, "first") == [(True, status, True)], table
        assert [str(key) for key, _ in self._run(conflict, "second", NEW)] == [NEW], table
        assert self._run(update, "changed", NEW)[0][1:] == ("changed", True), table
        for lock in ("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE SKIP LOCKED"):
            assert len(self._run(f"SELECT id FROM {{}}.{table} WHERE id = %s FOR {lock}", NEW)) == 1, table
        assert self._run(f"SELECT count(*) FROM {{}}.{table} WHERE id = %s", NEW) == [(1,)], table
        assert len(self._run(f"DELETE FROM {{}}.{table} WHERE id = %s RETURNING id", NEW)) == 1, table

    def use_pairs(self) -> None:
        """Write the columns that get new names."""
        self._run(LEADS.format("requirements"))
        self._run(REVIEWS.format("requirement_id", f"'{LEAD}'"))
        query = f"SELECT requirement_id::text FROM public.reviews WHERE id = '{REVIEW}'"
        assert self._run(query) == [(LEAD,)]
        self._run(f"UPDATE public.reviews SET requirement_id = %s WHERE id = '{REVIEW}'", OTHER)
        assert self._run(query) == [(OTHER,)]
        self._run("DELETE FROM public.requirements WHERE id IN (%s, %s)", LEAD, OTHER)
        assert self._run(query) == [(None,)]
        self._run(f"DELETE FROM public.reviews WHERE id = '{REVIEW}'")
        inserted = self._run(
            "INSERT INTO public.jobs (company_id, title) SELECT company_id, 'Job' FROM public.jobs LIMIT 1"
            " RETURNING id, job_type"
        )
        assert inserted[0][1] == "full_time"
        self._run("DELETE FROM public.jobs WHERE id = %s", inserted[0][0])

    def work(self) -> None:
        """Use all of it."""
        for table in RENAMED:
            self.use(table)
        self.use_pairs()


def both(database: Database, table: str, old: str, new: str, key: str) -> tuple[Any, ...]:
    """Return old and new column of a row, as text."""
    return database.rows(f"SELECT {old}::text, {new}::text FROM public.{table} WHERE id = '{key}'")[0]


def test_expand_alone_rolls_back_as_it_was(contracted_db: Database) -> None:
    before = Picture(contracted_db)
    apply(contracted_db, "--to", EXPANDED)
    expanded = Picture(contracted_db)
    apply(contracted_db, "--to", "3091")
    roll_back(contracted_db, "--to", EXPANDED)
    assert expanded.differences() == []
    roll_back(contracted_db)
    assert before.differences() == []


@pytest.mark.long
def test_the_old_backend_works_on_with_warm_statements_through_every_step(contracted_db: Database) -> None:
    backend = OldBackend(contracted_db)
    backend.work()
    for step in ("3001", "3020", "3021", "3022", "3023"):
        apply(contracted_db, "--to", step)
        backend.work()
    apply(contracted_db, "--to", "3091")
    roll_back(contracted_db, "--to", EXPANDED)
    backend.work()
    for step in ("3022", "3021", "3020", "3001"):
        roll_back(contracted_db, "--to", step)
        backend.work()
    roll_back(contracted_db)
    backend.work()


def test_the_old_backend_never_fails_while_the_names_change_under_it(contracted_db: Database) -> None:
    with OldBackend(contracted_db) as backend:
        backend.wait()
        apply(contracted_db, "--to", EXPANDED)
        backend.wait()
        roll_back(contracted_db)
        backend.wait()


def test_what_is_named_after_a_table_gets_its_new_name(renamed_db: Database) -> None:
    names = renamed_db.rows(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'public.job_applications'::regclass AND contype <> 'n'"
        " UNION SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'public.job_applications'::regclass"
        " UNION SELECT pg_get_serial_sequence('public.job_applications', 'application_no') ORDER BY 1"
    )
    assert [name for (name,) in names] == [
        "job_applications_application_no_key",
        "job_applications_job_id_fkey",
        "job_applications_job_id_job_seeker_id_key",
        "job_applications_job_seeker_id_fkey",
        "job_applications_job_seeker_id_idx",
        "job_applications_pkey",
        "public.job_applications_application_no_seq",
    ]
    assert (
        renamed_db.rows(
            "SELECT conname FROM pg_constraint WHERE conrelid IN (SELECT to_regclass('public.' || t) FROM"
            " unnest(ARRAY['job_applications', 'leads', 'coupon_redemptions']) AS t)"
            " AND conname ~ '^(applications|requirements|coupon_uses)_'"
        )
        == []
    )
    assert renamed_db.rows(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname IN"
        " ('lead_requests_lead_id_fkey', 'reviews_job_application_id_fkey', 'invoices_coupon_redemption_id_fkey')"
        " ORDER BY 1"
    ) == [
        (
            "invoices",
            "invoices_coupon_redemption_id_fkey",
            "FOREIGN KEY (coupon_redemption_id) REFERENCES coupon_redemptions(id) ON DELETE SET NULL",
        ),
        (
            "lead_requests",
            "lead_requests_lead_id_fkey",
            "FOREIGN KEY (lead_id) REFERENCES leads(id) ON DELETE CASCADE",
        ),
        (
            "reviews",
            "reviews_job_application_id_fkey",
            "FOREIGN KEY (job_application_id) REFERENCES job_applications(id) ON DELETE SET NULL",
        ),
    ]


def test_no_table_is_rewritten(contracted_db: Database) -> None:
    query = (
        "SELECT c.oid, pg_relation_filenode(c.oid) FROM pg_class AS c WHERE c.relkind IN ('r', 'i') AND c.oid IN"
        " (SELECT x FROM unnest(ARRAY{}::oid[]) AS x) ORDER BY 1"
    )
    oids = [
        row[0]
        for row in contracted_db.rows(
            "SELECT c.oid FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid"
            " WHERE coalesce(i.indrelid, c.oid)::regclass::text IN ('applications', 'requirements', 'coupon_uses',"
            " 'jobs', 'reviews', 'invoices', 'lead_requests') AND c.relkind IN ('r', 'i')"
        )
    ]
    assert len(oids) > 7
    before = contracted_db.rows(query.format(oids))
    apply(contracted_db, "--to", EXPANDED)
    assert contracted_db.rows(query.format(oids)) == before


ODD = """
    CREATE STATISTICS public.applications_jobs_stat (dependencies) ON job_id, job_seeker_id FROM public.applications;
    CREATE INDEX applications_{x} ON public.applications (status);
    CREATE INDEX applications_{x}b ON public.applications (status, job_id);
    CREATE INDEX find_applications ON public.applications (job_id, status) WHERE status IN ('applied', 'shortlisted');
    COMMENT ON INDEX public.applications_job_seeker_id_idx IS 'Of a seeker.';
    COMMENT ON CONSTRAINT applications_job_id_fkey ON public.applications IS 'The job.';
    ALTER TABLE public.applications ADD COLUMN serial_no integer GENERATED ALWAYS AS IDENTITY,
        ADD COLUMN note_length integer GENERATED ALWAYS AS (length(cover_letter)) STORED,
        ADD CONSTRAINT applications_salary_check CHECK (expected_salary > 0) NOT VALID;
    CREATE VIEW public.open_applications AS SELECT id, job_id FROM public.applications WHERE status = 'applied';
    CREATE FUNCTION public.count_applications() RETURNS bigint LANGUAGE sql
        AS 'SELECT count(*) FROM public.applications';
    CREATE FUNCTION public.shout() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN NEW.cover_letter := upper(NEW.cover_letter); RETURN NEW; END$$;
    CREATE TRIGGER applications_shout BEFORE INSERT ON public.applications FOR EACH ROW EXECUTE FUNCTION public.shout();
    CREATE TABLE public.interviews (id uuid PRIMARY KEY, application_id uuid REFERENCES public.applications (id));
    CREATE TABLE public.job_applications_salary_check_of_old (id integer);
    CREATE PUBLICATION of_applications FOR TABLE public.applications;
    GRANT UPDATE (cover_letter) ON public.applications TO PUBLIC;
    GRANT SELECT ON public.applications TO nxtgauge_app WITH GRANT OPTION;
    GRANT SELECT (id, status) ON public.requirements TO nxtgauge_app WITH GRANT OPTION;
    ALTER DEFAULT PRIVILEGES FOR ROLE nxtgauge_owner IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
    CREATE INDEX jobs_job_type_company_id_idx ON public.jobs (job_type, company_id)
        WHERE job_type IN ('full_time', 'contract');
    GRANT UPDATE (job_type) ON public.jobs TO nxtgauge_app
""".replace("{x}", "x" * 49)


def test_whatever_hangs_on_a_table_goes_with_it_and_comes_back(contracted_db: Database) -> None:
    contracted_db.run("GRANT CREATE ON DATABASE " + contracted_db.name + " TO nxtgauge_owner", user="superuser")
    contracted_db.run(ODD)
    contracted_db.run("GRANT SELECT ON public.applications TO pg_monitor", user="app")
    contracted_db.run("GRANT SELECT (status) ON public.requirements TO pg_monitor", user="app")
    contracted_db.run("GRANT nxtgauge_app TO nxtgauge_owner", user="superuser")
    try:
        before = Picture(contracted_db)
        said = kit(contracted_db, "apply", "3", "--sql", tree(), *QUIET)
        assert "public.applications is published" in said.stdout + said.stderr
        assert "index jobs_job_type_company_id_idx leaves" in said.stdout + said.stderr
        names = [
            name
            for (name,) in contracted_db.rows(
                "SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
                " WHERE i.indrelid = 'public.job_applications'::regclass AND c.relname ~ 'x|find' ORDER BY 1"
            )
        ]
        long = "job_applications_" + "x" * 49
        assert "find_applications" in names
        assert sorted(n for n in names if "xxx" in n) == sorted([long[:63], long[:61] + "_1"])
        assert contracted_db.rows("SELECT stxname FROM pg_statistic_ext") == [("job_applications_jobs_stat",)]
        assert contracted_db.rows(
            "SELECT grantee::regrole::text, grantor::regrole::text, is_grantable FROM pg_class, aclexplode(relacl)"
            " WHERE relname = 'job_applications' AND privilege_type = 'SELECT' AND grantee <> relowner ORDER BY 1"
        ) == [("nxtgauge_app", "nxtgauge_owner", True), ("pg_monitor", "nxtgauge_app", False)]
        roll_back(contracted_db)
        assert before.differences() == []
    finally:
        contracted_db.run("REVOKE nxtgauge_app FROM nxtgauge_owner", user="superuser")


def test_an_old_name_has_the_privileges_of_its_table_and_no_others(contracted_db: Database) -> None:
    contracted_db.run(ODD)
    contracted_db.run("GRANT SELECT ON public.applications TO pg_monitor", user="app")
    contracted_db.run("GRANT nxtgauge_app TO nxtgauge_owner", user="superuser")
    privileges = (
        "SELECT a.privilege_type, a.grantee, a.grantor, a.is_grantable, '' FROM pg_class AS c"
        " CROSS JOIN aclexplode(c.relacl) AS a WHERE c.oid = '{0}'::regclass UNION ALL"
        " SELECT a.privilege_type, a.grantee, a.grantor, a.is_grantable, k.attname FROM pg_attribute AS k"
        " CROSS JOIN aclexplode(k.attacl) AS a WHERE k.attrelid = '{0}'::regclass ORDER BY 1, 2, 3, 5"
    )
    try:
        wanted = {old: contracted_db.rows(privileges.format(f"public.{old}")) for old in RENAMED}
        apply(contracted_db, "--to", EXPANDED)
        for old, new in RENAMED.items():
            assert contracted_db.rows(privileges.format(f"public.{new}")) == wanted[old]
            assert contracted_db.rows(privileges.format(f"public.{old}")) == wanted[old]
        apply(contracted_db, "--to", "3091")
        roll_back(contracted_db, "--to", EXPANDED)
        for old in RENAMED:
            assert contracted_db.rows(privileges.format(f"public.{old}")) == wanted[old]
    finally:
        contracted_db.run("REVOKE nxtgauge_app FROM nxtgauge_owner", user="superuser")


def test_an_old_name_is_no_way_around_policies(contracted_db: Database) -> None:
    contracted_db.run(
        "ALTER TABLE public.requirements ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY requirements_open ON public.requirements TO nxtgauge_app"
        " USING (status = 'open') WITH CHECK (status = 'open')"
    )
    before = Picture(contracted_db)
    if contracted_db.server.version_num < 150000:
        done = run_kit("apply", "3", "--sql", tree(), dsn=contracted_db)
        assert done.exit_code == 3
        assert "public.requirements" in done.stdout + done.stderr
        return
    seen = contracted_db.rows(
        "SELECT count(*), count(*) FILTER (WHERE status <> 'open') FROM public.requirements", user="app"
    )
    assert seen[0][1] == 0
    apply(contracted_db, "--to", EXPANDED)
    for name in ("requirements", "leads"):
        found = contracted_db.rows(
            f"SELECT count(*), count(*) FILTER (WHERE status <> 'open') FROM public.{name}", user="app"
        )
        assert found == seen
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            contracted_db.run(f"UPDATE public.{name} SET status = 'closed'", user="app")
    apply(contracted_db)
    roll_back(contracted_db)
    assert before.differences() == []


def test_what_a_view_cannot_do_is_what_the_helpers_say(renamed_db: Database) -> None:
    for statement in (
        "INSERT INTO public.requirements (id, customer_id, title, category) SELECT id, customer_id, title, category"
        " FROM public.requirements LIMIT 1 ON CONFLICT ON CONSTRAINT requirements_pkey DO NOTHING",
        "COPY public.requirements FROM '/dev/null'",
        "SELECT xmax FROM public.requirements",
        "SELECT r.*, count(*) FROM public.requirements AS r GROUP BY r.id",
        "SELECT nextval('public.requirements_reference_no_seq')",
        "TRUNCATE public.requirements CASCADE",
    ):
        with pytest.raises(psycopg.Error):
            renamed_db.run(statement, user="superuser")
        renamed_db.run(statement.replace("requirements", "leads"), user="superuser")


def test_each_backend_sees_what_the_other_wrote(renamed_db: Database) -> None:
    renamed_db.run(LEADS.format("leads"))
    pair = ("reviews", "requirement_id", "lead_id", REVIEW)
    for columns, values, held in (
        ("requirement_id", f"'{LEAD}'", LEAD),
        ("lead_id", f"'{OTHER}'", OTHER),
        ("requirement_id, lead_id", f"'{LEAD}', '{OTHER}'", OTHER),
        ("requirement_id, lead_id", f"NULL, '{OTHER}'", OTHER),
        ("comment", "NULL", None),
    ):
        renamed_db.run(REVIEWS.format(columns, values), user="app")
        assert both(renamed_db, *pair) == (held, held), columns
        renamed_db.run(f"DELETE FROM public.reviews WHERE id = '{REVIEW}'")
    renamed_db.run(REVIEWS.format("comment", "NULL"))
    for assignment, held in (
        (f"requirement_id = '{LEAD}'", LEAD),
        (f"lead_id = '{OTHER}'", OTHER),
        ("rating = 4", OTHER),
        ("requirement_id = NULL", None),
        (f"requirement_id = '{LEAD}', lead_id = '{OTHER}'", OTHER),
        ("lead_id = NULL", None),
        (f"lead_id = NULL, requirement_id = '{LEAD}'", LEAD),
    ):
        renamed_db.run(f"UPDATE public.reviews SET {assignment} WHERE id = '{REVIEW}'", user="app")
        assert both(renamed_db, *pair) == (held, held), assignment
    renamed_db.run(f"DELETE FROM public.leads WHERE id = '{LEAD}'", user="app")
    assert both(renamed_db, *pair) == (None, None)


def test_a_job_has_its_default_by_either_name(renamed_db: Database) -> None:
    insert = (
        "INSERT INTO public.jobs (company_id, title{}) SELECT company_id, 'Job'{} FROM public.jobs LIMIT 1"
        " RETURNING job_type, employment_type"
    )
    for columns, values, held in (
        ("", "", "full_time"),
        (", job_type", ", 'contract'", "contract"),
        (", employment_type", ", 'internship'", "internship"),
        (", job_type, employment_type", ", 'contract', 'freelance'", "freelance"),
    ):
        assert renamed_db.rows(insert.format(columns, values), user="app") == [(held, held)]
    for column in ("job_type", "employment_type"):
        with pytest.raises(psycopg.errors.CheckViolation):
            renamed_db.run(f"UPDATE public.jobs SET {column} = 'forever'", user="app")


def test_what_the_new_backend_writes_after_contract_survives_both_ways(retired_db: Database) -> None:
    retired_db.run(LEADS.format("leads"), user="app")
    job, led, freed, moved, gone = (
        value(retired_db.connect(), query)
        for query in (
            "INSERT INTO public.jobs (company_id, title) SELECT company_id, 'Job' FROM public.jobs LIMIT 1"
            " RETURNING id",
            "SELECT id FROM public.reviews WHERE lead_id IS NULL ORDER BY id LIMIT 1",
            "SELECT id FROM public.reviews WHERE lead_id IS NOT NULL ORDER BY id LIMIT 1",
            "SELECT id FROM public.lead_requests ORDER BY id LIMIT 1",
            "SELECT id FROM public.lead_requests ORDER BY id DESC LIMIT 1",
        )
    )
    retired_db.run(
        f"UPDATE public.reviews SET lead_id = '{LEAD}' WHERE id = '{led}';"
        f" UPDATE public.reviews SET lead_id = NULL WHERE id = '{freed}';"
        f" UPDATE public.lead_requests SET lead_id = '{OTHER}' WHERE id = '{moved}';"
        f" DELETE FROM public.lead_requests WHERE id = '{gone}';"
        " UPDATE public.jobs SET employment_type = 'freelance' WHERE title <> 'Job'",
        user="app",
    )
    roll_back(retired_db)
    query = "SELECT {} FROM public.{} WHERE id = '{}'"
    assert retired_db.rows(query.format("requirement_id::text", "reviews", led)) == [(LEAD,)]
    assert retired_db.rows(query.format("requirement_id", "reviews", freed)) == [(None,)]
    assert retired_db.rows(query.format("requirement_id::text", "lead_requests", moved)) == [(OTHER,)]
    assert retired_db.rows(query.format("requirement_id", "lead_requests", gone)) == []
    assert retired_db.rows(query.format("job_type", "jobs", job)) == [("full_time",)]
    assert retired_db.rows("SELECT DISTINCT job_type FROM public.jobs ORDER BY 1") == [("freelance",), ("full_time",)]
    retired_db.run(f"UPDATE public.lead_requests SET requirement_id = '{LEAD}' WHERE id = '{moved}'", user="app")
    apply(retired_db, "--accept-quarantine")  # a request that was paid for has been deleted
    assert retired_db.rows(query.format("lead_id::text", "lead_requests", moved)) == [(LEAD,)]
    assert retired_db.rows(query.format("lead_id::text", "reviews", led)) == [(LEAD,)]
    assert retired_db.rows(query.format("lead_id", "reviews", freed)) == [(None,)]


def test_clients_may_write_while_the_old_columns_come_back(retired_db: Database) -> None:
    """The columns stand again and are not filled yet, which is as far as a rollback gets against a lasting reader."""
    retired_db.run(LEADS.format("leads"))
    kept = retired_db.rows("SELECT min(id::text) FROM public.reviews WHERE lead_id IS NOT NULL")[0][0]
    holder = retired_db.connect(autocommit=False)
    holder.execute("SELECT FROM public.invoices LIMIT 1")
    done = run_kit(
        "rollback", "3", "--sql", tree(), "--yes", "--to", EXPANDED, *QUIET, "--lock-budget", "0.5", dsn=retired_db
    )
    assert done.exit_code == 5, done.stdout + done.stderr
    holder.rollback()
    assert retired_db.rows("SELECT DISTINCT job_type FROM public.jobs") == [(None,)]
    job = value(
        retired_db.connect(user="app"),
        "INSERT INTO public.jobs (company_id, title) SELECT company_id, 'Job' FROM public.jobs LIMIT 1 RETURNING id",
    )
    retired_db.run("UPDATE public.jobs SET title = 'Retitled' WHERE employment_type = 'contract'", user="app")
    roll_back(retired_db, "--to", EXPANDED)
    assert both(retired_db, "jobs", "job_type", "employment_type", str(job)) == ("full_time", "full_time")
    for table, old, new in PAIRS:
        assert retired_db.rows(f"SELECT id FROM public.{table} WHERE {old} IS DISTINCT FROM {new}") == [], table
    assert both(retired_db, "reviews", "requirement_id", "lead_id", kept)[0] is not None


def test_checks_over_lists_of_varchar_values_come_back_to_the_letter(contracted_db: Database) -> None:
    contracted_db.run(
        "ALTER TABLE public.jobs ADD CONSTRAINT jobs_remote_check CHECK (job_type NOT IN ('contract', 'x]')"
        " OR location IN ('Pune', 'Delhi') OR job_type IN ('contract', 'freelance') OR \"location\" IN ('a', 'b')),"
        " ADD CONSTRAINT jobs_kind_check CHECK (job_type IN ('full_time', 'part_time', 'contract', 'internship',"
        " 'freelance') AND job_type NOT IN ('none', 'no (ARRAY[''x''])::text[]'))"
    )
    shown = (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'public.jobs'::regclass AND contype = 'c' ORDER BY 1"
    )
    before = contracted_db.rows(shown)
    apply(contracted_db)
    roll_back(contracted_db)
    assert contracted_db.rows(shown) == before


def test_the_files_run_by_hand_do_the_same(contracted_db: Database) -> None:
    before = Picture(contracted_db)
    forward = [step.forward for step in STEPS.values()]
    for script in (*forward, *(step.rollback for step in reversed(STEPS.values()))):
        done = contracted_db.psql(script.path)
        assert done.returncode == 0, f"{script.path}: {done.stderr}"
        if script is forward[-1]:
            assert contracted_db.rows("SELECT to_regclass('public.requirements') IS NULL") == [(True,)]
    assert before.differences() == []


def test_no_preflight_refuses_what_the_renames_made(renamed_db: Database, retired_db: Database) -> None:
    for database in (renamed_db, retired_db):
        for phase in ("1", "2", "3"):
            kit(database, "preflight", phase)


def test_what_was_built_on_an_old_name_is_named(renamed_db: Database) -> None:
    renamed_db.run("CREATE VIEW public.late AS SELECT id FROM public.requirements")
    done = run_kit("apply", "3", "--sql", tree(), dsn=renamed_db)
    assert done.exit_code == 3
    assert "view late" in done.stdout + done.stderr
    done = run_kit("rollback", "3", "--sql", tree(), "--yes", dsn=renamed_db)
    assert done.exit_code == 1
    assert "view public.late uses it" in done.stderr
    renamed_db.run("DROP VIEW public.late")
    roll_back(renamed_db)


VARIANTS = {
    "no foreign keys, and employment types as an enum": (
        "ALTER TABLE public.reviews DROP CONSTRAINT reviews_requirement_id_fkey,"
        " DROP CONSTRAINT reviews_application_id_fkey;"
        " ALTER TABLE public.lead_requests DROP CONSTRAINT lead_requests_requirement_id_fkey;"
        " ALTER TABLE public.invoices DROP CONSTRAINT invoices_coupon_use_id_fkey;"
        " UPDATE public.reviews SET requirement_id = gen_random_uuid();"
        " CREATE TYPE public.job_kind AS ENUM ('full_time', 'part_time', 'contract', 'internship', 'freelance');"
        " ALTER TABLE public.jobs DROP CONSTRAINT jobs_job_type_check, ALTER COLUMN job_type DROP DEFAULT,"
        " ALTER COLUMN job_type TYPE public.job_kind USING job_type::public.job_kind,"
        " ALTER COLUMN job_type SET DEFAULT 'contract'"
    ),
    "references as text, and employment types of a domain, without default, perhaps NULL": (
        "ALTER TABLE public.reviews DROP CONSTRAINT reviews_requirement_id_fkey,"
        " ALTER COLUMN requirement_id TYPE varchar(36) USING requirement_id::text;"
        " ALTER TABLE public.invoices DROP CONSTRAINT invoices_coupon_use_id_fkey,"
        " ALTER COLUMN coupon_use_id TYPE text;"
        " CREATE DOMAIN public.kind AS text CHECK (VALUE <> '');"
        " ALTER TABLE public.jobs DROP CONSTRAINT jobs_job_type_check, ALTER COLUMN job_type DROP DEFAULT,"
        " ALTER COLUMN job_type DROP NOT NULL, ALTER COLUMN job_type TYPE public.kind"
    ),
    "a required reference that cascades, a check over two columns, a trigger on one that leaves": (
        "DELETE FROM public.reviews WHERE requirement_id IS NULL; UPDATE public.reviews SET application_id = NULL;"
        " ALTER TABLE public.reviews ADD CONSTRAINT reviews_subject_check"
        " CHECK (requirement_id IS NULL OR application_id IS NULL), ALTER COLUMN requirement_id SET NOT NULL,"
        " DROP CONSTRAINT reviews_requirement_id_fkey, ADD CONSTRAINT of_a_lead FOREIGN KEY (requirement_id)"
        " REFERENCES public.requirements (id) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;"
        " CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        " CREATE TRIGGER of_type BEFORE UPDATE OF job_type ON public.jobs FOR EACH ROW"
        " EXECUTE FUNCTION public.nothing()"
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_other_shapes_are_carried_across_and_back(contracted_db: Database, variant: str) -> None:
    contracted_db.run(VARIANTS[variant])
    before = Picture(contracted_db)
    apply(contracted_db)
    contracted_db.run(
        "INSERT INTO public.jobs (company_id, title, employment_type) SELECT company_id, 'Job', 'internship'"
        " FROM public.jobs LIMIT 1",
        user="app",
    )
    contracted_db.run("DELETE FROM public.jobs WHERE title = 'Job'")
    roll_back(contracted_db)
    assert before.differences() == []


def test_a_contract_step_that_stopped_half_way_can_be_rolled_back(renamed_db: Database) -> None:
    before = Picture(renamed_db)
    holder = renamed_db.connect(autocommit=False)
    holder.execute("SELECT FROM public.invoices LIMIT 1")
    done = run_kit("apply", "3", "--sql", tree(), "--to", "3091", *QUIET, "--lock-budget", "0.5", dsn=renamed_db)
    assert done.exit_code == 5, done.stdout + done.stderr
    assert renamed_db.rows(
        "SELECT count(*) FROM pg_attribute"
        " WHERE attrelid = 'public.lead_requests'::regclass AND attname = 'requirement_id'"
    ) == [(0,)]
    holder.rollback()
    roll_back(renamed_db, "--to", EXPANDED)
    assert before.differences() == []


FINDINGS = {
    "a partitioned table": (
        "ALTER TABLE public.invoices DROP CONSTRAINT invoices_coupon_use_id_fkey; DROP TABLE public.coupon_uses;"
        " CREATE TABLE public.coupon_uses (id uuid, coupon_id uuid) PARTITION BY HASH (id)",
        "public.coupon_uses",
    ),
    "a child of another table": (
        "CREATE TABLE public.old_applications () INHERITS (public.applications)",
        "public.applications",
    ),
    "a new name that is taken": ("CREATE VIEW public.leads AS SELECT 1 AS one", "relation public.leads"),
    "a new name that is a type": (
        "CREATE TYPE public.job_applications AS ENUM ('one')",
        "type public.job_applications",
    ),
    "a new column that is taken": (
        "ALTER TABLE public.jobs ADD COLUMN employment_type text",
        "public.jobs.employment_type",
    ),
    "an index name that is taken": (
        "CREATE INDEX reviews_lead_id_idx ON public.reviews (rating)",
        "public.reviews_lead_id_idx",
    ),
    "an old column that is missing": ("ALTER TABLE public.jobs DROP COLUMN job_type", "public.jobs.job_type"),
    "a rule that is not validated": (
        "ALTER TABLE public.jobs DROP CONSTRAINT jobs_job_type_check,"
        " ADD CONSTRAINT jobs_job_type_check CHECK (job_type <> '') NOT VALID",
        "jobs_job_type_check",
    ),
    "a view on a column that leaves": (
        "CREATE VIEW public.kinds AS SELECT DISTINCT job_type FROM public.jobs",
        "view kinds",
    ),
    "a policy on a column that leaves": (
        "CREATE POLICY freelance ON public.jobs USING (job_type = 'freelance')",
        "policy freelance",
    ),
    "a trigger that reads a column that leaves": (
        "CREATE FUNCTION public.peek() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RAISE LOG ''%'', NEW.job_type; RETURN NEW; END';"
        " CREATE TRIGGER peek BEFORE UPDATE ON public.jobs FOR EACH ROW EXECUTE FUNCTION public.peek()",
        "trigger peek",
    ),
    "a unique index that would leave": (
        "CREATE UNIQUE INDEX once_per_invoice ON public.invoices (coupon_use_id, id)",
        "once_per_invoice",
    ),
}


@pytest.mark.parametrize("finding", FINDINGS)
def test_what_stands_in_the_way_is_named_before_anything_changes(contracted_db: Database, finding: str) -> None:
    script, named = FINDINGS[finding]
    contracted_db.run(script)
    done = run_kit("apply", "3", "--sql", tree(), dsn=contracted_db)
    assert done.exit_code == 3, done.stdout + done.stderr
    assert named in done.stdout + done.stderr
    assert contracted_db.rows("SELECT to_regclass('public.coupon_redemptions') IS NULL") == [(True,)]
