-- Every fact of the catalogue that an apply and its rollback must preserve: one line per fact,
-- `kind | object | property = value`, keyed by names, so that equal schemas give equal lines wherever and in
-- whatever order they were made.
--
-- The kit runs it with search_path = pg_catalog, pg_temp, so that names come out qualified, and with fixed settings
-- for dates and quotes, so that constants come out alike (runner/proof.py). By hand, twice in the same session settings:
--     PGOPTIONS='-c search_path=pg_catalog,pg_temp' psql -X -A -t -f fingerprint.sql > before.txt
-- It reads catalogues only, needs no privilege beyond CONNECT, and runs on PostgreSQL 14 to 18.
--
-- A fact that has its default (no options, no comment, trigger enabled, …) has no line. Not facts: OIDs, the order
-- of columns, current values of sequences and large objects (the data digest has those), the kit's own schemas,
-- temporary objects, PostgreSQL's own objects and what belongs to an extension (the extension itself is listed).
-- In kind, object and property a backslash stands before each | and =; everywhere \n stands for a line break.
-- Where a catalogue has a column only in newer versions, it is read through to_jsonb(row).

WITH
schemas AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl
    FROM   pg_catalog.pg_namespace AS n
    WHERE  n.nspname !~ '^pg_'
    AND    n.nspname <> 'information_schema'
    AND    n.nspname !~ '^nxtgauge_migration(_p[0-9]+)?$'
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

    UNION ALL
    -- Few databases have any of what follows.
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

SELECT line
FROM   facts AS f
CROSS  JOIN LATERAL (
           SELECT replace(replace(replace(f.kind,   '\', '\\'), '|', '\|'), E'\n', '\n')
                  || ' | ' ||
                  replace(replace(replace(f.object, '\', '\\'), '|', '\|'), E'\n', '\n')
                  || ' | ' ||
                  replace(replace(replace(replace(f.property, '\', '\\'), '|', '\|'), '=', '\='), E'\n', '\n')
                  || ' = ' ||
                  replace(replace(replace(f.value, '\', '\\'), E'\n', '\n'), E'\r', '\r')
       ) AS l (line)
WHERE  f.value IS NOT NULL
ORDER  BY line COLLATE "C";
