-- Begin to record what a run makes of the catalogue, so that `drift` can tell what was changed since.
--
-- Run in one transaction of its own under the runner's lock, after bookkeeping.sql and before the first step of a run.
-- It creates what it needs, and takes down every fact of the catalogue; catalogue_end.sql keeps the difference. A run
-- that was interrupted has left its record open: then the tables stay as they are, and the record goes on from where it
-- began. By hand, without the kit: SELECT * FROM nxtgauge_migration.catalogue_drift().

CREATE TABLE IF NOT EXISTS nxtgauge_migration.catalogue_run (
    id             bigint      GENERATED ALWAYS AS IDENTITY,
    began_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    began_by       text        NOT NULL DEFAULT session_user,
    ended_at       timestamptz,
    server_version int         NOT NULL DEFAULT current_setting('server_version_num')::int,
    steps          text[]      NOT NULL DEFAULT '{}',
    baseline       jsonb,
    CONSTRAINT catalogue_run_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX IF NOT EXISTS catalogue_run_open_idx ON nxtgauge_migration.catalogue_run ((true)) WHERE ended_at IS NULL;

COMMENT ON TABLE  nxtgauge_migration.catalogue_run IS
    'The runs whose effect on the catalogue was recorded; one without an end is at work, or was interrupted.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_run.server_version IS
    'A later major version may spell the same definition in another way.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_run.steps IS 'What the run applied, rolled back or adopted, also in part.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_run.baseline IS
    'Every fact as the run found it, as [kind, object, property, value]; only until the run has ended.';
COMMENT ON INDEX  nxtgauge_migration.catalogue_run_open_idx IS 'There is one runner at a time.';

-- To compress it takes half as long as to gather it, and it is gone with the end of the run. Asked first: the change
-- waits for whoever reads the table, also where there is nothing to change.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
               WHERE  a.attrelid = 'nxtgauge_migration.catalogue_run'::regclass
               AND    a.attname = 'baseline' AND a.attstorage <> 'e') THEN
        ALTER TABLE nxtgauge_migration.catalogue_run ALTER COLUMN baseline SET STORAGE EXTERNAL;
    END IF;
END
$$;

CREATE TABLE IF NOT EXISTS nxtgauge_migration.catalogue_owned (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    kind        text        NOT NULL,
    object      text        NOT NULL,
    property    text        NOT NULL,
    expected    text,
    original    text,
    is_whole    boolean     NOT NULL,
    runs        bigint[]    NOT NULL,
    made        text,
    accepted_at timestamptz,
    accepted_by text,
    CONSTRAINT catalogue_owned_pkey PRIMARY KEY (id)
);

COMMENT ON TABLE  nxtgauge_migration.catalogue_owned IS
    'Each fact of the catalogue that the applied steps made or changed, as they left it.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_owned.expected IS 'NULL: the steps took it away.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_owned.original IS
    'As it was before the first of these runs; a fact that a rollback has put back so belongs to the kit no more.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_owned.is_whole IS
    'The steps made the object, so that whatever is said of it is theirs; else they changed this one fact of it.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_owned.runs IS 'The runs that made or changed it, see catalogue_run.';
COMMENT ON COLUMN nxtgauge_migration.catalogue_owned.made IS
    'Where a person has accepted another value: what the steps had made.';

-- >>> written by docs/catalogue_facts.py from sql/proof/fingerprint.sql
-- A session keeps the plan, and its next reading may find many times as much: hence no nested loops.
CREATE OR REPLACE FUNCTION nxtgauge_migration.catalogue_facts()
    RETURNS TABLE (kind text, object text, property text, value text)
    LANGUAGE plpgsql STABLE ROWS 5000
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD'
    SET intervalstyle = 'postgres'
    SET extra_float_digits = '3'
    SET bytea_output = 'hex'
    SET lc_monetary = 'C'
    SET quote_all_identifiers = 'off'
    SET standard_conforming_strings = 'on'
    SET row_security = 'off'
    SET work_mem = '64MB'
    SET jit = 'off'
    SET lock_timeout = '10s'
    SET enable_nestloop = 'off'
AS $facts$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH
schemas AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
    FROM   pg_catalog.pg_namespace AS n
    WHERE  n.nspname !~ '^pg_'
    AND    n.nspname <> 'information_schema'
    AND    NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                       WHERE  d.classid = 'pg_catalog.pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
),

members AS MATERIALIZED (
    SELECT d.classid, d.objid
    FROM   pg_catalog.pg_depend AS d
    WHERE  d.refclassid = 'pg_catalog.pg_extension'::regclass
    AND    d.deptype = 'e'
),

relations AS MATERIALIZED (
    SELECT c.*,
           format('%I.%I', s.nspname, c.relname) AS name,
           CASE c.relkind
               WHEN 'r' THEN 'table'
               WHEN 'p' THEN 'partitioned table'
               WHEN 'v' THEN 'view'
               WHEN 'm' THEN 'materialized view'
               WHEN 'f' THEN 'foreign table'
               WHEN 'S' THEN 'sequence'
               WHEN 'c' THEN 'composite type'
               ELSE 'index'
           END AS kind
    FROM   pg_catalog.pg_class AS c
    JOIN   schemas             AS s ON s.oid = c.relnamespace
    WHERE  c.relpersistence <> 't'
    AND    c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c', 'i', 'I')
    AND    NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
),

columns AS MATERIALIZED (
    SELECT a.*, r.relkind, r.relowner, format('%s.%I', r.name, a.attname) AS name
    FROM   relations               AS r
    JOIN   pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE  r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
),

functions AS MATERIALIZED (
    SELECT p.*, p.oid::regprocedure::text AS name,
           CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind
    FROM   pg_catalog.pg_proc AS p
    JOIN   schemas            AS s ON s.oid = p.pronamespace
    WHERE  NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_proc'::regclass AND m.objid = p.oid)
),

-- Row types of tables and array types come and go with what they belong to.
types AS MATERIALIZED (
    SELECT t.*, format('%I.%I', s.nspname, t.typname) AS name,
           CASE t.typtype
               WHEN 'e' THEN 'enum'
               WHEN 'd' THEN 'domain'
               WHEN 'r' THEN 'range'
               WHEN 'm' THEN 'multirange'
               WHEN 'c' THEN 'composite type'
               ELSE 'type'
           END AS kind
    FROM   pg_catalog.pg_type AS t
    JOIN   schemas            AS s ON s.oid = t.typnamespace
    WHERE  NOT EXISTS (SELECT FROM pg_catalog.pg_type AS element WHERE element.typarray = t.oid)
    AND    (t.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class AS c
                                      WHERE  c.oid = t.typrelid AND c.relkind = 'c'))
    AND    NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_type'::regclass AND m.objid = t.oid)
),

