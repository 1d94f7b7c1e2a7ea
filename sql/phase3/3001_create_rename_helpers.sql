-- Create the functions that rename a table with all that is named after it, and let its old name answer meanwhile.
--
-- kind: expand
-- depends: 2090_retire_legacy_profile_columns
-- locks: none

-- A table is renamed for good by three calls, each in a transaction of its own:
--
--     rename_table      ACCESS EXCLUSIVE   table, constraints, indexes, owned sequences, statistics; the old name becomes a
--                                          view, which answers SELECT, INSERT, UPDATE, DELETE, ON CONFLICT and row locks
--     retire_old_name   ACCESS EXCLUSIVE   the view goes; its definition is kept
--
-- and on the way back recall_old_name (the view stands again) and restore_table_name (everything has its old name).
-- Row type, triggers, policies, privileges, comments, foreign keys and publications hang on the table, not on its name.
--
-- A view is not a table in every respect. Through the old name these do not work: ON CONFLICT ON CONSTRAINT, COPY, TRUNCATE,
-- system columns (ctid, xmax), MERGE before PostgreSQL 17, GROUP BY a primary key alone, and the old names of sequences,
-- indexes and constraints. Statements of the backend that need one of them must be changed before the rename.

CREATE TABLE nxtgauge_migration.renamed_table (
    old_table       text        NOT NULL,
    new_table       text        NOT NULL,
    view_definition text,
    renamed_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT renamed_table_pkey PRIMARY KEY (old_table),
    CONSTRAINT renamed_table_new_table_key UNIQUE (new_table)
);

COMMENT ON TABLE nxtgauge_migration.renamed_table IS
    'Tables that the kit renamed; whoever rolls back finds their old names here.';
COMMENT ON COLUMN nxtgauge_migration.renamed_table.view_definition IS
    'What the old name showed when it retired; NULL as long as it answers.';

CREATE TABLE nxtgauge_migration.renamed_part (
    old_table text   NOT NULL,
    position  bigint GENERATED ALWAYS AS IDENTITY,
    kind      text   NOT NULL,
    old_name  text   NOT NULL,
    new_name  text   NOT NULL,
    CONSTRAINT renamed_part_pkey PRIMARY KEY (old_table, kind, old_name),
    CONSTRAINT renamed_part_old_table_fkey FOREIGN KEY (old_table)
        REFERENCES nxtgauge_migration.renamed_table (old_table) ON DELETE CASCADE,
    CONSTRAINT renamed_part_kind_check CHECK (kind IN ('constraint', 'index', 'sequence', 'statistics', 'column'))
);

COMMENT ON TABLE nxtgauge_migration.renamed_part IS
    'What was named after a renamed table, with the name before and after; of a column, only that the old name shows it.';

-- Names.

CREATE FUNCTION nxtgauge_migration.clipped(name text, room integer) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- Names are limited in bytes, and must not end within a character.
    SELECT left(name, n) FROM generate_series(length(name), 0, -1) AS n WHERE octet_length(left(name, n)) <= room LIMIT 1
$$;

COMMENT ON FUNCTION nxtgauge_migration.clipped(text, integer) IS 'As much of a name as has room in so many bytes.';

CREATE FUNCTION nxtgauge_migration.free_name(relation oid, wanted text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    room      integer := current_setting('max_identifier_length')::integer;
    suffix    text    := '';
    candidate text;
BEGIN
    FOR number IN 1 .. 1000 LOOP
        candidate := nxtgauge_migration.clipped(wanted, room - length(suffix)) || suffix;
        IF NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = relation AND k.conname = candidate)
           AND NOT EXISTS (SELECT FROM pg_class AS c JOIN pg_class AS r ON r.relnamespace = c.relnamespace
                           WHERE r.oid = relation AND c.relname = candidate)
           AND NOT EXISTS (SELECT FROM pg_statistic_ext AS s JOIN pg_class AS r ON r.relnamespace = s.stxnamespace
                           WHERE r.oid = relation AND s.stxname = candidate) THEN
            RETURN candidate;
        END IF;
        suffix := '_' || number;
    END LOOP;
    RAISE EXCEPTION 'no name like % is free', wanted USING ERRCODE = 'duplicate_object';
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.free_name(oid, text) IS
    'The wanted name, shortened if it is too long, numbered if a constraint, index, sequence or statistics object has it.';

