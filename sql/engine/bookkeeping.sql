-- Create what the engine writes down: which steps are applied, by whom, and how far a divided step has come.
--
-- Run by the engine in one transaction before the first apply; a second run changes nothing, and so does a database
-- where stock yoyo has already made its own tables here. The four yoyo tables have exactly the form of yoyo-migrations 9
-- (schema version 2), so that stock yoyo reads the same state.

DO $$
DECLARE
    item record;
BEGIN
    IF pg_catalog.to_regnamespace('nxtgauge_migration') IS NULL THEN
        CREATE SCHEMA nxtgauge_migration;
        -- Default privileges are for the application's schemas; whom this one is opened to is said by GRANT, later.
        FOR item IN
            SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC'
                ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS grantee
            FROM pg_catalog.pg_namespace AS n, pg_catalog.aclexplode(n.nspacl) AS a
            WHERE n.nspname = 'nxtgauge_migration' AND a.grantee <> n.nspowner
        LOOP
            EXECUTE pg_catalog.format('REVOKE ALL ON SCHEMA nxtgauge_migration FROM %s', item.grantee);
        END LOOP;
    END IF;
END
$$;

COMMENT ON SCHEMA nxtgauge_migration IS
    'Support schema of nxtgauge-migrate: bookkeeping of the applied steps, parked data, batch procedures.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration._yoyo_migration (
    migration_hash varchar(64)  NOT NULL PRIMARY KEY,
    migration_id   varchar(255),
    applied_at_utc timestamp
);

COMMENT ON TABLE  nxtgauge_migration._yoyo_migration IS 'The steps that are applied now (yoyo-migrations 9).';
COMMENT ON COLUMN nxtgauge_migration._yoyo_migration.migration_hash IS
    'sha256 of the step''s id in hex: encode(sha256(convert_to(id, ''UTF8'')), ''hex'').';

CREATE TABLE IF NOT EXISTS nxtgauge_migration._yoyo_log (
    id             varchar(36)  NOT NULL PRIMARY KEY,
    migration_hash varchar(64),
    migration_id   varchar(255),
    operation      varchar(10),
    username       varchar(255),
    hostname       varchar(255),
    comment        varchar(255),
    created_at_utc timestamp
);

COMMENT ON TABLE  nxtgauge_migration._yoyo_log IS 'Every apply and rollback of a step, oldest first (yoyo-migrations 9).';
COMMENT ON COLUMN nxtgauge_migration._yoyo_log.comment IS
    'sha256 of the content that the applied file had, which yoyo itself does not keep.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration._yoyo_version (
    version          int NOT NULL PRIMARY KEY,
    installed_at_utc timestamp
);

COMMENT ON TABLE nxtgauge_migration._yoyo_version IS 'Version of yoyo''s own tables (yoyo-migrations 9).';

INSERT INTO nxtgauge_migration._yoyo_version (version, installed_at_utc)
VALUES (2, statement_timestamp() AT TIME ZONE 'UTC')
ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS nxtgauge_migration.yoyo_lock (
    locked int       NOT NULL DEFAULT 1 PRIMARY KEY,
    ctime  timestamp,
    pid    int       NOT NULL
);

COMMENT ON TABLE nxtgauge_migration.yoyo_lock IS
    'Stock yoyo''s lock row (yoyo-migrations 9); the kit itself holds an advisory lock.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration.step_unit (
    step_id   text        NOT NULL,
    direction text        NOT NULL,
    unit      text        NOT NULL,
    state     text        NOT NULL,
    ran_by    text        NOT NULL DEFAULT session_user,
    ran_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT step_unit_pkey            PRIMARY KEY (step_id, direction, unit),
    CONSTRAINT step_unit_direction_check CHECK (direction IN ('apply', 'rollback')),
    CONSTRAINT step_unit_state_check     CHECK (state IN ('started', 'done'))
);

COMMENT ON TABLE  nxtgauge_migration.step_unit IS
    'How far a step that is divided into units has come, in either direction, so that a rerun goes on from there.';
COMMENT ON COLUMN nxtgauge_migration.step_unit.state IS
    'started: a unit outside a transaction that may have run in part; done: its work is committed.';

-- Unlogged, so that no publication FOR ALL TABLES takes it in: it has no replica identity.
CREATE UNLOGGED TABLE IF NOT EXISTS nxtgauge_migration.transaction_guard (
    once int NOT NULL,
    CONSTRAINT transaction_guard_once_key UNIQUE (once) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE nxtgauge_migration.transaction_guard IS
    'Always empty. A step begins with the same row twice and ends by deleting both: a COMMIT in between fails on them.';