-- What privileges can be granted on, with the privileges that hold when none was ever granted or revoked.
grantable (object, acl) AS (
    SELECT 'schema ' || quote_ident(s.nspname), coalesce(s.nspacl, acldefault('n', s.nspowner))
    FROM   schemas AS s
    UNION ALL
    SELECT r.kind || ' ' || r.name,
           coalesce(r.relacl, acldefault(CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", r.relowner))
    FROM   relations AS r
    WHERE  r.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'column ' || c.name, c.attacl
    FROM   columns AS c
    WHERE  c.attacl IS NOT NULL
    UNION ALL
    SELECT p.kind || ' ' || p.name, coalesce(p.proacl, acldefault('f', p.proowner))
    FROM   functions AS p
    UNION ALL
    SELECT t.kind || ' ' || t.name, coalesce(t.typacl, acldefault('T', t.typowner))
    FROM   types AS t
    WHERE  t.typtype <> 'm'
    UNION ALL
    SELECT 'language ' || quote_ident(l.lanname), coalesce(l.lanacl, acldefault('l', l.lanowner))
    FROM   pg_catalog.pg_language AS l
    UNION ALL
    SELECT 'foreign-data wrapper ' || quote_ident(w.fdwname), coalesce(w.fdwacl, acldefault('F', w.fdwowner))
    FROM   pg_catalog.pg_foreign_data_wrapper AS w
    UNION ALL
    SELECT 'server ' || quote_ident(f.srvname), coalesce(f.srvacl, acldefault('S', f.srvowner))
    FROM   pg_catalog.pg_foreign_server AS f
    UNION ALL
    SELECT 'database', coalesce(b.datacl, acldefault('d', b.datdba))
    FROM   pg_catalog.pg_database AS b
    WHERE  b.datname = current_database()
),

facts (kind, object, property, value) AS (
    -- The database itself; its name is no fact, so that a copy under another name compares equal.
    SELECT 'database', 'database', f.property, f.value
    FROM   pg_catalog.pg_database AS b
    CROSS  JOIN LATERAL (VALUES
               ('owner',            pg_get_userbyid(b.datdba)::text),
               ('connection limit', nullif(b.datconnlimit, -1)::text),
               ('comment',          shobj_description(b.oid, 'pg_database'))
           ) AS f (property, value)
    WHERE  b.datname = current_database()

    UNION ALL
    -- ALTER DATABASE … SET and ALTER ROLE … SET, also those that hold in every database.
    SELECT 'setting',
           concat_ws(' ',
               CASE WHEN d.setrole = 0 THEN 'all roles' ELSE 'role ' || quote_ident(pg_get_userbyid(d.setrole)) END,
               CASE WHEN d.setdatabase = 0 THEN 'in all databases' ELSE 'in this database' END),
           split_part(setting, '=', 1),
           substr(setting, strpos(setting, '=') + 1)
    FROM   pg_catalog.pg_db_role_setting AS d
    CROSS  JOIN LATERAL unnest(d.setconfig) AS setting
    WHERE  d.setdatabase IN (0, (SELECT b.oid FROM pg_catalog.pg_database AS b WHERE b.datname = current_database()))

    UNION ALL
    SELECT 'schema', quote_ident(s.nspname), 'owner', pg_get_userbyid(s.nspowner)
    FROM   schemas AS s

    UNION ALL
    SELECT 'extension', quote_ident(e.extname), f.property, f.value
    FROM   pg_catalog.pg_extension AS e
    CROSS  JOIN LATERAL (VALUES
               ('version', e.extversion),
               ('schema',  e.extnamespace::regnamespace::text),
               ('owner',   pg_get_userbyid(e.extowner)::text)
           ) AS f (property, value)

    UNION ALL
    -- Tables, views, sequences, composite types.
    SELECT r.kind, r.name, f.property, f.value
    FROM   relations AS r
    CROSS  JOIN LATERAL (VALUES
               ('owner',             pg_get_userbyid(r.relowner)::text),
               ('persistence',       CASE r.relpersistence WHEN 'u' THEN 'unlogged' END),
               ('access method',     (SELECT m.amname::text FROM pg_catalog.pg_am AS m WHERE m.oid = r.relam)),
               ('tablespace',        CASE WHEN r.reltablespace <> 0 THEN
                                         (SELECT t.spcname::text FROM pg_catalog.pg_tablespace AS t WHERE t.oid = r.reltablespace)
                                     END),
               ('options',           CASE WHEN r.reloptions IS NOT NULL THEN
                                         (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(r.reloptions) AS o)
                                     END),
               ('toast options',     CASE WHEN r.reltoastrelid <> 0 THEN
                                         (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C")
                                          FROM   pg_catalog.pg_class AS t CROSS JOIN unnest(t.reloptions) AS o
                                          WHERE  t.oid = r.reltoastrelid)
                                     END),
               ('row security',      CASE WHEN r.relrowsecurity THEN 'enabled' END),
               ('owner also bound',  CASE WHEN r.relforcerowsecurity THEN 'forced' END),
               ('replica identity',  CASE WHEN r.relkind IN ('r', 'p', 'm') THEN
                                         CASE r.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
                                                             WHEN 'i' THEN 'index' END
                                     END),
               ('of type',           CASE WHEN r.reloftype <> 0 THEN format_type(r.reloftype, NULL) END),
               ('populated',         CASE WHEN r.relkind = 'm' AND NOT r.relispopulated THEN 'no' END),
               ('partition key',     CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END),
               ('partition bound',   CASE WHEN r.relispartition THEN pg_get_expr(r.relpartbound, r.oid) END),
               ('definition',        CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END)
           ) AS f (property, value)
    WHERE  r.relkind NOT IN ('i', 'I')

    UNION ALL
    -- The order of the parents decides how columns merge.
    SELECT r.kind, r.name, 'inherits ' || i.inhparent::regclass::text,
           i.inhseqno::text || CASE WHEN (to_jsonb(i) ->> 'inhdetachpending')::boolean THEN ', detach pending' ELSE '' END
    FROM   relations              AS r
    JOIN   pg_catalog.pg_inherits AS i ON i.inhrelid = r.oid

    UNION ALL
    SELECT 'column', c.name, f.property, f.value
    FROM   columns            AS c
    JOIN   pg_catalog.pg_type AS t ON t.oid = c.atttypid
    LEFT   JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.attrelid AND d.adnum = c.attnum
    -- From 18 on NOT NULL is a constraint too. Its name says nothing, whether it was validated does.
    LEFT   JOIN pg_catalog.pg_constraint AS k
           ON k.conrelid = c.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[c.attnum]
    -- Not VALUES, as elsewhere: there are far more columns than anything else, and those would be prepared anew for each.
    CROSS  JOIN LATERAL (
               SELECT 'type', format_type(c.atttypid, c.atttypmod)
               UNION ALL
               SELECT 'not null', concat_ws(', ', 'yes', CASE WHEN NOT k.convalidated THEN 'not valid' END,
                                                         CASE WHEN k.connoinherit THEN 'no inherit' END)
               WHERE  c.attnotnull OR k.oid IS NOT NULL
               UNION ALL
               -- It names no column. With the table it would read the same, and have all of the table looked up first.
               SELECT 'default', pg_get_expr(d.adbin, 0)
               WHERE  c.attgenerated = ''
               UNION ALL
               SELECT 'generated', concat_ws(' ', CASE c.attgenerated WHEN 's' THEN 'stored' ELSE 'virtual' END,
                                                  pg_get_expr(d.adbin, d.adrelid))
               WHERE  c.attgenerated <> ''
               UNION ALL
               SELECT 'identity', CASE c.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END
               WHERE  c.attidentity <> ''
               UNION ALL
               SELECT 'collation', c.attcollation::regcollation::text
               WHERE  c.attcollation <> t.typcollation
               UNION ALL
               SELECT 'storage', c.attstorage::text
               WHERE  c.attstorage <> t.typstorage
               UNION ALL
               SELECT 'compression', c.attcompression::text
               WHERE  c.attcompression <> ''
               UNION ALL
               SELECT 'statistics', c.attstattarget::text
               WHERE  c.attstattarget <> -1
               UNION ALL
               SELECT 'options', (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(c.attoptions) AS o)
               WHERE  c.attoptions IS NOT NULL
               UNION ALL
               SELECT 'foreign options', (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(c.attfdwoptions) AS o)
               WHERE  c.attfdwoptions IS NOT NULL
               UNION ALL
               SELECT 'inherited', format('from %s%s', c.attinhcount, CASE WHEN c.attislocal THEN ', also local' END)
               WHERE  c.attinhcount > 0
           ) AS f (property, value)

    UNION ALL
    -- The definition of a constraint says deferrability, validity and enforcement. Not shown by it, nor by pg_dump -s:
    -- that the triggers which enforce a foreign key were switched off.
    SELECT 'constraint', format('%I ON %s', k.conname, r.name), f.property, f.value
    FROM   relations                AS r
    JOIN   pg_catalog.pg_constraint AS k ON k.conrelid = r.oid
    CROSS  JOIN LATERAL (VALUES
               ('definition', pg_get_constraintdef(k.oid)),
               ('inherited',  CASE WHEN k.coninhcount > 0 THEN
                                  format('from %s%s', k.coninhcount, CASE WHEN k.conislocal THEN ', also local' END)
                              END),
               ('triggers',   CASE WHEN k.contype = 'f' OR k.condeferrable THEN
                                  (SELECT string_agg(DISTINCT format('%s: %s', t.tgfoid::regproc, t.tgenabled), ', ')
                                   FROM   pg_catalog.pg_trigger AS t
                                   WHERE  t.tgconstraint = k.oid AND t.tgisinternal
                                   HAVING bool_or(t.tgenabled <> 'O'))
                              END)
           ) AS f (property, value)
    WHERE  k.contype NOT IN ('n', 't')

    UNION ALL
    SELECT 'index', i.name, f.property, f.value
    FROM   relations           AS i
    JOIN   pg_catalog.pg_index AS x ON x.indexrelid = i.oid
    JOIN   relations           AS r ON r.oid = x.indrelid
    CROSS  JOIN LATERAL (VALUES
               ('definition',       pg_get_indexdef(i.oid)),
               ('valid',            CASE WHEN NOT (x.indisvalid AND x.indisready AND x.indislive) THEN 'no' END),
               ('clustered',        CASE WHEN x.indisclustered THEN 'yes' END),
               ('replica identity', CASE WHEN x.indisreplident THEN 'yes' END),
               ('tablespace',       CASE WHEN i.reltablespace <> 0 THEN
                                        (SELECT t.spcname::text FROM pg_catalog.pg_tablespace AS t WHERE t.oid = i.reltablespace)
                                    END),
               ('statistics',       CASE WHEN x.indexprs IS NOT NULL THEN  -- only of expressions
                                        (SELECT string_agg(format('%s: %s', a.attnum, a.attstattarget), ', ' ORDER BY a.attnum)
                                         FROM   pg_catalog.pg_attribute AS a
                                         WHERE  a.attrelid = i.oid AND a.attstattarget >= 0)
                                    END)
           ) AS f (property, value)

    UNION ALL
    -- Up to 14 the copies of a row trigger on partitions count as internal.
    SELECT 'trigger', format('%I ON %s', t.tgname, r.name), f.property, f.value
    FROM   relations             AS r
    JOIN   pg_catalog.pg_trigger AS t ON t.tgrelid = r.oid
    CROSS  JOIN LATERAL (VALUES
               ('definition', pg_get_triggerdef(t.oid)),
               ('inherited',  CASE WHEN t.tgparentid <> 0 THEN 'yes' END),
               ('enabled',    CASE t.tgenabled WHEN 'D' THEN 'never' WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replica' END)
           ) AS f (property, value)
    WHERE  NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0)

    UNION ALL
    SELECT 'rule', format('%I ON %s', w.rulename, r.name), f.property, f.value
    FROM   relations             AS r
    JOIN   pg_catalog.pg_rewrite AS w ON w.ev_class = r.oid
    CROSS  JOIN LATERAL (VALUES
               ('definition', CASE WHEN w.rulename <> '_RETURN' THEN pg_get_ruledef(w.oid) END),
               ('enabled',    CASE w.ev_enabled WHEN 'D' THEN 'never' WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replica' END)
           ) AS f (property, value)

    UNION ALL
    SELECT 'policy', format('%I ON %s', y.polname, r.name), f.property, f.value
    FROM   relations            AS r
    JOIN   pg_catalog.pg_policy AS y ON y.polrelid = r.oid
    CROSS  JOIN LATERAL (VALUES
               ('command',     CASE y.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                                             WHEN 'd' THEN 'delete' ELSE 'all' END),
               ('restrictive', CASE WHEN NOT y.polpermissive THEN 'yes' END),
               ('roles',       (SELECT string_agg(role, ', ' ORDER BY role COLLATE "C")
                                FROM   unnest(y.polroles) AS id
                                CROSS  JOIN LATERAL (SELECT CASE WHEN id = 0 THEN 'PUBLIC'
                                                                 ELSE quote_ident(pg_get_userbyid(id)) END) AS g (role))),
               ('using',       pg_get_expr(y.polqual, y.polrelid)),
               ('check',       pg_get_expr(y.polwithcheck, y.polrelid))
           ) AS f (property, value)

    UNION ALL
    -- Columns are sorted by name: the catalogue sorts them by their number, which a restored column does not keep.
    SELECT 'statistics', format('%I.%I', s.nspname, x.stxname), f.property, f.value
    FROM   pg_catalog.pg_statistic_ext AS x
    JOIN   schemas                     AS s ON s.oid = x.stxnamespace
    JOIN   relations                   AS r ON r.oid = x.stxrelid
    CROSS  JOIN LATERAL (VALUES
               ('owner',       pg_get_userbyid(x.stxowner)::text),
               ('table',       r.name),
               ('kinds',       (SELECT string_agg(z::text, ', ' ORDER BY z) FROM unnest(x.stxkind) AS z)),
               ('columns',     (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
                                FROM   pg_catalog.pg_attribute AS a
                                WHERE  a.attrelid = x.stxrelid AND a.attnum = ANY (x.stxkeys::int2[]))),
               ('expressions', (SELECT string_agg(e, ', ' ORDER BY e COLLATE "C")
                                FROM   unnest(pg_get_statisticsobjdef_expressions(x.oid)) AS e)),
               ('target',      nullif(coalesce(x.stxstattarget, -1), -1)::text)
           ) AS f (property, value)

    UNION ALL
    SELECT 'sequence', r.name, f.property, f.value
    FROM   relations              AS r
    JOIN   pg_catalog.pg_sequence AS q ON q.seqrelid = r.oid
    CROSS  JOIN LATERAL (VALUES
               ('definition', format('AS %s START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s',
                                     format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, q.seqmax,
                                     q.seqcache, CASE WHEN q.seqcycle THEN ' CYCLE' END)),
               -- The column's name in a query of its own: a join would read all columns there are, for each sequence.
               ('owned by',   (SELECT format('%s.%I%s', d.refobjid::regclass,
                                             (SELECT a.attname FROM pg_catalog.pg_attribute AS a
                                              WHERE  a.attrelid = d.refobjid AND a.attnum = d.refobjsubid),
                                             CASE d.deptype WHEN 'i' THEN ' as identity' END)
                               FROM   pg_catalog.pg_depend AS d
                               WHERE  d.classid = 'pg_catalog.pg_class'::regclass
                               AND    d.objid = r.oid
                               AND    d.refclassid = 'pg_catalog.pg_class'::regclass
                               AND    d.refobjsubid > 0
                               AND    d.deptype IN ('a', 'i')))
           ) AS f (property, value)

    UNION ALL
    -- The definition holds language, volatility, strictness, security, parallel safety, cost, settings and body.
    SELECT p.kind, p.name, f.property, f.value
    FROM   functions AS p
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(p.proowner)::text),
               ('definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
           ) AS f (property, value)

    UNION ALL
    SELECT p.kind, p.name, 'definition',
           format('%s (%s) RETURNS %s %s ', CASE g.aggkind WHEN 'n' THEN 'normal' WHEN 'o' THEN 'ordered-set' ELSE 'hypothetical' END,
                  pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.proparallel)
           || (to_jsonb(g) - ARRAY['aggfnoid', 'aggkind', 'aggtranstype', 'aggmtranstype', 'aggsortop']
               || jsonb_build_object('aggtranstype', format_type(g.aggtranstype, NULL),
                                     'aggmtranstype', format_type(nullif(g.aggmtranstype, 0), NULL),
                                     'aggsortop', g.aggsortop::regoperator::text))::text
    FROM   functions               AS p
    JOIN   pg_catalog.pg_aggregate AS g ON g.aggfnoid = p.oid

    UNION ALL
    SELECT t.kind, t.name, f.property, f.value
    FROM   types AS t
    LEFT   JOIN pg_catalog.pg_range AS n ON n.rngtypid = t.oid
    CROSS  JOIN LATERAL (VALUES
               ('owner',          CASE WHEN t.typtype <> 'c' THEN pg_get_userbyid(t.typowner)::text END),
               ('labels',         (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                                   FROM   pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)),
               ('base type',      CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END),
               ('not null',       CASE WHEN t.typnotnull THEN 'yes' END),
               ('default',        t.typdefault),
               ('collation',      CASE WHEN t.typtype = 'd' AND t.typcollation <> (SELECT b.typcollation
                                                                                   FROM   pg_catalog.pg_type AS b
                                                                                   WHERE  b.oid = t.typbasetype)
                                       THEN t.typcollation::regcollation::text END),
               ('range',          CASE WHEN t.typtype = 'r' THEN
                                      format('subtype %s, collation %s, canonical %s, difference %s, multirange %s',
                                             format_type(n.rngsubtype, NULL), n.rngcollation::regcollation,
                                             n.rngcanonical, n.rngsubdiff, format_type(n.rngmultitypid, NULL))
                                  END),
               ('operator class', CASE WHEN t.typtype = 'r' THEN (SELECT format('%s.%I', o.opcnamespace::regnamespace, o.opcname)
                                                                  FROM   pg_catalog.pg_opclass AS o
                                                                  WHERE  o.oid = n.rngsubopc) END),
               ('definition',     CASE WHEN t.typtype IN ('b', 'p') THEN
                                      concat_ws(' ', t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout,
                                                t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory,
                                                t.typispreferred, t.typdelim, format_type(nullif(t.typelem, 0), NULL))
                                  END)
           ) AS f (property, value)

    UNION ALL
    SELECT 'constraint', format('%I ON domain %s', k.conname, t.name), 'definition', pg_get_constraintdef(k.oid)
    FROM   types                    AS t
    JOIN   pg_catalog.pg_constraint AS k ON k.contypid = t.oid AND k.contype <> 'n'

    UNION ALL
    -- One line per privilege, grantee and grantor.
    SELECT 'grant', g.object,
           format('%s to %s by %s', a.privilege_type,
                  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                  quote_ident(pg_get_userbyid(a.grantor))),
           CASE WHEN a.is_grantable THEN 'with grant option' ELSE 'plain' END
    FROM   grantable AS g
    CROSS  JOIN LATERAL aclexplode(g.acl) AS a

    UNION ALL
    -- A default that takes everything away has no privilege left to list, so each default has a line of its own too.
    SELECT 'default privileges',
           format('of role %I in %s on %s', pg_get_userbyid(d.defaclrole),
                  CASE WHEN d.defaclnamespace = 0 THEN 'all schemas' ELSE 'schema ' || quote_ident(s.nspname) END,
                  CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                       WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE d.defaclobjtype::text END),
           f.property, f.value
    FROM   pg_catalog.pg_default_acl AS d
    LEFT   JOIN schemas AS s ON s.oid = d.defaclnamespace
    CROSS  JOIN LATERAL (
               SELECT 'set', 'yes'
               UNION ALL
               SELECT format('%s to %s by %s', a.privilege_type,
                             CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                             quote_ident(pg_get_userbyid(a.grantor))),
                      CASE WHEN a.is_grantable THEN 'with grant option' ELSE 'plain' END
               FROM   aclexplode(d.defaclacl) AS a
           ) AS f (property, value)
    WHERE  d.defaclnamespace = 0 OR s.oid IS NOT NULL

    UNION ALL
    -- Triggers, rules and policies have no schema of their own: that of their table decides.
    SELECT 'comment', i.type || ' ' || i.identity, 'text', d.description
    FROM   pg_catalog.pg_description AS d
    CROSS  JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
    WHERE  (d.objoid >= 16384 OR d.classoid IN ('pg_catalog.pg_namespace'::regclass, 'pg_catalog.pg_extension'::regclass))
    AND    i.identity IS NOT NULL
    AND    NOT EXISTS (SELECT FROM members AS m WHERE m.classid = d.classoid AND m.objid = d.objoid)
    AND    CASE WHEN d.classoid = 'pg_catalog.pg_namespace'::regclass
                THEN d.objoid IN (SELECT s.oid FROM schemas AS s)
                WHEN d.classoid IN ('pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_rewrite'::regclass,
                                    'pg_catalog.pg_policy'::regclass)
                THEN CASE d.classoid
                         WHEN 'pg_catalog.pg_trigger'::regclass
                             THEN (SELECT t.tgrelid  FROM pg_catalog.pg_trigger AS t WHERE t.oid = d.objoid)
                         WHEN 'pg_catalog.pg_rewrite'::regclass
                             THEN (SELECT w.ev_class FROM pg_catalog.pg_rewrite AS w WHERE w.oid = d.objoid)
                         ELSE     (SELECT y.polrelid FROM pg_catalog.pg_policy  AS y WHERE y.oid = d.objoid)
                     END IN (SELECT r.oid FROM relations AS r)
                ELSE i.schema IS NULL OR i.schema IN (SELECT quote_ident(s.nspname) FROM schemas AS s)
           END

    UNION ALL
    SELECT 'security label', i.type || ' ' || i.identity, l.provider, l.label
    FROM   pg_catalog.pg_seclabel AS l
    CROSS  JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) AS i
    WHERE  i.schema IS NULL OR i.schema IN (SELECT quote_ident(s.nspname) FROM schemas AS s)

    UNION ALL
    -- ALTER … DEPENDS ON EXTENSION.
    SELECT 'dependency', i.type || ' ' || i.identity, 'on extension ' || quote_ident(e.extname), 'yes'
    FROM   pg_catalog.pg_depend    AS d
    JOIN   pg_catalog.pg_extension AS e ON e.oid = d.refobjid
    CROSS  JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS i
    WHERE  d.refclassid = 'pg_catalog.pg_extension'::regclass
    AND    d.deptype = 'x'
    AND    (i.schema IS NULL OR i.schema IN (SELECT quote_ident(s.nspname) FROM schemas AS s))

    UNION ALL
    SELECT 'language', quote_ident(l.lanname), f.property, f.value
    FROM   pg_catalog.pg_language AS l
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(l.lanowner)::text),
               ('definition', concat_ws(' ', l.lanpltrusted, l.lanplcallfoid::regproc, l.laninline::regproc,
                                             l.lanvalidator::regproc))
           ) AS f (property, value)
)