CREATE FUNCTION nxtgauge_migration.named_after(relation oid) RETURNS TABLE (kind text, name text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- Constraints first, because their indexes are renamed with them. The trigger of a constraint trigger would keep its name.
    WITH r AS (SELECT c.oid, c.relname::text AS prefix FROM pg_class AS c WHERE c.oid = relation), part AS (
        SELECT 1 AS place, 'constraint' AS kind, k.conname::text AS name
        FROM r JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype <> 't'
        UNION ALL
        SELECT 2, 'index', c.relname
        FROM r JOIN pg_index AS i ON i.indrelid = r.oid JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = c.oid AND k.conrelid = r.oid)
        UNION ALL
        SELECT 3, 'sequence', c.relname
        FROM r JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.refobjsubid > 0
            AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        UNION ALL
        SELECT 4, 'statistics', s.stxname FROM r JOIN pg_statistic_ext AS s ON s.stxrelid = r.oid
    )
    SELECT p.kind, p.name FROM part AS p, r
    WHERE starts_with(p.name, r.prefix || '_')
    ORDER BY p.place, p.name
$$;

COMMENT ON FUNCTION nxtgauge_migration.named_after(oid) IS
    'Constraints, other indexes, owned sequences and statistics objects whose names begin with the table''s.';

CREATE FUNCTION nxtgauge_migration.rename_part(relation oid, kind text, from_name text, to_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    namespace name := (SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                       WHERE c.oid = relation);
BEGIN
    CASE kind
        WHEN 'constraint' THEN
            EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', nxtgauge_migration.table_name(relation), from_name, to_name);
        WHEN 'index' THEN
            EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', namespace, from_name, to_name);
        WHEN 'sequence' THEN
            EXECUTE format('ALTER SEQUENCE %I.%I RENAME TO %I', namespace, from_name, to_name);
        WHEN 'statistics' THEN
            EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', namespace, from_name, to_name);
    END CASE;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.rename_part(oid, text, text, text) IS 'Renames one thing that belongs to a table.';

-- Privileges.

CREATE FUNCTION nxtgauge_migration.grant_likewise(acl aclitem[], owner oid, target text, columns_part text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    g record;
BEGIN
    -- In the order in which they can be granted: the owner's first, then those that others passed on.
    FOR g IN
        WITH RECURSIVE item AS (
            SELECT DISTINCT i.grantor, i.grantee, i.privilege_type, i.is_grantable FROM aclexplode(acl) AS i
            WHERE i.grantee <> owner
        ), chain AS (
            SELECT i.*, 0 AS depth FROM item AS i WHERE i.grantor = owner
            UNION ALL
            SELECT i.*, c.depth + 1 FROM chain AS c
            JOIN item AS i ON i.grantor = c.grantee AND i.privilege_type = c.privilege_type
            WHERE c.is_grantable AND c.depth < 20
        )
        SELECT c.grantor, c.grantee, c.privilege_type, c.is_grantable, min(c.depth) AS depth FROM chain AS c
        GROUP BY c.grantor, c.grantee, c.privilege_type, c.is_grantable
        ORDER BY 5, 2, 3
    LOOP
        PERFORM nxtgauge_migration.run_as(
            CASE WHEN g.grantor <> owner THEN pg_get_userbyid(g.grantor)::text END,
            format('GRANT %s%s ON %s TO %s%s', g.privilege_type, columns_part, target,
                   CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                   CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END));
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.grant_likewise(aclitem[], oid, text, text) IS
    'Repeats privileges on something else, with their grant options, each in its grantor''s name.';

CREATE FUNCTION nxtgauge_migration.hand_over_view(relation oid, view_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view_oid  oid := to_regclass(view_name);
    table_row pg_class;
    item      record;
BEGIN
    SELECT c.* INTO table_row FROM pg_class AS c WHERE c.oid = relation;
    IF table_row.relowner <> (SELECT c.relowner FROM pg_class AS c WHERE c.oid = view_oid) THEN
        EXECUTE format('ALTER VIEW %s OWNER TO %I', view_name, pg_get_userbyid(table_row.relowner));
    END IF;
    -- Default privileges are for what is new; this is not.
    FOR item IN
        SELECT DISTINCT a.grantee FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = view_oid AND a.grantee <> table_row.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s', view_name,
                       CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(item.grantee)) END);
    END LOOP;
    PERFORM nxtgauge_migration.grant_likewise(table_row.relacl, table_row.relowner, view_name, '');
    -- Which column of the table a column of the view shows is in the view's rule: its name may have changed in the table since.
    FOR item IN
        SELECT v.attname, a.attacl
        FROM pg_rewrite AS r
        CROSS JOIN LATERAL regexp_matches(r.ev_action::text,
            ':resno ([0-9]+) :resname [^ ]+ :ressortgroupref [0-9]+ :resorigtbl ([0-9]+) :resorigcol ([0-9]+)', 'g') AS m
        JOIN pg_attribute AS v ON v.attrelid = view_oid AND v.attnum = m[1]::integer
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attrelid = m[2]::oid AND a.attnum = m[3]::integer
        WHERE r.ev_class = view_oid AND r.rulename = '_RETURN' AND a.attacl IS NOT NULL
    LOOP
        PERFORM nxtgauge_migration.grant_likewise(item.attacl, table_row.relowner, view_name, format(' (%I)', item.attname));
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.hand_over_view(oid, text) IS
    'Gives a view the owner and the privileges, on columns too, of the table behind it, and no others.';

-- The old name.

CREATE FUNCTION nxtgauge_migration.create_old_name(relation oid, old_table text, definition text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The one who asks is the one whose rights and policies count, as on the table itself; before PostgreSQL 15 a view reads
    -- as its owner, and rows that a policy hides would be seen through it.
    EXECUTE format('CREATE VIEW %s %s AS %s', old_table,
                   CASE WHEN current_setting('server_version_num')::integer >= 150000
                        THEN 'WITH (security_invoker = true)' ELSE '' END, definition);
    EXECUTE format('COMMENT ON VIEW %s IS %L', old_table,
                   format('nxtgauge-migrate: the old name of %s, for the backend that does not know the new one yet.',
                          nxtgauge_migration.table_name(relation)));
    PERFORM nxtgauge_migration.hand_over_view(relation, old_table);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.create_old_name(oid, text, text) IS
    'Makes the old name of a renamed table a view of it.';

CREATE FUNCTION nxtgauge_migration.drop_old_name(old_table text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view_oid oid := to_regclass(old_table);
BEGIN
    PERFORM nxtgauge_migration.refuse(format('drop the old name %s', old_table), ARRAY(
        SELECT DISTINCT nxtgauge_migration.describe_dependent(d.classid, d.objid, d.objsubid) || ' uses it'
        FROM pg_class AS c
        JOIN pg_type AS t ON t.oid = c.reltype
        JOIN pg_depend AS d ON d.deptype IN ('n', 'a')
            AND (d.refclassid, d.refobjid) IN (('pg_class'::regclass, c.oid), ('pg_type'::regclass, t.oid),
                                               ('pg_type'::regclass, t.typarray))
        WHERE c.oid = view_oid
          AND NOT (d.classid = 'pg_rewrite'::regclass AND EXISTS (
              SELECT FROM pg_rewrite AS o WHERE o.oid = d.objid AND o.ev_class = c.oid))),
        'Let it use the table by its new name (keep its definition), then run the step again.');
    EXECUTE format('DROP VIEW %s', old_table);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.drop_old_name(text) IS
    'Drops the view under an old name; refuses, naming it, if something was built on it meanwhile.';

CREATE FUNCTION nxtgauge_migration.reasons_not_to_rename(relation oid, new_name text) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'it is partitioned, or a partition' FROM pg_class AS c
    WHERE c.oid = relation AND (c.relkind = 'p' OR c.relispartition)
    UNION ALL
    SELECT 'it is a member of an inheritance tree'
    WHERE EXISTS (SELECT FROM pg_inherits AS i WHERE relation IN (i.inhrelid, i.inhparent))
    UNION ALL
    SELECT format('the name is taken by %s', pg_describe_object('pg_class'::regclass, o.oid, 0))
    FROM pg_class AS c JOIN pg_class AS o ON o.relnamespace = c.relnamespace AND o.relname = new_name WHERE c.oid = relation
    UNION ALL
    SELECT format('the name is taken by %s', pg_describe_object('pg_type'::regclass, t.oid, 0))
    FROM pg_class AS c JOIN pg_type AS t ON t.typnamespace = c.relnamespace AND t.typname = new_name
    WHERE c.oid = relation AND t.typrelid = 0 AND t.typelem = 0
    UNION ALL
    SELECT 'it has row-level security, which a view would get around on PostgreSQL 14'
    FROM pg_class AS c
    WHERE c.oid = relation AND c.relrowsecurity AND current_setting('server_version_num')::integer < 150000
$$;

COMMENT ON FUNCTION nxtgauge_migration.reasons_not_to_rename(oid, text) IS
    'Everything that forbids renaming a table and leaving a view under its old name.';

CREATE FUNCTION nxtgauge_migration.rename_table(source text, new_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation    oid  := nxtgauge_migration.table_oid(source);
    before      text := nxtgauge_migration.table_name(relation);
    after       text := format('%I.%I', (parse_ident(source))[1], new_name);
    prefix      text := (parse_ident(source))[2];
    part        record;
    free        text;
BEGIN
    PERFORM nxtgauge_migration.refuse(format('rename %s to %s', before, after),
        ARRAY(SELECT nxtgauge_migration.reasons_not_to_rename(relation, new_name)),
        'Remove what stands in the way, then run the step again.');
    INSERT INTO nxtgauge_migration.renamed_table (old_table, new_table) VALUES (before, after);
    FOR part IN SELECT p.kind, p.name FROM nxtgauge_migration.named_after(relation) AS p LOOP
        free := nxtgauge_migration.free_name(relation, new_name || substr(part.name, length(prefix) + 1));
        PERFORM nxtgauge_migration.rename_part(relation, part.kind, part.name, free);
        INSERT INTO nxtgauge_migration.renamed_part (old_table, kind, old_name, new_name)
        VALUES (before, part.kind, part.name, free);
    END LOOP;
    EXECUTE format('ALTER TABLE %s RENAME TO %I', before, new_name);
    INSERT INTO nxtgauge_migration.renamed_part (old_table, kind, old_name, new_name)
    SELECT before, 'column', a.attname, a.attname
    FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum;
    -- Steps of earlier phases find the columns that they added under the name that the table has.
    UPDATE nxtgauge_migration.added_column AS m SET source = after WHERE m.source = before;
    PERFORM nxtgauge_migration.create_old_name(relation, before, format('SELECT %s FROM %s', (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped), after));
    IF EXISTS (SELECT FROM pg_publication_tables AS p WHERE format('%I.%I', p.schemaname, p.tablename) = after) THEN
        RAISE NOTICE '% is published: its subscribers will look for %', before, after;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.rename_table(text, text) IS
    'Renames a table, and what is named after it, and makes its old name a view of it. Takes ACCESS EXCLUSIVE.';

CREATE FUNCTION nxtgauge_migration.restore_table_name(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry    nxtgauge_migration.renamed_table;
    relation oid;
    part     record;
BEGIN
    SELECT t.* INTO entry FROM nxtgauge_migration.renamed_table AS t
    WHERE t.old_table = nxtgauge_migration.canonical_name(source);
    IF NOT FOUND THEN
        RAISE EXCEPTION '% was not renamed by this kit', source USING ERRCODE = 'undefined_object';
    END IF;
    relation := nxtgauge_migration.table_oid(entry.new_table);
    PERFORM nxtgauge_migration.drop_old_name(entry.old_table);
    FOR part IN
        SELECT p.kind, p.old_name, p.new_name FROM nxtgauge_migration.renamed_part AS p
        -- What has been dropped or renamed by somebody else meanwhile is not looked for.
        JOIN nxtgauge_migration.named_after(relation) AS a ON a.kind = p.kind AND a.name = p.new_name
        WHERE p.old_table = entry.old_table ORDER BY p.position DESC
    LOOP
        PERFORM nxtgauge_migration.rename_part(relation, part.kind, part.new_name, part.old_name);
    END LOOP;
    EXECUTE format('ALTER TABLE %s RENAME TO %I', entry.new_table, (parse_ident(entry.old_table))[2]);
    UPDATE nxtgauge_migration.added_column AS m SET source = entry.old_table WHERE m.source = entry.new_table;
    DELETE FROM nxtgauge_migration.renamed_table AS t WHERE t.old_table = entry.old_table;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.restore_table_name(text) IS
    'Gives a renamed table, and what was named after it, the old names back. Takes ACCESS EXCLUSIVE.';

CREATE FUNCTION nxtgauge_migration.retire_old_name(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old_name text := nxtgauge_migration.canonical_name(source);
BEGIN
    UPDATE nxtgauge_migration.renamed_table AS t SET view_definition = pg_get_viewdef(to_regclass(old_name))
    WHERE t.old_table = old_name AND t.view_definition IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is not the old name of a table, or has retired already', source USING ERRCODE = 'undefined_object';
    END IF;
    PERFORM nxtgauge_migration.drop_old_name(old_name);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.retire_old_name(text) IS
    'Drops the view under a table''s old name, and keeps its definition.';

CREATE FUNCTION nxtgauge_migration.recall_old_name(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry nxtgauge_migration.renamed_table;
BEGIN
    SELECT t.* INTO entry FROM nxtgauge_migration.renamed_table AS t
    WHERE t.old_table = nxtgauge_migration.canonical_name(source) AND t.view_definition IS NOT NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no old name % has retired', source USING ERRCODE = 'undefined_object';
    END IF;
    PERFORM nxtgauge_migration.create_old_name(
        nxtgauge_migration.table_oid(entry.new_table), entry.old_table, entry.view_definition);
    UPDATE nxtgauge_migration.renamed_table AS t SET view_definition = NULL WHERE t.old_table = entry.old_table;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.recall_old_name(text) IS
    'Lets the old name of a table answer again, as when it retired, with the privileges that the table has now.';

SELECT nxtgauge_migration.close_acting_routines();
REVOKE ALL ON FUNCTION nxtgauge_migration.clipped(text, integer), nxtgauge_migration.free_name(oid, text),
    nxtgauge_migration.named_after(oid), nxtgauge_migration.reasons_not_to_rename(oid, text) FROM PUBLIC;