SELECT f.kind, f.object, f.property, string_agg(f.value, E'\n' ORDER BY f.value COLLATE "C")
FROM   facts AS f
WHERE  f.value IS NOT NULL
GROUP  BY f.kind, f.object, f.property;

-- Few databases have any of what follows, and to plan it takes a third of the time in a new session.
IF EXISTS (
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
) THEN
RETURN QUERY
WITH
schemas AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
    FROM   pg_catalog.pg_namespace AS n
    WHERE  n.nspname !~ '^pg_'
    AND    n.nspname <> 'information_schema'
    AND    NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                       WHERE  d.classid = 'pg_catalog.pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
),

members AS MATERIALIZED (
    SELECT d.classid, d.objid
    FROM   pg_catalog.pg_depend AS d
    WHERE  d.refclassid = 'pg_catalog.pg_extension'::regclass
    AND    d.deptype = 'e'
),

relations AS MATERIALIZED (
    SELECT c.*,
           format('%I.%I', s.nspname, c.relname) AS name,
           CASE c.relkind
               WHEN 'r' THEN 'table'
               WHEN 'p' THEN 'partitioned table'
               WHEN 'v' THEN 'view'
               WHEN 'm' THEN 'materialized view'
               WHEN 'f' THEN 'foreign table'
               WHEN 'S' THEN 'sequence'
               WHEN 'c' THEN 'composite type'
               ELSE 'index'
           END AS kind
    FROM   pg_catalog.pg_class AS c
    JOIN   schemas             AS s ON s.oid = c.relnamespace
    WHERE  c.relpersistence <> 't'
    AND    c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c', 'i', 'I')
    AND    NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
),

facts (kind, object, property, value) AS (
    SELECT 'publication', quote_ident(p.pubname), f.property, f.value
    FROM   pg_catalog.pg_publication AS p
    CROSS  JOIN LATERAL (
               SELECT 'owner', pg_get_userbyid(p.pubowner)::text
               UNION ALL
               SELECT o.key, o.value
               FROM   jsonb_each_text(to_jsonb(p) - ARRAY['oid', 'pubname', 'pubowner']) AS o
           ) AS f (property, value)

    UNION ALL
    -- Column lists and row filters exist from 15 on; a filter is readable only through the view.
    SELECT 'publication', quote_ident(p.pubname), 'table ' || r.name,
           concat_ws(' ',
               coalesce((SELECT format('(%s)', string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname))
                         FROM   pg_catalog.pg_attribute AS a
                         WHERE  a.attrelid = r.oid
                         AND    to_jsonb(m) ->> 'prattrs' ~ format('\m%s\M', a.attnum)
                         HAVING count(*) > 0), 'all columns'),
               CASE WHEN to_jsonb(m) ->> 'prqual' IS NOT NULL THEN
                   'WHERE ' || coalesce((SELECT to_jsonb(v) ->> 'rowfilter'
                                         FROM   pg_catalog.pg_publication_tables AS v
                                         WHERE  v.pubname = p.pubname
                                         AND    format('%I.%I', v.schemaname, v.tablename) = r.name), '…')
               END)
    FROM   pg_catalog.pg_publication     AS p
    JOIN   pg_catalog.pg_publication_rel AS m ON m.prpubid = p.oid
    JOIN   relations                     AS r ON r.oid = m.prrelid

    UNION ALL
    -- FOR TABLES IN SCHEMA, from 15 on; 14 has no such catalogue to name, the dependencies of its rows tell the same.
    SELECT 'publication', quote_ident(p.pubname), 'schema ' || quote_ident(s.nspname), 'all tables'
    FROM   pg_catalog.pg_depend      AS d
    JOIN   pg_catalog.pg_publication AS p ON p.oid = d.refobjid
    JOIN   pg_catalog.pg_depend      AS e ON e.classid = d.classid AND e.objid = d.objid
    JOIN   schemas                   AS s ON s.oid = e.refobjid
    WHERE  d.classid = to_regclass('pg_catalog.pg_publication_namespace')
    AND    d.refclassid = 'pg_catalog.pg_publication'::regclass
    AND    e.refclassid = 'pg_catalog.pg_namespace'::regclass

    UNION ALL
    -- Only these columns are open to everybody; the connection string is not.
    SELECT 'subscription', quote_ident(u.subname), f.property, f.value
    FROM   pg_catalog.pg_subscription AS u
    CROSS  JOIN LATERAL (VALUES
               ('owner',        pg_get_userbyid(u.subowner)::text),
               ('enabled',      u.subenabled::text),
               ('slot',         u.subslotname::text),
               ('publications', array_to_string(u.subpublications, ', '))
           ) AS f (property, value)
    WHERE  u.subdbid = (SELECT b.oid FROM pg_catalog.pg_database AS b WHERE b.datname = current_database())

    UNION ALL
    SELECT 'event trigger', quote_ident(t.evtname), f.property, f.value
    FROM   pg_catalog.pg_event_trigger AS t
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(t.evtowner)::text),
               ('definition', concat_ws(' ', t.evtevent, 'EXECUTE', t.evtfoid::regprocedure)),
               ('tags',       (SELECT string_agg(g, ', ' ORDER BY g COLLATE "C") FROM unnest(t.evttags) AS g)),
               ('enabled',    CASE t.evtenabled WHEN 'D' THEN 'never' WHEN 'A' THEN 'always' WHEN 'R' THEN 'on replica' END)
           ) AS f (property, value)
    WHERE  NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_event_trigger'::regclass AND m.objid = t.oid)

    UNION ALL
    SELECT 'cast', format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)), 'definition',
           format('method %s, context %s, function %s', c.castmethod, c.castcontext, c.castfunc::regprocedure)
    FROM   pg_catalog.pg_cast AS c
    WHERE  c.oid >= 16384
    AND    NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_cast'::regclass AND m.objid = c.oid)

    UNION ALL
    SELECT 'operator', o.oid::regoperator::text, f.property, f.value
    FROM   pg_catalog.pg_operator AS o
    JOIN   schemas                AS s ON s.oid = o.oprnamespace
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(o.oprowner)::text),
               ('definition', format('function %s, commutator %s, negator %s, restrict %s, join %s, hashes %s, merges %s',
                                     o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin,
                                     o.oprcanhash, o.oprcanmerge))
           ) AS f (property, value)
    WHERE  NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_operator'::regclass AND m.objid = o.oid)

    UNION ALL
    SELECT 'collation', format('%I.%I', s.nspname, c.collname), f.property, f.value
    FROM   pg_catalog.pg_collation AS c
    JOIN   schemas                 AS s ON s.oid = c.collnamespace
    CROSS  JOIN LATERAL (
               SELECT 'owner', pg_get_userbyid(c.collowner)::text
               UNION ALL
               SELECT o.key, o.value
               FROM   jsonb_each_text(to_jsonb(c) - ARRAY['oid', 'collname', 'collnamespace', 'collowner']) AS o
           ) AS f (property, value)
    WHERE  NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_collation'::regclass AND m.objid = c.oid)

    UNION ALL
    SELECT 'text search dictionary', format('%I.%I', s.nspname, t.dictname), f.property, f.value
    FROM   pg_catalog.pg_ts_dict AS t
    JOIN   schemas               AS s ON s.oid = t.dictnamespace
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(t.dictowner)::text),
               ('definition', concat_ws(' ', 'template', (SELECT format('%s.%I', e.tmplnamespace::regnamespace, e.tmplname)
                                                          FROM   pg_catalog.pg_ts_template AS e
                                                          WHERE  e.oid = t.dicttemplate), t.dictinitoption))
           ) AS f (property, value)
    WHERE  NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_ts_dict'::regclass AND m.objid = t.oid)

    UNION ALL
    SELECT 'text search configuration', format('%I.%I', s.nspname, t.cfgname), f.property, f.value
    FROM   pg_catalog.pg_ts_config AS t
    JOIN   schemas                 AS s ON s.oid = t.cfgnamespace
    CROSS  JOIN LATERAL (
               SELECT 'owner', pg_get_userbyid(t.cfgowner)::text
               UNION ALL
               SELECT 'mapping of token ' || m.maptokentype, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
               FROM   pg_catalog.pg_ts_config_map AS m
               WHERE  m.mapcfg = t.oid
               GROUP  BY m.maptokentype
           ) AS f (property, value)
    WHERE  NOT EXISTS (SELECT FROM members AS m
                       WHERE  m.classid = 'pg_catalog.pg_ts_config'::regclass AND m.objid = t.oid)

    UNION ALL
    -- What only a superuser or the author of an index method makes: that it is there, and what it is made of.
    SELECT i.type, i.identity, 'made of', o.parts
    FROM   (
               SELECT 'pg_catalog.pg_opclass'::regclass, c.oid,
                      concat_ws(' ', pg_get_userbyid(c.opcowner), format_type(c.opcintype, NULL), c.opcdefault,
                                     format_type(nullif(c.opckeytype, 0), NULL))
               FROM   pg_catalog.pg_opclass AS c
               UNION ALL
               SELECT 'pg_catalog.pg_opfamily'::regclass, f.oid, pg_get_userbyid(f.opfowner)::text
               FROM   pg_catalog.pg_opfamily AS f
               UNION ALL
               SELECT 'pg_catalog.pg_amop'::regclass, a.oid, a.amopopr::regoperator::text
               FROM   pg_catalog.pg_amop AS a
               UNION ALL
               SELECT 'pg_catalog.pg_amproc'::regclass, a.oid, a.amproc::regprocedure::text
               FROM   pg_catalog.pg_amproc AS a
               UNION ALL
               SELECT 'pg_catalog.pg_conversion'::regclass, c.oid,
                      concat_ws(' ', pg_get_userbyid(c.conowner), c.conforencoding, c.contoencoding, c.conproc, c.condefault)
               FROM   pg_catalog.pg_conversion AS c
               UNION ALL
               SELECT 'pg_catalog.pg_transform'::regclass, t.oid, concat_ws(' ', t.trffromsql, t.trftosql)
               FROM   pg_catalog.pg_transform AS t
               UNION ALL
               SELECT 'pg_catalog.pg_am'::regclass, a.oid, concat_ws(' ', a.amtype, a.amhandler)
               FROM   pg_catalog.pg_am AS a
           ) AS o (catalogue, id, parts)
    CROSS  JOIN LATERAL pg_identify_object(o.catalogue, o.id, 0) AS i
    WHERE  o.id >= 16384
    AND    (i.schema IS NULL OR i.schema IN (SELECT quote_ident(s.nspname) FROM schemas AS s))
    AND    NOT EXISTS (SELECT FROM members AS m WHERE m.classid = o.catalogue AND m.objid = o.id)

    UNION ALL
    SELECT 'foreign-data wrapper', quote_ident(w.fdwname), f.property, f.value
    FROM   pg_catalog.pg_foreign_data_wrapper AS w
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(w.fdwowner)::text),
               ('definition', format('handler %s, validator %s', w.fdwhandler::regproc, w.fdwvalidator::regproc)),
               ('options',    (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(w.fdwoptions) AS o))
           ) AS f (property, value)

    UNION ALL
    SELECT 'server', quote_ident(v.srvname), f.property, f.value
    FROM   pg_catalog.pg_foreign_server       AS v
    JOIN   pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = v.srvfdw
    CROSS  JOIN LATERAL (VALUES
               ('owner',      pg_get_userbyid(v.srvowner)::text),
               ('definition', concat_ws(' ', quote_ident(w.fdwname), v.srvtype, v.srvversion)),
               ('options',    (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(v.srvoptions) AS o))
           ) AS f (property, value)

    UNION ALL
    -- Options of a user mapping hold passwords, so only their hash is shown; to other roles not even that.
    SELECT 'user mapping', format('of %I for server %I', u.usename, u.srvname), 'options',
           coalesce((SELECT encode(sha256(convert_to(string_agg(o, ', ' ORDER BY o COLLATE "C"), 'UTF8')), 'hex')
                     FROM   unnest(u.umoptions) AS o), 'hidden or none')
    FROM   pg_catalog.pg_user_mappings AS u

    UNION ALL
    SELECT r.kind, r.name, f.property, f.value
    FROM   relations                    AS r
    JOIN   pg_catalog.pg_foreign_table  AS t ON t.ftrelid = r.oid
    JOIN   pg_catalog.pg_foreign_server AS v ON v.oid = t.ftserver
    CROSS  JOIN LATERAL (VALUES
               ('server',          quote_ident(v.srvname)),
               ('foreign options', (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(t.ftoptions) AS o))
           ) AS f (property, value)
)

SELECT f.kind, f.object, f.property, string_agg(f.value, E'\n' ORDER BY f.value COLLATE "C")
FROM   facts AS f
WHERE  f.value IS NOT NULL
GROUP  BY f.kind, f.object, f.property;
END IF;
END
$facts$;
-- <<<

COMMENT ON FUNCTION nxtgauge_migration.catalogue_facts() IS
    'Every fact of the catalogue as the fingerprint sees it, those of the kit''s own schemas too.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.catalogue_about(of_kind text, of_object text)
    RETURNS TABLE (kind text, object text)
    LANGUAGE sql IMMUTABLE
AS $$
    VALUES (of_kind, of_object),
           ('grant',   of_kind || ' ' || of_object),
           ('comment', CASE WHEN of_kind IN ('column', 'constraint') THEN 'table ' ELSE '' END
                       || of_kind || ' ' || replace(of_object, ' ON ', ' on '))
$$;

COMMENT ON FUNCTION nxtgauge_migration.catalogue_about(text, text) IS
    'Under which kinds and objects catalogue_facts() tells of an object: itself, its privileges, its comment.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.parked_holders() RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    holders text[] := '{}';
BEGIN
    IF to_regclass('nxtgauge_migration.parked') IS NOT NULL THEN
        EXECUTE 'SELECT coalesce(array_agg(p.holder), $1) FROM nxtgauge_migration.parked AS p' INTO holders USING holders;
    END IF;
    RETURN holders;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.parked_holders() IS
    'The schemas that hold parked data now; what was restored or purged is nobody''s any more.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.lasting_runs() RETURNS bigint[]
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(r.id), '{}')
    FROM   nxtgauge_migration.catalogue_run AS r
    WHERE  r.steps && ARRAY(SELECT m.migration_id::text FROM nxtgauge_migration._yoyo_migration AS m
                            UNION
                            SELECT u.step_id FROM nxtgauge_migration.step_unit AS u WHERE u.direction = 'apply')
$$;

COMMENT ON FUNCTION nxtgauge_migration.lasting_runs() IS
    'The runs of which at least one step stands, be it in part. What only others made is nobody''s any more.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.begin_recording() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM nxtgauge_migration.catalogue_run AS r WHERE r.ended_at IS NULL) THEN
        INSERT INTO nxtgauge_migration.catalogue_run (baseline)
        SELECT to_jsonb(array_agg(ARRAY[f.kind, f.object, f.property, f.value]))
        FROM   nxtgauge_migration.catalogue_facts() AS f;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.begin_recording() IS
    'Opens the record of a run; does nothing if one is open. Whatever changes the catalogue until end_recording() counts'
    ' as the kit''s doing.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.end_recording() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    run     nxtgauge_migration.catalogue_run;
    touched text[];
    holders text[] := nxtgauge_migration.parked_holders();
BEGIN
    SELECT * INTO run FROM nxtgauge_migration.catalogue_run AS r WHERE r.ended_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    touched := ARRAY(
        SELECT l.migration_id FROM nxtgauge_migration._yoyo_log AS l
        WHERE  l.created_at_utc >= run.began_at AT TIME ZONE 'UTC' AND l.migration_id IS NOT NULL
        UNION
        SELECT u.step_id FROM nxtgauge_migration.step_unit AS u WHERE u.ran_at >= run.began_at
        ORDER  BY 1);

    WITH
    before AS MATERIALIZED (
        SELECT f ->> 0 AS kind, f ->> 1 AS object, f ->> 2 AS property, f ->> 3 AS value
        FROM   jsonb_array_elements(run.baseline) AS f
    ),
    changed AS MATERIALIZED (
        SELECT kind, object, property, b.value AS old_value, a.value AS new_value
        FROM   before AS b
        FULL   JOIN nxtgauge_migration.catalogue_facts() AS a USING (kind, object, property)
        WHERE  b.value IS DISTINCT FROM a.value
    ),
    known AS (
        UPDATE nxtgauge_migration.catalogue_owned AS o
        SET    expected = c.new_value, runs = o.runs || run.id, made = NULL, accepted_at = NULL, accepted_by = NULL
        FROM   changed AS c
        WHERE  (o.kind, o.object, o.property) = (c.kind, c.object, c.property)
    )
    INSERT INTO nxtgauge_migration.catalogue_owned (kind, object, property, expected, original, is_whole, runs)
    SELECT c.kind, c.object, c.property, c.new_value, c.old_value,
           c.kind NOT IN ('grant', 'comment', 'security label', 'dependency')
           AND (NOT EXISTS (SELECT FROM before AS b WHERE (b.kind, b.object) = (c.kind, c.object))
                OR EXISTS (SELECT FROM nxtgauge_migration.catalogue_owned AS o
                           WHERE  (o.kind, o.object) = (c.kind, c.object) AND o.is_whole)),
           ARRAY[run.id]
    FROM   changed AS c
    WHERE  NOT EXISTS (SELECT FROM nxtgauge_migration.catalogue_owned AS o
                       WHERE  (o.kind, o.object, o.property) = (c.kind, c.object, c.property));

    UPDATE nxtgauge_migration.catalogue_run AS r
    SET    ended_at = clock_timestamp(), steps = touched, baseline = NULL
    WHERE  r.id = run.id;

    -- What is as it was before the kit came, put back by a run of which no step stands, is the kit's no more; what a step
    -- that stands has taken away again is, for its rollback brings it back. Nor is the kit's what no step that stands has
    -- made, except for the parked data that wait for the way back.
    DELETE FROM nxtgauge_migration.catalogue_owned AS o
    WHERE  (o.expected IS NOT DISTINCT FROM o.original
            AND o.runs[cardinality(o.runs)] <> ALL ((SELECT nxtgauge_migration.lasting_runs())::bigint[]))
    OR     (NOT o.runs && (SELECT nxtgauge_migration.lasting_runs())
            AND coalesce(substring(o.object FROM 'nxtgauge_migration_p[0-9]+') <> ALL (holders), true));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.end_recording() IS
    'Closes the record of a run: keeps what changed since begin_recording(). Does nothing if none is open.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.catalogue_drift()
    RETURNS TABLE (kind text, object text, property text, expected text, found text, runs bigint[])
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
WITH
live AS MATERIALIZED (
    SELECT f.kind, f.object, f.property, f.value FROM nxtgauge_migration.catalogue_facts() AS f
),

-- What a run that has not ended has changed so far is not recorded yet, and so cannot be judged.
before AS MATERIALIZED (
    SELECT f ->> 0 AS kind, f ->> 1 AS object, f ->> 2 AS property, f ->> 3 AS value
    FROM   nxtgauge_migration.catalogue_run AS r
    CROSS  JOIN LATERAL jsonb_array_elements(r.baseline) AS f
    WHERE  r.ended_at IS NULL
),
unjudged AS MATERIALIZED (
    SELECT kind, object, property
    FROM   before AS b
    FULL   JOIN live AS l USING (kind, object, property)
    WHERE  b.value IS DISTINCT FROM l.value
    AND    EXISTS (SELECT FROM before)
),

-- What can be said of an object that the steps made, although they said nothing.
sayable AS MATERIALIZED (
    SELECT a.kind, a.object, max(o.runs) AS runs
    FROM   nxtgauge_migration.catalogue_owned AS o
    CROSS  JOIN LATERAL nxtgauge_migration.catalogue_about(o.kind, o.object) AS a
    WHERE  o.is_whole
    GROUP  BY a.kind, a.object
    HAVING bool_or(o.expected IS NOT NULL)
),

differences AS (
    SELECT o.kind, o.object, o.property, o.expected, l.value, o.runs
    FROM   nxtgauge_migration.catalogue_owned AS o
    LEFT   JOIN live AS l USING (kind, object, property)
    WHERE  l.value IS DISTINCT FROM o.expected
    AND    (o.accepted_at IS NULL OR l.value IS DISTINCT FROM o.made)
    UNION ALL
    SELECT l.kind, l.object, l.property, NULL, l.value, s.runs
    FROM   live    AS l
    JOIN   sayable AS s USING (kind, object)
    WHERE  NOT EXISTS (SELECT FROM nxtgauge_migration.catalogue_owned AS o
                       WHERE  (o.kind, o.object, o.property) = (l.kind, l.object, l.property))
)

SELECT d.kind, d.object, d.property, d.expected, d.value, d.runs
FROM   differences AS d
WHERE  NOT EXISTS (SELECT FROM unjudged AS u WHERE (u.kind, u.object, u.property) = (d.kind, d.object, d.property))
AND    CASE WHEN d.object ~ 'nxtgauge_migration_p[0-9]'
            THEN substring(d.object FROM 'nxtgauge_migration_p[0-9]+') = ANY ((SELECT nxtgauge_migration.parked_holders())::text[])
            ELSE d.runs && (SELECT nxtgauge_migration.lasting_runs())
       END
ORDER  BY d.kind COLLATE "C", d.object COLLATE "C", d.property COLLATE "C"
$$;

COMMENT ON FUNCTION nxtgauge_migration.catalogue_drift() IS
    'What differs now from what the applied steps made; objects that are not the kit''s are left out.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.accept_drift(objects text[] DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    accepted bigint;
BEGIN
    WITH
    drift AS MATERIALIZED (
        SELECT d.* FROM nxtgauge_migration.catalogue_drift() AS d WHERE objects IS NULL OR d.object = ANY (objects)
    ),
    known AS (
        UPDATE nxtgauge_migration.catalogue_owned AS o
        SET    made        = CASE WHEN o.accepted_at IS NULL THEN o.expected ELSE o.made END,
               expected    = d.found,
               accepted_at = clock_timestamp(),
               accepted_by = session_user
        FROM   drift AS d
        WHERE  (o.kind, o.object, o.property) = (d.kind, d.object, d.property)
    ),
    added AS (
        INSERT INTO nxtgauge_migration.catalogue_owned
            (kind, object, property, expected, is_whole, runs, accepted_at, accepted_by)
        SELECT d.kind, d.object, d.property, d.found, false, d.runs, clock_timestamp(), session_user
        FROM   drift AS d
        WHERE  NOT EXISTS (SELECT FROM nxtgauge_migration.catalogue_owned AS o
                           WHERE  (o.kind, o.object, o.property) = (d.kind, d.object, d.property))
    )
    SELECT count(*) INTO accepted FROM drift;
    RETURN accepted;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.accept_drift(text[]) IS
    'Takes what differs now for what is expected, of these objects or of all; who did and when is kept, and the value of'
    ' the steps. Returns the number of facts.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.own_objects(
    all_steps text[], of_steps text[], kinds text[], objects text[]) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owned bigint;
BEGIN
    WITH
    run AS (
        INSERT INTO nxtgauge_migration.catalogue_run (ended_at, steps)
        SELECT clock_timestamp(), ARRAY[s] FROM unnest(all_steps) AS s
        RETURNING id, steps[1] AS step
    ),
    own AS (
        SELECT a.kind, a.object, array_agg(DISTINCT r.id ORDER BY r.id) AS runs
        FROM   unnest(of_steps, kinds, objects) AS o (step, kind, object)
        JOIN   run AS r USING (step)
        CROSS  JOIN LATERAL nxtgauge_migration.catalogue_about(o.kind, o.object) AS a
        GROUP  BY a.kind, a.object
    )
    INSERT INTO nxtgauge_migration.catalogue_owned (kind, object, property, expected, is_whole, runs)
    SELECT f.kind, f.object, f.property, f.value, f.kind NOT IN ('grant', 'comment'), a.runs
    FROM   own AS a
    JOIN   nxtgauge_migration.catalogue_facts() AS f USING (kind, object)
    WHERE  NOT EXISTS (SELECT FROM nxtgauge_migration.catalogue_owned AS o
                       WHERE  (o.kind, o.object, o.property) = (f.kind, f.object, f.property));
    GET DIAGNOSTICS owned = ROW_COUNT;
    RETURN owned;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.own_objects(text[], text[], text[], text[]) IS
    'Takes objects, as they are now, for the work of the step at the same place of the second list, where nobody recorded'
    ' the run that made them.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.renew_facts(kinds text[], objects text[]) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE nxtgauge_migration.catalogue_owned AS o
    SET    expected = l.value, made = NULL, accepted_at = NULL, accepted_by = NULL
    FROM   unnest(kinds, objects) AS k (kind, object)
    JOIN   nxtgauge_migration.catalogue_owned AS c USING (kind, object)
    LEFT   JOIN nxtgauge_migration.catalogue_facts() AS l USING (kind, object, property)
    WHERE  o.id = c.id AND c.expected IS DISTINCT FROM l.value
$$;

COMMENT ON FUNCTION nxtgauge_migration.renew_facts(text[], text[]) IS
    'Takes what is known of these objects as it is now, where a step that nobody recorded has changed what others made.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.disown_steps(gone text[]) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM nxtgauge_migration.catalogue_owned AS o
    USING  nxtgauge_migration.catalogue_owned AS c
    LEFT   JOIN nxtgauge_migration.catalogue_facts() AS l USING (kind, object, property)
    WHERE  o.id = c.id AND l.value IS NOT DISTINCT FROM c.original
    AND    c.runs && ARRAY(SELECT r.id FROM nxtgauge_migration.catalogue_run AS r WHERE r.steps && gone)
$$;

COMMENT ON FUNCTION nxtgauge_migration.disown_steps(text[]) IS
    'Forgets what steps made that somebody has taken back by hand: what is as it was before the kit came.';

-- Whoever may read the schema may compare: these only read, and as whoever calls them.
GRANT EXECUTE ON FUNCTION
    nxtgauge_migration.catalogue_facts(), nxtgauge_migration.catalogue_about(text, text), nxtgauge_migration.parked_holders(),
    nxtgauge_migration.lasting_runs(), nxtgauge_migration.catalogue_drift()
TO PUBLIC;

DO $$ BEGIN PERFORM nxtgauge_migration.begin_recording(); END $$;
