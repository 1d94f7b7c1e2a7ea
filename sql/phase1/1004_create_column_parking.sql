-- Create the functions that park columns while the backend keeps writing, and bring them back likewise.
--
-- depends: 1003_create_table_parking
-- kind: expand
-- locks: none

-- A column's values are copied, with the key of their row, into a table in a schema of their own; its definition, and
-- everything that leaves with it, is written down as the statements that bring it back. Leaving takes four calls:
--
--     prepare_parking_columns  none                  the parked table and the capture's function are made; may be left out
--     begin_parking_columns    SHARE ROW EXCLUSIVE   a trigger captures what is written from now on
--     CALL copy_parked_columns none                  batches copy what was there before; all else is got ready
--     finish_parking_columns   ACCESS EXCLUSIVE      trigger and columns go; a few milliseconds
--
-- Coming back, when no file adds the columns again itself:
--
--     begin_restoring_columns  ACCESS EXCLUSIVE      the columns stand, bare; triggers mark what is written there
--     CALL refill_columns      none                  batches put back what was not written since
--     CALL restore_column_definitions                constraints, indexes, one short transaction each; may be left out
--     finish_restoring_columns ACCESS EXCLUSIVE      what is still missing, and the triggers go
--
-- A file that adds the columns again calls refill_columns alone. The parked table has three columns of its own:
--     nxtgauge_known    the values are there (false: the row is only a mark or a tombstone)
--     nxtgauge_gone     its row was deleted
--     nxtgauge_written  columns that the backend has written since they stand again: what is parked is out of date
--     nxtgauge_new_key  within one statement, the key to which its row has moved

-- What begin_parking_columns, and later finish_parking_columns, has to do under its lock, got ready without one.

CREATE TABLE nxtgauge_migration.departure (
    parked_id  bigint NOT NULL,
    facts      text[] NOT NULL,
    triggers   text[] NOT NULL,
    statements text[] NOT NULL,
    watching   text[] NOT NULL,
    CONSTRAINT departure_pkey PRIMARY KEY (parked_id),
    CONSTRAINT departure_parked_id_fkey FOREIGN KEY (parked_id)
        REFERENCES nxtgauge_migration.parked (id) ON DELETE CASCADE
);

COMMENT ON TABLE nxtgauge_migration.departure IS
    'Columns that are ready to be captured, by these statements; later, ready to leave: their definitions are written '
    'down, and these statements take them off.';
COMMENT ON COLUMN nxtgauge_migration.departure.facts IS
    'What the catalogue said of the columns; if it says anything else under the lock, all is read again.';
COMMENT ON COLUMN nxtgauge_migration.departure.triggers IS 'Triggers that are parked with the columns.';
COMMENT ON COLUMN nxtgauge_migration.departure.watching IS
    'The statements that let parked values follow their rows.';

-- What is parked: names and expressions.

CREATE FUNCTION nxtgauge_migration.value_columns(relation oid, column_names text[]) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}')
    FROM pg_attribute AS a
    WHERE a.attrelid = relation AND a.attname = ANY (column_names) AND a.attgenerated = '' AND NOT a.attisdropped
$$;

COMMENT ON FUNCTION nxtgauge_migration.value_columns(oid, text[]) IS
    'Those of the columns that hold values of their own, that is, all but the generated ones.';

CREATE FUNCTION nxtgauge_migration.base_type(type oid, modifier integer) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE base AS (
        SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, modifier AS atttypmod FROM pg_type AS t WHERE t.oid = type
        UNION ALL
        SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, b.typtypmod
        FROM base AS b JOIN pg_type AS t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
    )
    SELECT format_type(b.oid, b.atttypmod) FROM base AS b WHERE b.typtype <> 'd'
$$;

COMMENT ON FUNCTION nxtgauge_migration.base_type(oid, integer) IS
    'The type under a domain, or the type itself: a parked value must not be checked, for its row may be gone or not '
    'yet complete.';

CREATE FUNCTION nxtgauge_migration.constant_default(relation oid, column_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN d.oid IS NULL AND a.attidentity = ''
        THEN format('NULL::%s', nxtgauge_migration.base_type(a.atttypid, a.atttypmod))
                WHEN d.adbin::text LIKE '{CONST %' THEN
                    format('(%s)::%s', pg_get_expr(d.adbin, d.adrelid),
                        nxtgauge_migration.base_type(a.atttypid, a.atttypmod)) END
    FROM pg_attribute AS a
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = relation AND a.attname = column_name AND NOT a.attisdropped
$$;

COMMENT ON FUNCTION nxtgauge_migration.constant_default(oid, text) IS
    'A column''s default as an expression if it is a constant (none is NULL); NULL if it is computed.';

CREATE FUNCTION nxtgauge_migration.constraints_using(relation oid, attnums smallint[]) RETURNS SETOF oid
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- A column in an exclusion constraint's condition is known to its index alone.
    SELECT DISTINCT c.oid
    FROM pg_constraint AS c
    JOIN pg_depend AS d
        ON (d.classid, d.objid) IN (('pg_constraint'::regclass, c.oid), ('pg_class'::regclass, c.conindid))
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND d.refobjsubid = ANY (attnums)
    WHERE c.conrelid = relation AND c.contype IN ('c', 'u', 'x')
$$;

COMMENT ON FUNCTION nxtgauge_migration.constraints_using(oid, smallint[]) IS
    'Checks, unique and exclusion constraints of a table that use one of the columns, be it in a condition or in '
    'INCLUDE.';

CREATE FUNCTION nxtgauge_migration.indexes_using(relation oid, attnums smallint[]) RETURNS SETOF oid
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT d.objid FROM pg_depend AS d JOIN pg_index AS i ON i.indexrelid = d.objid
    WHERE d.classid = 'pg_class'::regclass
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND d.refobjsubid = ANY (attnums)
    UNION
    SELECT c.conindid FROM nxtgauge_migration.constraints_using(relation, attnums) AS u
        JOIN pg_constraint AS c ON c.oid = u
    WHERE c.conindid <> 0
$$;

COMMENT ON FUNCTION nxtgauge_migration.indexes_using(oid, smallint[]) IS
    'Indexes of a table that use one of the columns, those of constraints included.';

CREATE FUNCTION nxtgauge_migration.foreign_keys_using(relation oid, attnums smallint[]) RETURNS SETOF oid
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.oid FROM pg_constraint AS c
    WHERE c.contype = 'f' AND c.conparentid = 0
      AND ((c.conrelid = relation AND c.conkey && attnums)
           OR (c.confrelid = relation AND c.conindid IN (SELECT nxtgauge_migration.indexes_using(relation, attnums))))
    ORDER BY c.conrelid <> relation, nxtgauge_migration.table_name(c.conrelid), c.conname
$$;

COMMENT ON FUNCTION nxtgauge_migration.foreign_keys_using(oid, smallint[]) IS
    'Foreign keys from or to the columns, or to a unique index that merely includes one of them.';

-- What forbids it.

CREATE FUNCTION nxtgauge_migration.reasons_not_to_park_columns(relation oid, column_names text[]) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH leaving AS (
        SELECT a.attnum, a.attname FROM pg_attribute AS a
        WHERE a.attrelid = relation AND a.attname = ANY (column_names) AND a.attnum > 0 AND NOT a.attisdropped
    )
    SELECT 'it is partitioned' FROM pg_class AS c WHERE c.oid = relation AND c.relkind = 'p'
    UNION ALL
    SELECT 'it is a member of an inheritance tree'
        WHERE EXISTS (SELECT FROM pg_inherits AS i WHERE relation IN (i.inhrelid, i.inhparent))
    UNION ALL
    SELECT format('there is no column %I', n.name) FROM unnest(column_names) AS n (name)
    WHERE n.name NOT IN (SELECT l.attname FROM leaving AS l)
    UNION ALL
    SELECT format('%I belongs to the key of the table', k.name)
        FROM unnest(nxtgauge_migration.key_columns(relation)) AS k (name)
    WHERE k.name = ANY (column_names)
    UNION ALL
    SELECT DISTINCT format('%s uses %I', nxtgauge_migration.describe_dependent(d.classid, d.objid, d.objsubid),
        l.attname)
    FROM leaving AS l
    JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND d.refobjsubid = l.attnum
    WHERE d.deptype IN ('n', 'a') AND NOT CASE d.classid
        WHEN 'pg_class'::regclass THEN
            CASE WHEN d.objid = relation THEN d.objsubid IN (SELECT o.attnum FROM leaving AS o) ELSE true END
        WHEN 'pg_attrdef'::regclass THEN EXISTS (
            SELECT FROM pg_attrdef AS o WHERE o.oid = d.objid AND o.adrelid = relation
                AND o.adnum IN (SELECT m.attnum FROM leaving AS m))
        WHEN 'pg_constraint'::regclass THEN EXISTS (
            SELECT FROM pg_constraint AS o WHERE o.oid = d.objid AND o.contype <> 'p'
                AND relation IN (o.conrelid, o.confrelid))
        WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger AS o WHERE o.oid = d.objid
            AND o.tgrelid = relation)
        ELSE d.classid = 'pg_statistic_ext'::regclass
    END
    UNION ALL
    SELECT format('index %I, which uses it, is the replica identity of a published table', c.relname)
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = relation AND i.indisreplident
      AND EXISTS (SELECT FROM leaving AS l WHERE l.attnum = ANY (i.indkey::int2[]))
      AND EXISTS (SELECT FROM pg_publication_tables AS p
          WHERE format('%I.%I', p.schemaname, p.tablename) = nxtgauge_migration.table_name(relation))
    UNION ALL
    SELECT format('foreign key %I of %s has triggers switched off, which only a superuser can repeat',
                  k.conname, nxtgauge_migration.table_name(k.conrelid))
    FROM nxtgauge_migration.foreign_keys_using(relation, ARRAY(SELECT l.attnum FROM leaving AS l)) AS u
    JOIN pg_constraint AS k ON k.oid = u
    WHERE EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
$$;

COMMENT ON FUNCTION nxtgauge_migration.reasons_not_to_park_columns(oid, text[]) IS
    'Everything that forbids parking columns of a table, each object named; preflights call it too.';

-- Definitions, written down one kind at a time.

CREATE FUNCTION nxtgauge_migration.remember_not_null(
    entry nxtgauge_migration.parked, relation oid, attnum smallint, column_name name
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    object      text := format('NOT NULL of column %I of %s', column_name, entry.source);
    alter_table text := format('ALTER TABLE %s', entry.source);
    proof       text := format('%s_%s', entry.holder, attnum);
    named       record;
BEGIN
    -- From PostgreSQL 18 on NOT NULL is a constraint with a name, a comment, and perhaps not validated.
    SELECT k.conname, k.convalidated, pg_get_constraintdef(k.oid) AS definition,
           obj_description(k.oid, 'pg_constraint') AS remark
    INTO named
    FROM pg_constraint AS k WHERE k.conrelid = relation AND k.contype = 'n' AND k.conkey = ARRAY[attnum];
    IF named.remark IS NOT NULL THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'comment', 'comment on ' || object,
            format('COMMENT ON CONSTRAINT %I ON %s IS %L', named.conname, entry.source, named.remark));
    END IF;
    IF NOT named.convalidated THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'not null', 'unchecked ' || object,
            format('%s ADD CONSTRAINT %I %s', alter_table, named.conname, named.definition));
        RETURN;
    END IF;
    -- A validated check proves that there is no NULL, so SET NOT NULL need not read the table under its lock.
    PERFORM nxtgauge_migration.remember(entry.id, 'not null', object,
        format('%s ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID', alter_table, proof, column_name));
    PERFORM nxtgauge_migration.remember(entry.id, 'not null', object,
        format('%s VALIDATE CONSTRAINT %I', alter_table, proof));
    PERFORM nxtgauge_migration.remember(entry.id, 'not null', object, CASE
        WHEN named.conname IS NULL THEN format('%s ALTER COLUMN %I SET NOT NULL', alter_table, column_name)
        ELSE format('%s ADD CONSTRAINT %I %s', alter_table, named.conname, named.definition) END);
    PERFORM nxtgauge_migration.remember(entry.id, 'not null', object,
        format('%s DROP CONSTRAINT %I', alter_table, proof));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_not_null(nxtgauge_migration.parked, oid, smallint, name) IS
    'Writes down that a column must not be NULL.';

CREATE FUNCTION nxtgauge_migration.remember_column(
    entry nxtgauge_migration.parked, relation oid, attnum smallint
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name        text := nxtgauge_migration.table_name(relation);
    a           record;
    expression  text;
    collate_part text := '';
    full_type   text;
    object      text;
    alter_table text;
    option      text;
    statement   text;
BEGIN
    SELECT c.*, t.typtype, t.typstorage, t.typcollation, to_jsonb(c) AS j INTO a
    FROM pg_attribute AS c JOIN pg_type AS t ON t.oid = c.atttypid
    WHERE c.attrelid = relation AND c.attnum = remember_column.attnum;
    SELECT pg_get_expr(d.adbin, d.adrelid) INTO expression FROM pg_attrdef AS d WHERE d.adrelid = relation
        AND d.adnum = a.attnum;
    IF a.attcollation <> a.typcollation THEN
        SELECT format(' COLLATE %I.%I', n.nspname, c.collname) INTO collate_part
        FROM pg_collation AS c JOIN pg_namespace AS n ON n.oid = c.collnamespace WHERE c.oid = a.attcollation;
    END IF;
    full_type := format_type(a.atttypid, a.atttypmod);
    object := format('column %I of %s', a.attname, name);
    alter_table := format('ALTER TABLE %s', name);

    IF a.attgenerated <> '' THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'generated', object,
            format('%s ADD COLUMN %I %s%s GENERATED ALWAYS AS (%s) %s',
            alter_table, a.attname, full_type, collate_part, expression, CASE a.attgenerated WHEN 's' THEN 'STORED'
                ELSE 'VIRTUAL' END));
    ELSE
        PERFORM nxtgauge_migration.remember(entry.id, 'column', object, format('%s ADD COLUMN %I %s%s',
            alter_table, a.attname, nxtgauge_migration.base_type(a.atttypid, a.atttypmod), collate_part));
    END IF;
    IF a.attgenerated = '' AND expression IS NOT NULL THEN
        statement := format('%s ALTER COLUMN %I SET DEFAULT %s', alter_table, a.attname, expression);
        PERFORM nxtgauge_migration.remember(entry.id, 'default', 'default of ' || object, statement);
    END IF;
    IF a.attgenerated = '' AND a.typtype = 'd' THEN
        -- Changing the type would wrap the default into a cast; so it is taken off and set again.
        PERFORM nxtgauge_migration.remember(entry.id, 'type', object,
            format('%s ALTER COLUMN %I DROP DEFAULT', alter_table, a.attname));
        PERFORM nxtgauge_migration.remember(entry.id, 'type', object,
            format('%s ALTER COLUMN %I TYPE %s%s', alter_table, a.attname, full_type, collate_part));
        IF expression IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'type', 'default of ' || object, statement);
        END IF;
    END IF;

    IF a.attnotnull THEN
        PERFORM nxtgauge_migration.remember_not_null(entry, relation, a.attnum, a.attname);
    END IF;

    IF a.attstorage <> a.typstorage THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'property', 'storage of ' || object,
            format('%s ALTER COLUMN %I SET STORAGE %s', alter_table, a.attname,
            CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END));
    END IF;
    IF a.attcompression <> '' THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'property', 'compression of ' || object,
            format('%s ALTER COLUMN %I SET COMPRESSION %s', alter_table, a.attname,
            CASE a.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END));
    END IF;
    IF (a.j ->> 'attstattarget')::integer >= 0 THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'property', 'statistics target of ' || object,
            format('%s ALTER COLUMN %I SET STATISTICS %s', alter_table, a.attname, a.j ->> 'attstattarget'));
    END IF;
    FOREACH option IN ARRAY coalesce(a.attoptions, '{}') LOOP
        PERFORM nxtgauge_migration.remember(entry.id, 'property', 'option of ' || object,
            format('%s ALTER COLUMN %I SET (%s)', alter_table, a.attname, option));
    END LOOP;
    IF col_description(relation, a.attnum) IS NOT NULL THEN
        PERFORM nxtgauge_migration.remember(entry.id, 'comment', 'comment on ' || object,
            format('COMMENT ON COLUMN %s.%I IS %L', name, a.attname, col_description(relation, a.attnum)));
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_column(nxtgauge_migration.parked, oid, smallint) IS
    'Writes down type, default, NOT NULL, storage, statistics and comment of a column.';

CREATE FUNCTION nxtgauge_migration.remember_grants(
    entry nxtgauge_migration.parked, acl aclitem[], owner oid, object text, target text, columns_part text
) RETURNS void
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
        ), chain AS (
            SELECT i.*, 0 AS depth FROM item AS i WHERE i.grantor = owner
            UNION ALL
            SELECT i.*, c.depth + 1 FROM chain AS c JOIN item AS i ON i.grantor = c.grantee
                AND i.privilege_type = c.privilege_type
            WHERE c.is_grantable AND c.depth < 20
        )
        SELECT c.grantor, c.grantee, c.privilege_type, c.is_grantable, min(c.depth) AS depth FROM chain AS c
        GROUP BY c.grantor, c.grantee, c.privilege_type, c.is_grantable ORDER BY min(c.depth), c.grantee,
            c.privilege_type
    LOOP
        PERFORM nxtgauge_migration.remember(entry.id, 'grant', 'privilege on ' || object,
            format('GRANT %s%s ON %s TO %s%s', g.privilege_type, columns_part, target,
                   CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                   CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END),
            CASE WHEN g.grantor <> owner THEN pg_get_userbyid(g.grantor)::text END);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_grants(nxtgauge_migration.parked, aclitem[], oid, text, text, text) IS
    'Writes down privileges, each with the role that granted it.';

CREATE FUNCTION nxtgauge_migration.remember_sequences(
    entry nxtgauge_migration.parked, relation oid, attnums smallint[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name    text := nxtgauge_migration.table_name(relation);
    s       record;
    reached record;
BEGIN
    FOR s IN
        SELECT q.*, c.relacl, c.relowner, a.attname, a.attidentity,
            nxtgauge_migration.table_name(c.oid) AS sequence_name,
               obj_description(c.oid, 'pg_class') AS remark
        FROM pg_depend AS d
        JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        JOIN pg_sequence AS q ON q.seqrelid = c.oid
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
          AND d.refobjsubid = ANY (attnums) AND d.deptype IN ('a', 'i')
        ORDER BY c.relname
    LOOP
        IF s.attidentity = '' THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'identity', 'sequence ' || s.sequence_name,
                format('ALTER SEQUENCE %s OWNED BY %s.%I', s.sequence_name, name, s.attname));
            CONTINUE;
        END IF;
        PERFORM nxtgauge_migration.remember(entry.id, 'identity', 'identity ' || s.sequence_name,
            format('ALTER TABLE %s ALTER COLUMN %I ADD GENERATED %s AS IDENTITY (
                        SEQUENCE NAME %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s)',
                   name, s.attname, CASE s.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.sequence_name,
                   s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE'
                       ELSE 'NO CYCLE' END));
        EXECUTE format('SELECT last_value, is_called FROM %s', s.sequence_name) INTO reached;
        PERFORM nxtgauge_migration.remember(entry.id, 'identity', 'value of sequence ' || s.sequence_name,
            format('SELECT pg_catalog.setval(%L, %s, %L)', s.sequence_name, reached.last_value, reached.is_called));
        IF s.remark IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'comment', 'comment on ' || s.sequence_name,
                format('COMMENT ON SEQUENCE %s IS %L', s.sequence_name, s.remark));
        END IF;
        PERFORM nxtgauge_migration.remember_grants(entry, s.relacl, s.relowner, 'sequence ' || s.sequence_name,
            'SEQUENCE ' || s.sequence_name, '');
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_sequences(nxtgauge_migration.parked, oid, smallint[]) IS
    'Writes down identity sequences with their state, and to which column a serial one belongs.';

CREATE FUNCTION nxtgauge_migration.remember_constraints(
    entry nxtgauge_migration.parked, relation oid, attnums smallint[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name   text := nxtgauge_migration.table_name(relation);
    k      record;
    object text;
BEGIN
    FOR k IN
        SELECT c.oid, c.contype, c.conname, c.convalidated, c.condeferrable, c.condeferred, c.conindid, i.reloptions,
               nxtgauge_migration.as_written(pg_get_constraintdef(c.oid)) AS definition,
               obj_description(c.oid, 'pg_constraint') AS remark,
               coalesce(to_jsonb(c) ->> 'conperiod', 'false')::boolean AS is_temporal
        FROM pg_constraint AS c LEFT JOIN pg_class AS i ON i.oid = c.conindid
        WHERE c.oid IN (SELECT nxtgauge_migration.constraints_using(relation, attnums))
        ORDER BY c.conname
    LOOP
        object := format('constraint %I of %s', k.conname, name);
        IF k.contype = 'c' THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'check', object,
                format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', name, k.conname, k.definition,
                CASE WHEN k.convalidated THEN ' NOT VALID' ELSE '' END));
            IF k.convalidated THEN
                PERFORM nxtgauge_migration.remember(entry.id, 'validation', object,
                    format('ALTER TABLE %s VALIDATE CONSTRAINT %I', name, k.conname));
            END IF;
        ELSIF k.contype = 'u' AND NOT k.is_temporal THEN
            -- By way of its index, whose definition keeps the storage options that the constraint's leaves out.
            PERFORM nxtgauge_migration.remember(entry.id, 'index', object,
                nxtgauge_migration.as_written(pg_get_indexdef(k.conindid)));
            PERFORM nxtgauge_migration.remember(entry.id, 'unique', object,
                format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE USING INDEX %I%s%s', name, k.conname, k.conname,
                CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END, CASE WHEN k.condeferred
                    THEN ' INITIALLY DEFERRED' ELSE '' END));
        ELSE
            PERFORM nxtgauge_migration.remember(entry.id, 'unique', object,
                format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, k.conname, k.definition));
            IF k.reloptions IS NOT NULL THEN
                PERFORM nxtgauge_migration.remember(entry.id, 'unique', object, format('ALTER INDEX %s SET (%s)',
                    nxtgauge_migration.table_name(k.conindid), array_to_string(k.reloptions, ', ')));
            END IF;
        END IF;
        IF k.remark IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'comment', 'comment on ' || object,
                format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, name, k.remark));
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_constraints(nxtgauge_migration.parked, oid, smallint[]) IS
    'Writes down checks, unique and exclusion constraints that use the columns.';

CREATE FUNCTION nxtgauge_migration.remember_indexes(
    entry nxtgauge_migration.parked, relation oid, attnums smallint[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name   text := nxtgauge_migration.table_name(relation);
    i      record;
    part   record;
    object text;
BEGIN
    FOR i IN
        SELECT x.indexrelid, x.indisclustered, x.indisreplident, c.relname, k.oid AS constraint_oid,
               nxtgauge_migration.table_name(c.oid) AS index_name, obj_description(c.oid, 'pg_class') AS remark,
               nxtgauge_migration.as_written(pg_get_indexdef(c.oid)) AS definition, s.spcname
        FROM pg_index AS x
        JOIN pg_class AS c ON c.oid = x.indexrelid
        LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
        LEFT JOIN pg_constraint AS k ON k.conindid = x.indexrelid AND k.conrelid = relation AND k.contype IN ('u', 'x')
        WHERE x.indisvalid AND x.indexrelid IN (SELECT nxtgauge_migration.indexes_using(relation, attnums))
        ORDER BY c.relname
    LOOP
        object := 'index ' || i.index_name;
        IF i.constraint_oid IS NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'index', object, i.definition);
        END IF;
        FOR part IN SELECT a.attnum, to_jsonb(a) ->> 'attstattarget' AS target FROM pg_attribute AS a
                    WHERE a.attrelid = i.indexrelid AND (to_jsonb(a) ->> 'attstattarget')::integer >= 0 LOOP
            PERFORM nxtgauge_migration.remember(entry.id, 'index property', object,
                format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', i.index_name, part.attnum, part.target));
        END LOOP;
        IF i.spcname IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'index property', object,
                format('ALTER INDEX %s SET TABLESPACE %I', i.index_name, i.spcname));
        END IF;
        IF i.indisclustered THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'index property', object,
                format('ALTER TABLE %s CLUSTER ON %I', name, i.relname));
        END IF;
        IF i.indisreplident THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'index property', object,
                format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', name, i.relname));
        END IF;
        IF i.remark IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'comment', 'comment on ' || object,
                format('COMMENT ON INDEX %s IS %L', i.index_name, i.remark));
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_indexes(nxtgauge_migration.parked, oid, smallint[]) IS
    'Writes down the indexes that use the columns, and what is said about them.';

CREATE FUNCTION nxtgauge_migration.remember_statistics(
    entry nxtgauge_migration.parked, relation oid, attnums smallint[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    s record;
BEGIN
    FOR s IN
        SELECT format('%I.%I', n.nspname, x.stxname) AS name, pg_get_statisticsobjdef(x.oid) AS definition,
               (to_jsonb(x) ->> 'stxstattarget')::integer AS target,
                   obj_description(x.oid, 'pg_statistic_ext') AS remark
        FROM pg_statistic_ext AS x JOIN pg_namespace AS n ON n.oid = x.stxnamespace
        WHERE x.stxrelid = relation
          AND EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = x.oid
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
                            AND d.refobjsubid = ANY (attnums))
        ORDER BY x.stxname
    LOOP
        PERFORM nxtgauge_migration.remember(entry.id, 'statistics', 'statistics ' || s.name, s.definition);
        IF s.target >= 0 THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'statistics', 'statistics ' || s.name,
                format('ALTER STATISTICS %s SET STATISTICS %s', s.name, s.target));
        END IF;
        IF s.remark IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'comment', 'comment on ' || s.name,
                format('COMMENT ON STATISTICS %s IS %L', s.name, s.remark));
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_statistics(nxtgauge_migration.parked, oid, smallint[]) IS
    'Writes down extended statistics that use the columns.';

CREATE FUNCTION nxtgauge_migration.triggers_using(
    relation oid, attnums smallint[]
) RETURNS TABLE (trigger_oid oid, trigger_name name, is_own boolean)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT t.oid, t.tgname, n.nspname LIKE 'nxtgauge\_migration%'
    FROM pg_trigger AS t
    JOIN pg_proc AS f ON f.oid = t.tgfoid
    JOIN pg_namespace AS n ON n.oid = f.pronamespace
    WHERE t.tgrelid = relation AND NOT t.tgisinternal
      AND EXISTS (SELECT FROM pg_depend AS d
                  WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
                    AND d.refobjsubid = ANY (attnums))
    ORDER BY t.tgname
$$;

COMMENT ON FUNCTION nxtgauge_migration.triggers_using(oid, smallint[]) IS
    'Triggers that name one of the columns (UPDATE OF, WHEN), and whether they are the kit''s own.';

CREATE FUNCTION nxtgauge_migration.remember_triggers(
    entry nxtgauge_migration.parked, trigger_oids oid[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name text := entry.source;
    t    record;
BEGIN
    FOR t IN
        SELECT g.tgname, g.tgenabled, pg_get_triggerdef(g.oid) AS definition,
            obj_description(g.oid, 'pg_trigger') AS remark
        FROM pg_trigger AS g WHERE g.oid = ANY (trigger_oids) ORDER BY g.tgname
    LOOP
        PERFORM nxtgauge_migration.remember(entry.id, 'trigger', format('trigger %I of %s', t.tgname, name),
            t.definition);
        IF t.tgenabled <> 'O' THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'trigger', format('trigger %I of %s', t.tgname, name),
                format('ALTER TABLE %s %s TRIGGER %I', name,
                CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
                    t.tgname));
        END IF;
        IF t.remark IS NOT NULL THEN
            PERFORM nxtgauge_migration.remember(entry.id, 'comment', format('comment on trigger %I', t.tgname),
                format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, name, t.remark));
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_triggers(nxtgauge_migration.parked, oid[]) IS
    'Writes down triggers, each in its state.';

-- Triggers of the kit on the table, as long as a parking needs them. Their functions are written for the one table, so
-- that a write costs no dynamic SQL; they lie in the holder's schema, and work for roles that have no right there.

CREATE FUNCTION nxtgauge_migration.watcher(
    entry nxtgauge_migration.parked, purpose text, events text, level text,
    condition text DEFAULT '', argument text DEFAULT ''
) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN format('AFTER %s ON %s FOR EACH %s %s EXECUTE FUNCTION %I.%I(%s)',
                  events, entry.source, level, condition, entry.holder, purpose, argument);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.watcher(nxtgauge_migration.parked, text, text, text, text, text) IS
    'What CREATE TRIGGER says, after its name, of one trigger of a parking.';

CREATE FUNCTION nxtgauge_migration.watch_statements(entry nxtgauge_migration.parked, watchers text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ARRAY(
        SELECT format('CREATE TRIGGER %I %s', format('%s_%s', entry.holder, w.position), w.description)
        FROM unnest(watchers) WITH ORDINALITY AS w (description, position) ORDER BY w.position
    ) || (SELECT format('ALTER TABLE %s %s', entry.source, string_agg(
        format('ENABLE ALWAYS TRIGGER %I', format('%s_%s', entry.holder, w.position)), ', ' ORDER BY w.position))
        FROM generate_subscripts(watchers, 1) AS w (position));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.watch_statements(nxtgauge_migration.parked, text[]) IS
    'The statements that create the triggers of a parking; they fire whatever session_replication_role says.';

CREATE FUNCTION nxtgauge_migration.run_all(statements text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.run_all(text[]) IS 'Runs statements one after the other.';

CREATE FUNCTION nxtgauge_migration.stop_watching(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT t.tgname FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
        WHERE t.tgrelid = to_regclass(entry.source) AND f.pronamespace = quote_ident(entry.holder)::regnamespace
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, entry.source);
    END LOOP;
    FOR found IN SELECT f.proname FROM pg_proc AS f WHERE f.pronamespace = quote_ident(entry.holder)::regnamespace LOOP
        EXECUTE format('DROP FUNCTION %I.%I()', entry.holder, found.proname);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.stop_watching(nxtgauge_migration.parked) IS
    'Drops the triggers of a parking, and their functions.';

CREATE FUNCTION nxtgauge_migration.create_watcher(entry nxtgauge_migration.parked, purpose text, body text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION %I.%I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                    SET search_path = %s SET row_security = off AS %L',
                   entry.holder, purpose, nxtgauge_migration.key_path(to_regclass(entry.source)),
                       format(E'#variable_conflict use_column\nBEGIN\n%s\n    RETURN NULL;\nEND', body));
    EXECUTE format('REVOKE ALL ON FUNCTION %I.%I() FROM PUBLIC', entry.holder, purpose);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.create_watcher(nxtgauge_migration.parked, text, text) IS
    'Creates the function of such a trigger. SECURITY DEFINER, because who writes to the table has no right in the '
    'holder''s schema.';

CREATE FUNCTION nxtgauge_migration.capture_watchers(entry nxtgauge_migration.parked, value_names text[]) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keys text[] := entry.key_columns;
BEGIN
    PERFORM nxtgauge_migration.create_watcher(entry, 'capture', format($body$
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE %1$s;
        RETURN NULL;
    ELSIF TG_OP = 'UPDATE' AND ROW(%3$s, %11$s)::record *= ROW(%4$s, %9$s)::record THEN
        RETURN NULL;
    END IF;
    -- A tombstone, so that the copy does not bring back a row it had read before it was deleted. The key may have
    -- gone over to another row in the same statement; that one has reported, or will.
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ROW(%3$s)::record *<> ROW(%4$s)::record) THEN
        INSERT INTO %1$s AS p (%2$s, nxtgauge_known, nxtgauge_gone)
        SELECT %3$s, false, true WHERE NOT EXISTS (SELECT FROM %5$s AS t WHERE %6$s)
        ON CONFLICT (%2$s) DO UPDATE SET nxtgauge_known = false, nxtgauge_gone = true, %7$s;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO %1$s AS p (%2$s, %8$s) VALUES (%4$s, %9$s)
        ON CONFLICT (%2$s) DO UPDATE SET nxtgauge_known = true, nxtgauge_gone = false, %10$s;
    END IF;$body$,
        nxtgauge_migration.parked_name(entry), nxtgauge_migration.column_list(keys),
        nxtgauge_migration.column_list(keys, 'OLD.'), nxtgauge_migration.column_list(keys, 'NEW.'), entry.source,
        nxtgauge_migration.column_match(keys, 't.', 'OLD.'),
        (SELECT string_agg(format('%I = NULL', v), ', ') FROM unnest(value_names) AS v),
        nxtgauge_migration.column_list(value_names), nxtgauge_migration.column_list(value_names, 'NEW.'),
        (SELECT string_agg(format('%1$I = excluded.%1$I', v), ', ') FROM unnest(value_names) AS v),
        nxtgauge_migration.column_list(value_names, 'OLD.')));

    RETURN ARRAY[
        nxtgauge_migration.watcher(entry, 'capture', 'INSERT OR UPDATE OR DELETE', 'ROW'),
        nxtgauge_migration.watcher(entry, 'capture', 'TRUNCATE', 'STATEMENT')];
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.capture_watchers(nxtgauge_migration.parked, text[]) IS
    'Creates the function by which every write to the columns reaches the parked table too; returns its triggers.';

CREATE FUNCTION nxtgauge_migration.key_watchers(entry nxtgauge_migration.parked) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keys   text[] := entry.key_columns;
    parked oid    := nxtgauge_migration.table_oid(nxtgauge_migration.parked_name(entry));
    others text[];
BEGIN
    SELECT array_agg(a.attname::text ORDER BY a.attnum) INTO others FROM pg_attribute AS a
    WHERE a.attrelid = parked AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname <> ALL (keys) AND a.attname NOT IN ('nxtgauge_new_key', 'nxtgauge_written');

    PERFORM nxtgauge_migration.create_watcher(entry, 'follow', format($body$
    IF TG_OP = 'TRUNCATE' THEN
        UPDATE nxtgauge_migration.parked SET discarded = discarded + (SELECT count(*) FROM %1$s WHERE nxtgauge_known)
            WHERE id = %2$s;
        TRUNCATE %1$s;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE %1$s AS p SET nxtgauge_gone = true WHERE %3$s;
    ELSIF TG_LEVEL = 'ROW' THEN
        UPDATE %1$s AS p SET nxtgauge_new_key = %4$s
        WHERE %3$s AND NOT p.nxtgauge_gone AND ROW(%10$s)::record *<> ROW(%11$s)::record;
    ELSE
        -- All rows of the statement at once, because one may take over the key that another gives up. The sorting
        -- makes sure that all have left before the first one arrives.
        WITH moved AS (
            DELETE FROM %1$s AS p WHERE p.nxtgauge_new_key IS NOT NULL RETURNING p.*
        )
        INSERT INTO %1$s AS p (%5$s, %6$s, nxtgauge_written)
        SELECT %7$s, %8$s, m.nxtgauge_written FROM moved AS m ORDER BY m.nxtgauge_new_key
        ON CONFLICT (%5$s) DO UPDATE SET nxtgauge_written = p.nxtgauge_written || excluded.nxtgauge_written, %9$s;
    END IF;$body$,
        nxtgauge_migration.parked_name(entry), entry.id,
        nxtgauge_migration.column_match(keys, 'p.', 'OLD.'), nxtgauge_migration.key_as_text(keys, 'NEW.'),
        nxtgauge_migration.column_list(keys), nxtgauge_migration.column_list(others),
        (SELECT string_agg(format('m.nxtgauge_new_key[%s]::%s', k.position, format_type(a.atttypid, a.atttypmod)),
            ', ' ORDER BY k.position)
         FROM unnest(keys) WITH ORDINALITY AS k (name, position)
         JOIN pg_attribute AS a ON a.attrelid = parked AND a.attname = k.name),
        nxtgauge_migration.column_list(others, 'm.'),
        (SELECT string_agg(format('%1$I = excluded.%1$I', o), ', ') FROM unnest(others) AS o),
        nxtgauge_migration.column_list(keys, 'OLD.'), nxtgauge_migration.column_list(keys, 'NEW.')));

    RETURN ARRAY[
        nxtgauge_migration.watcher(entry, 'follow',
            'DELETE OR UPDATE OF ' || nxtgauge_migration.column_list(keys), 'ROW'),
        nxtgauge_migration.watcher(entry, 'follow',
            'TRUNCATE OR UPDATE OF ' || nxtgauge_migration.column_list(keys), 'STATEMENT')];
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.key_watchers(nxtgauge_migration.parked) IS
    'Creates the function that lets parked values follow their rows, to a new key or out; returns its triggers.';

CREATE FUNCTION nxtgauge_migration.write_watchers(
    entry nxtgauge_migration.parked, value_names text[]
) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keys     text[] := entry.key_columns;
    by_users text   := $when$WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')$when$;
BEGIN
    -- A NULL that the backend has written looks like a value that has not come back yet. So one trigger per column
    -- notes that a statement has named the column, and that an inserted row is complete as it is.
    PERFORM nxtgauge_migration.create_watcher(entry, 'mark', format($body$
    INSERT INTO %1$s AS p (%2$s, nxtgauge_known, nxtgauge_written)
    VALUES (%3$s, false, CASE TG_OP WHEN 'INSERT' THEN %4$L::text[] ELSE ARRAY[TG_ARGV[0]] END)
    ON CONFLICT (%2$s) DO UPDATE SET nxtgauge_written = p.nxtgauge_written || excluded.nxtgauge_written;$body$,
        nxtgauge_migration.parked_name(entry), nxtgauge_migration.column_list(keys),
        nxtgauge_migration.column_list(keys, 'NEW.'), value_names));
    RETURN nxtgauge_migration.watcher(entry, 'mark', 'INSERT', 'ROW', by_users) || ARRAY(
        SELECT nxtgauge_migration.watcher(entry, 'mark', format('UPDATE OF %I', v.name), 'ROW', by_users,
            quote_literal(v.name))
        FROM unnest(value_names) AS v (name));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_watchers(nxtgauge_migration.parked, text[]) IS
    'Creates the function that keeps a value which the backend writes from being overwritten by the parked one; returns'
    ' its triggers.';

-- Columns that leave.

CREATE FUNCTION nxtgauge_migration.find_columns(
    step text, source text, states text[]
) RETURNS SETOF nxtgauge_migration.parked
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.* FROM nxtgauge_migration.parked AS p
    WHERE p.step = find_columns.step AND p.source = nxtgauge_migration.canonical_name(find_columns.source)
      AND p.kind = 'columns' AND p.state = ANY (states)
    ORDER BY p.id DESC
$$;

COMMENT ON FUNCTION nxtgauge_migration.find_columns(text, text, text[]) IS
    'The parkings of columns by that step in one of the states, the newest first.';

CREATE FUNCTION nxtgauge_migration.capture_facts(relation oid, column_names text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    -- xmin changes with whatever is done to a column, its default or an index.
    RETURN ARRAY(
        SELECT concat_ws(' ', 'column', a.attnum, a.attname, a.xmin, d.oid, d.xmin)
        FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = relation AND a.attname = ANY (column_names) AND a.attnum > 0 AND NOT a.attisdropped
    ) || ARRAY(
        SELECT concat_ws(' ', 'key', i.indexrelid, i.xmin) FROM pg_index AS i
        WHERE i.indrelid = relation AND i.indisunique ORDER BY i.indexrelid
    );
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.capture_facts(oid, text[]) IS
    'All that the capture of columns was made from, in a form that is quickly read and compared.';

CREATE FUNCTION nxtgauge_migration.discard_prepared(step text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['prepared']) AS f LOOP
        PERFORM nxtgauge_migration.stop_watching(entry);
        EXECUTE format('DROP TABLE %s', nxtgauge_migration.parked_name(entry));
        PERFORM nxtgauge_migration.close_holder(entry);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.discard_prepared(text, text) IS
    'Takes back what prepare_parking_columns has made; does nothing where the capture has begun.';

CREATE FUNCTION nxtgauge_migration.prepare_parking_columns(
    step text, source text, column_names text[], sparse boolean DEFAULT false
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation    oid  := nxtgauge_migration.table_oid(source);
    name        text := nxtgauge_migration.table_name(relation);
    statements  text[] := '{}';
    keys        text[];
    value_names text[];
    entry       nxtgauge_migration.parked;
BEGIN
    IF cardinality(column_names) = 0 THEN
        RETURN;
    END IF;
    PERFORM nxtgauge_migration.discard_prepared(step, source);
    keys := nxtgauge_migration.key_columns(relation);
    PERFORM nxtgauge_migration.assert_all_rows_visible(relation);
    PERFORM nxtgauge_migration.refuse('park columns of ' || name,
        ARRAY(SELECT nxtgauge_migration.reasons_not_to_park_columns(relation, column_names)),
        'Change or drop what uses the columns (keep its definition), then run the step again.');
    value_names := nxtgauge_migration.value_columns(relation, column_names);
    -- A computed default says nothing about the rows that hold it: then every row is copied.
    sparse := sparse AND NOT EXISTS (SELECT FROM unnest(value_names) AS v
        WHERE nxtgauge_migration.constant_default(relation, v) IS NULL);

    entry := nxtgauge_migration.open_holder(step, name, 'columns', 'prepared', 'rollback');
    UPDATE nxtgauge_migration.parked AS p
    SET column_names = prepare_parking_columns.column_names, key_columns = keys, is_sparse = sparse
    WHERE p.id = entry.id RETURNING p.* INTO entry;
    EXECUTE format('CREATE TABLE %s AS SELECT %s%s FROM %s WITH NO DATA', nxtgauge_migration.parked_name(entry),
        nxtgauge_migration.column_list(keys),
        (SELECT string_agg(format(', %1$I::%2$s AS %1$I', a.attname,
            nxtgauge_migration.base_type(a.atttypid, a.atttypmod)), '' ORDER BY a.attnum)
         FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = ANY (value_names)), name);
    EXECUTE format('ALTER TABLE %s ADD COLUMN nxtgauge_known boolean NOT NULL DEFAULT true,
                    ADD COLUMN nxtgauge_gone boolean NOT NULL DEFAULT false,
                    ADD COLUMN nxtgauge_written text[] NOT NULL DEFAULT %L, ADD COLUMN nxtgauge_new_key text[],
                    ADD PRIMARY KEY (%s)',
                   nxtgauge_migration.parked_name(entry), '{}', nxtgauge_migration.column_list(keys));
    EXECUTE format('CREATE INDEX ON %s (nxtgauge_gone) WHERE nxtgauge_gone', nxtgauge_migration.parked_name(entry));
    EXECUTE format('CREATE INDEX ON %s (nxtgauge_new_key) WHERE nxtgauge_new_key IS NOT NULL',
        nxtgauge_migration.parked_name(entry));
    IF cardinality(value_names) > 0 THEN
        statements := nxtgauge_migration.watch_statements(entry,
            nxtgauge_migration.capture_watchers(entry, value_names));
    END IF;
    INSERT INTO nxtgauge_migration.departure (parked_id, facts, triggers, statements, watching)
    VALUES (entry.id, nxtgauge_migration.capture_facts(relation, keys || column_names), '{}', statements, '{}');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.prepare_parking_columns(text, text, text[], boolean) IS
    'Makes the parked table and the function of the capture, so that begin_parking_columns has only triggers to create. '
    'Locks nothing that anybody waits for; may be left out, and called again.';

CREATE FUNCTION nxtgauge_migration.begin_parking_columns(
    step text, source text, column_names text[], sparse boolean DEFAULT false
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid := nxtgauge_migration.table_oid(source);
    entry    nxtgauge_migration.parked;
    ready    nxtgauge_migration.departure;
BEGIN
    IF cardinality(column_names) = 0 THEN
        RETURN;
    END IF;
    SELECT p.* INTO entry FROM nxtgauge_migration.find_columns(step, source, ARRAY['prepared']) AS p;
    SELECT d.* INTO ready FROM nxtgauge_migration.departure AS d WHERE d.parked_id = entry.id;
    IF entry.column_names IS DISTINCT FROM begin_parking_columns.column_names
        OR ready.facts IS DISTINCT FROM
            nxtgauge_migration.capture_facts(relation, entry.key_columns || entry.column_names) THEN
        -- Not prepared, or the table is another one now.
        PERFORM nxtgauge_migration.prepare_parking_columns(step, source, column_names, sparse);
        SELECT p.* INTO entry FROM nxtgauge_migration.find_columns(step, source, ARRAY['prepared']) AS p;
        SELECT d.* INTO ready FROM nxtgauge_migration.departure AS d WHERE d.parked_id = entry.id;
    END IF;
    PERFORM nxtgauge_migration.run_all(ready.statements);
    DELETE FROM nxtgauge_migration.departure AS d WHERE d.parked_id = entry.id;
    UPDATE nxtgauge_migration.parked AS p SET state = 'capturing' WHERE p.id = entry.id;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.begin_parking_columns(text, text, text[], boolean) IS
    'Begins to park columns: from now on writes to them are captured. Takes SHARE ROW EXCLUSIVE. An empty list of '
    'columns: nothing to do, here and in what follows.';

CREATE FUNCTION nxtgauge_migration.copy_job(entry nxtgauge_migration.parked) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s of %s (%s)', CASE entry.state WHEN 'capturing' THEN 'parking' ELSE 'return' END, entry.source,
        entry.holder)
$$;

COMMENT ON FUNCTION nxtgauge_migration.copy_job(nxtgauge_migration.parked) IS
    'The name under which the batches of a parking report.';

CREATE FUNCTION nxtgauge_migration.copy_statement(entry nxtgauge_migration.parked) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation    oid    := nxtgauge_migration.table_oid(entry.source);
    value_names text[] := nxtgauge_migration.value_columns(relation, entry.column_names);
    condition   text   := '';
BEGIN
    IF entry.is_sparse THEN
        SELECT format('WHERE ROW(%s)::record OPERATOR(pg_catalog.*<>) ROW(%s)::record',
                      string_agg(format('t.%I::%s', a.attname, nxtgauge_migration.base_type(a.atttypid, a.atttypmod)),
                          ', ' ORDER BY a.attnum),
                      string_agg(nxtgauge_migration.constant_default(relation, a.attname), ', ' ORDER BY a.attnum))
        INTO condition FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = ANY (value_names);
    END IF;
    -- What the trigger has captured is newer than what is read here.
    RETURN format('INSERT INTO %s (%s) SELECT %s FROM pg_temp.nxtgauge_batch AS b
                   CROSS JOIN LATERAL (SELECT * FROM %s AS t WHERE %s OFFSET 0) AS t %s ON CONFLICT DO NOTHING',
                  nxtgauge_migration.parked_name(entry),
                      nxtgauge_migration.column_list(entry.key_columns || value_names),
                  nxtgauge_migration.column_list(entry.key_columns || value_names, 't.'), entry.source,
                  nxtgauge_migration.column_match(entry.key_columns, 't.', 'b.'), condition);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.copy_statement(nxtgauge_migration.parked) IS
    'The statement that copies one batch of values into the parked table.';

CREATE FUNCTION nxtgauge_migration.column_facts(relation oid, column_names text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    -- xmin changes with whatever is done to an object, the definition also where something that it names is renamed. Of
    -- the kit's own triggers those that name a column are listed, and marked: a step drops them itself.
    RETURN ARRAY(
        WITH leaving AS MATERIALIZED (
            SELECT a.attnum, a.xmin, a.atttypid, a.atttypmod FROM pg_attribute AS a
            WHERE a.attrelid = relation AND a.attname = ANY (column_names) AND a.attnum > 0 AND NOT a.attisdropped
        ), own AS MATERIALIZED (
            SELECT t.oid FROM pg_trigger AS t
            JOIN pg_proc AS f ON f.oid = t.tgfoid
            JOIN pg_namespace AS n ON n.oid = f.pronamespace
            WHERE t.tgrelid = relation AND NOT t.tgisinternal AND n.nspname LIKE 'nxtgauge\_migration%'
        ), used AS MATERIALIZED (
            SELECT d.classid, d.objid, d.objsubid, d.refobjsubid, d.deptype,
                d.classid = 'pg_trigger'::regclass AND d.objid IN (SELECT o.oid FROM own AS o) AS is_own
            FROM leaving AS l JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
                AND d.refobjsubid = l.attnum
        ), found AS (
            SELECT d.classid, d.objid FROM used AS d WHERE NOT d.is_own
            UNION
            SELECT 'pg_constraint'::regclass, c.oid FROM pg_constraint AS c WHERE c.conrelid = relation
            UNION
            SELECT 'pg_class'::regclass, i.indexrelid FROM pg_index AS i WHERE i.indrelid = relation
            UNION
            SELECT d.classid, d.objid FROM pg_index AS i JOIN pg_depend AS d ON d.classid = 'pg_constraint'::regclass
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indexrelid
            WHERE i.indrelid = relation
        ), object AS MATERIALIZED (
            SELECT f.classid, f.objid, r.xmin AS described FROM found AS f
            LEFT JOIN pg_description AS r ON r.classoid = f.classid AND r.objoid = f.objid AND r.objsubid = 0
        )
        SELECT concat_ws(' ', 'table', c.relkind, c.relowner, c.relreplident, c.relhassubclass,
            EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = relation)) AS fact
        FROM pg_class AS c WHERE c.oid = relation
        UNION ALL
        SELECT concat_ws(' ', 'column', l.attnum, l.xmin, format_type(l.atttypid, l.atttypmod),
            pg_get_expr(d.adbin, d.adrelid), d.xmin, r.xmin)
        FROM leaving AS l
        LEFT JOIN pg_attrdef AS d ON d.adrelid = relation AND d.adnum = l.attnum
        LEFT JOIN pg_description AS r ON r.classoid = 'pg_class'::regclass AND r.objoid = relation
            AND r.objsubid = l.attnum
        UNION ALL
        SELECT concat_ws(' ', CASE WHEN d.is_own THEN 'own' ELSE 'use' END, d.classid, d.objid, d.objsubid,
            d.refobjsubid, d.deptype)
        FROM used AS d
        UNION ALL
        SELECT concat_ws(' ', 'constraint', c.oid, c.xmin, c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid),
            o.described, (SELECT string_agg(t.tgenabled, '') FROM pg_trigger AS t WHERE t.tgconstraint = c.oid))
        FROM object AS o JOIN pg_constraint AS c ON c.oid = o.objid
        WHERE o.classid = 'pg_constraint'::regclass
        UNION ALL
        SELECT concat_ws(' ', 'index', c.oid, c.xmin, i.xmin, pg_get_indexdef(c.oid), o.described,
            (SELECT string_agg(a.xmin::text, ' ' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = c.oid))
        FROM object AS o JOIN pg_class AS c ON c.oid = o.objid JOIN pg_index AS i ON i.indexrelid = c.oid
        WHERE o.classid = 'pg_class'::regclass
        UNION ALL
        SELECT concat_ws(' ', 'trigger', t.oid, t.xmin, pg_get_triggerdef(t.oid), o.described)
        FROM object AS o JOIN pg_trigger AS t ON t.oid = o.objid
        WHERE o.classid = 'pg_trigger'::regclass
        UNION ALL
        SELECT concat_ws(' ', 'statistics', s.oid, s.xmin, pg_get_statisticsobjdef(s.oid), o.described)
        FROM object AS o JOIN pg_statistic_ext AS s ON s.oid = o.objid
        WHERE o.classid = 'pg_statistic_ext'::regclass
        ORDER BY fact);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.column_facts(oid, text[]) IS
    'All that the definitions written down for columns were read from, in a form that is quickly read and compared.';

CREATE FUNCTION nxtgauge_migration.remember_columns(
    entry nxtgauge_migration.parked, attnums smallint[], trigger_oids oid[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid := nxtgauge_migration.table_oid(entry.source);
    a        record;
BEGIN
    DELETE FROM nxtgauge_migration.parked_definition AS d WHERE d.parked_id = entry.id;
    FOR a IN SELECT c.attnum, c.attname, c.attacl, r.relowner FROM pg_attribute AS c
        JOIN pg_class AS r ON r.oid = c.attrelid
             WHERE c.attrelid = relation AND c.attnum = ANY (attnums) ORDER BY c.attnum LOOP
        PERFORM nxtgauge_migration.remember_column(entry, relation, a.attnum);
        PERFORM nxtgauge_migration.remember_grants(entry, a.attacl, a.relowner,
            format('column %I of %s', a.attname, entry.source),
                                                   entry.source, format(' (%I)', a.attname));
    END LOOP;
    PERFORM nxtgauge_migration.remember_constraints(entry, relation, attnums);
    PERFORM nxtgauge_migration.remember_indexes(entry, relation, attnums);
    PERFORM nxtgauge_migration.remember_statistics(entry, relation, attnums);
    PERFORM nxtgauge_migration.remember_sequences(entry, relation, attnums);
    PERFORM nxtgauge_migration.remember_triggers(entry, trigger_oids);
    PERFORM nxtgauge_migration.remember_foreign_key(entry.id, u)
    FROM nxtgauge_migration.foreign_keys_using(relation, attnums) AS u;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_columns(nxtgauge_migration.parked, smallint[], oid[]) IS
    'Writes down all that hangs on the columns of a parking, anew.';

CREATE FUNCTION nxtgauge_migration.leaving_statements(
    entry nxtgauge_migration.parked, attnums smallint[], trigger_oids oid[]
) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid := nxtgauge_migration.table_oid(entry.source);
BEGIN
    RETURN ARRAY(
        -- The capture ends, and with it what the columns are named in.
        SELECT format('DROP TRIGGER %I ON %s', t.tgname, entry.source)
        FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
        WHERE t.tgrelid = relation AND NOT t.tgisinternal
          AND (f.pronamespace = quote_ident(entry.holder)::regnamespace OR t.oid = ANY (trigger_oids))
        ORDER BY t.tgname
    ) || ARRAY(
        SELECT format('DROP FUNCTION %I.capture()', entry.holder)
        FROM pg_proc AS f WHERE f.pronamespace = quote_ident(entry.holder)::regnamespace AND f.proname = 'capture'
    ) || ARRAY(
        -- The sequence of a serial column stays, else DROP COLUMN would take it along.
        SELECT format('ALTER SEQUENCE %s OWNED BY NONE', nxtgauge_migration.table_name(c.oid))
        FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
          AND d.refobjsubid = ANY (attnums) AND d.deptype = 'a'
        ORDER BY c.relname
    ) || ARRAY(
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', nxtgauge_migration.table_name(k.conrelid), k.conname)
        FROM nxtgauge_migration.foreign_keys_using(relation, attnums) AS u JOIN pg_constraint AS k ON k.oid = u
        WHERE k.conrelid <> relation
    ) || format('ALTER TABLE %s %s', entry.source, concat_ws(', ',
        -- A column that stands in a constraint's condition cannot leave before the constraint.
        (SELECT string_agg(format('DROP CONSTRAINT %I', k.conname), ', ' ORDER BY k.contype <> 'f', k.conname)
         FROM pg_constraint AS k
         WHERE k.conrelid = relation AND (k.oid IN (SELECT nxtgauge_migration.constraints_using(relation, attnums))
             OR k.oid IN (SELECT nxtgauge_migration.foreign_keys_using(relation, attnums)))),
        -- Generated columns first: the others may be what they are made of.
        (SELECT string_agg(format('DROP COLUMN %I', c.attname), ', ' ORDER BY c.attgenerated = '', c.attnum)
         FROM pg_attribute AS c WHERE c.attrelid = relation AND c.attnum = ANY (attnums))));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.leaving_statements(nxtgauge_migration.parked, smallint[], oid[]) IS
    'The statements that take the columns of a parking off their table, and all that hangs on them.';

CREATE FUNCTION nxtgauge_migration.prepare_departure(
    entry nxtgauge_migration.parked, is_locked boolean
) RETURNS nxtgauge_migration.departure
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation     oid := nxtgauge_migration.table_oid(entry.source);
    attnums      smallint[];
    trigger_oids oid[];
    ready        nxtgauge_migration.departure;
BEGIN
    DELETE FROM nxtgauge_migration.departure AS d WHERE d.parked_id = entry.id;
    ready.parked_id := entry.id;
    ready.facts := nxtgauge_migration.column_facts(relation, entry.column_names);
    SELECT array_agg(c.attnum) INTO attnums FROM pg_attribute AS c WHERE c.attrelid = relation
        AND c.attname = ANY (entry.column_names);
    -- Without the lock: as if the kit's own triggers on the columns had gone, because the step that takes the columns
    -- away drops them first. If it does not, the facts will tell. What only the lock can keep still is left for then:
    -- where a sequence stands, which index a publication needs.
    SELECT coalesce(array_agg(t.trigger_oid), '{}'), coalesce(array_agg(t.trigger_name), '{}')
    INTO trigger_oids, ready.triggers
    FROM nxtgauge_migration.triggers_using(relation, attnums) AS t WHERE is_locked OR NOT t.is_own;
    IF NOT is_locked THEN
        ready.facts := ARRAY(SELECT f.fact FROM unnest(ready.facts) AS f (fact) WHERE f.fact NOT LIKE 'own %');
        IF EXISTS (SELECT FROM nxtgauge_migration.reasons_not_to_park_columns(relation, entry.column_names))
            OR EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum = ANY (attnums)
                AND a.attidentity <> '')
            OR EXISTS (SELECT FROM nxtgauge_migration.indexes_using(relation, attnums) AS u
                JOIN pg_index AS i ON i.indexrelid = u WHERE i.indisreplident) THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM nxtgauge_migration.remember_columns(entry, attnums, trigger_oids);
    ready.statements := nxtgauge_migration.leaving_statements(entry, attnums, trigger_oids);
    ready.watching := nxtgauge_migration.watch_statements(entry, nxtgauge_migration.key_watchers(entry));
    INSERT INTO nxtgauge_migration.departure SELECT ready.*;
    RETURN ready;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.prepare_departure(nxtgauge_migration.parked, boolean) IS
    'Reads and writes down, before the lock or under it, all that it takes to let the columns of a parking go.';

CREATE PROCEDURE nxtgauge_migration.copy_parked_columns(step text, source text)
    LANGUAGE plpgsql
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['capturing']) AS f LOOP
        CALL nxtgauge_migration.run_batches(nxtgauge_migration.copy_job(entry), entry.source,
            nxtgauge_migration.copy_statement(entry), '{}', false);
        PERFORM nxtgauge_migration.prepare_departure(entry, false);
        COMMIT;
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.copy_parked_columns(text, text) IS
    'Copies in batches the values that were there before the capture began, and gets ready what finish_parking_columns'
    ' will do; locks no row.';

CREATE FUNCTION nxtgauge_migration.finish_parking_columns(
    step text, source text, follow boolean DEFAULT true
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation     oid := nxtgauge_migration.table_oid(source);
    entry        nxtgauge_migration.parked;
    ready        nxtgauge_migration.departure;
    trigger_name text;
BEGIN
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['capturing']) AS f LOOP
        IF NOT EXISTS (SELECT FROM nxtgauge_migration.backfill AS b WHERE b.job = nxtgauge_migration.copy_job(entry)
            AND b.finished_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the columns of % are not copied yet', entry.source
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('CALL nxtgauge_migration.copy_parked_columns(%L, %L); it goes on where it stopped.',
                                    step, source);
        END IF;
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', entry.source);
        SELECT d.* INTO ready FROM nxtgauge_migration.departure AS d WHERE d.parked_id = entry.id;
        IF ready.facts IS DISTINCT FROM nxtgauge_migration.column_facts(relation, entry.column_names) THEN
            PERFORM nxtgauge_migration.refuse('park columns of ' || entry.source,
                ARRAY(SELECT nxtgauge_migration.reasons_not_to_park_columns(relation, entry.column_names)),
                'Change or drop what uses the columns (keep its definition), then run the step again.');
            ready := nxtgauge_migration.prepare_departure(entry, true);
        END IF;
        FOREACH trigger_name IN ARRAY ready.triggers LOOP
            RAISE WARNING 'trigger % of % names a parked column and is parked with it', trigger_name, entry.source
                USING HINT = 'It does nothing, for its other columns either, until the column is back.';
        END LOOP;
        PERFORM nxtgauge_migration.run_all(ready.statements || CASE
            WHEN follow THEN ready.watching
            ELSE ARRAY[format('DROP FUNCTION %I.follow()', entry.holder)] END);
        EXECUTE format('DELETE FROM %s WHERE nxtgauge_gone', nxtgauge_migration.parked_name(entry));
        PERFORM nxtgauge_migration.reset_batches(nxtgauge_migration.copy_job(entry));
        PERFORM nxtgauge_migration.forget_added_columns(entry.source, entry.column_names);
        DELETE FROM nxtgauge_migration.departure AS d WHERE d.parked_id = entry.id;
        UPDATE nxtgauge_migration.parked AS p
        SET state = 'parked', returns_with = CASE WHEN follow THEN 'rollback' ELSE 'apply' END WHERE p.id = entry.id;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.finish_parking_columns(text, text, boolean) IS
    'Drops the copied columns under ACCESS EXCLUSIVE. With follow, a trigger stays that lets the parked values follow'
    ' their rows to new keys; a rollback, after which nothing of the kit may remain on the table, passes false.';

-- Columns that come back.

CREATE FUNCTION nxtgauge_migration.begin_restoring_columns(step text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid := nxtgauge_migration.table_oid(source);
    entry    nxtgauge_migration.parked := nxtgauge_migration.find_parked(step, source, 'columns');
BEGIN
    PERFORM nxtgauge_migration.refuse('restore columns of ' || entry.source, ARRAY(
        SELECT format('a column %I has been added meanwhile', a.attname) FROM pg_attribute AS a
        WHERE a.attrelid = relation AND a.attname = ANY (entry.column_names) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum), 'Rename it and run the step again.');
    PERFORM nxtgauge_migration.stop_watching(entry);
    PERFORM nxtgauge_migration.recall(entry.id, ARRAY['column', 'default']);
    PERFORM nxtgauge_migration.run_all(nxtgauge_migration.watch_statements(entry,
        nxtgauge_migration.key_watchers(entry) || nxtgauge_migration.write_watchers(entry,
            nxtgauge_migration.value_columns(relation, entry.column_names))));
    UPDATE nxtgauge_migration.parked AS p SET state = 'restoring' WHERE p.id = entry.id;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.begin_restoring_columns(text, text) IS
    'Adds parked columns again, without their values and constraints; takes ACCESS EXCLUSIVE for a few milliseconds.';

CREATE FUNCTION nxtgauge_migration.refill_batch(parked_id bigint, rules jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    entry       nxtgauge_migration.parked;
    relation    oid;
    parked      text;
    keys        text[];
    match_batch text;
    match_value text;
    value       record;
    new_values  text[] := '{}';
    fallbacks   text[] := '{}';
    olds        text;
    targets     text;
BEGIN
    SELECT p.* INTO STRICT entry FROM nxtgauge_migration.parked AS p WHERE p.id = parked_id;
    relation := nxtgauge_migration.table_oid(entry.source);
    parked := nxtgauge_migration.parked_name(entry);
    keys := entry.key_columns;
    match_batch := nxtgauge_migration.column_match(keys, 't.', 'b.');
    match_value := nxtgauge_migration.column_match(keys, 'p.', 'b.');
    FOR value IN
        SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type,
               CASE WHEN entry.state = 'parked'
                   THEN nxtgauge_migration.constant_default(relation, a.attname) END AS default_value,
               coalesce(rules ->> a.attname, pg_get_expr(d.adbin, d.adrelid), 'NULL') AS fallback
        FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = relation AND d.adnum = a.attnum
        WHERE a.attrelid = relation AND a.attname = ANY (nxtgauge_migration.value_columns(relation,
            entry.column_names)) AND a.attidentity = ''
        ORDER BY a.attnum
    LOOP
        -- Still as it was added, and not written since: the parked value. Anything else is newer.
        new_values := new_values || format(
            'CASE WHEN %1$L <> ALL (p.nxtgauge_written) AND (t.%2$I IS NULL%3$s) THEN p.%2$I::%4$s ELSE t.%2$I END',
            value.attname, value.attname, CASE WHEN value.default_value IS NOT NULL
                THEN format(' OR ROW(t.%I)::record OPERATOR(pg_catalog.*=) ROW(%s::%s)::record', value.attname,
                value.default_value, value.type) ELSE '' END, value.type);
        fallbacks := fallbacks || format(
            'CASE WHEN t.%2$I IS NULL AND %1$L <> ALL (coalesce(p.nxtgauge_written, %4$L)) THEN (%3$s)::%5$s
             ELSE t.%2$I END',
            value.attname, value.attname, value.fallback, '{}', value.type);
        targets := concat_ws(', ', targets, quote_ident(value.attname));
        olds := concat_ws(', ', olds, format('t.%I', value.attname));
    END LOOP;
    PERFORM set_config('search_path', nxtgauge_migration.writing_path(relation), true);
    IF targets IS NOT NULL THEN
        EXECUTE format('UPDATE %1$s AS t SET (%2$s) = ROW(%3$s) FROM pg_temp.nxtgauge_batch AS b
                        CROSS JOIN LATERAL (SELECT * FROM %4$s AS p WHERE %5$s OFFSET 0) AS p
                        WHERE %6$s AND p.nxtgauge_known AND NOT p.nxtgauge_gone
                            AND ROW(%3$s)::record OPERATOR(pg_catalog.*<>) ROW(%7$s)::record',
                       entry.source, targets, array_to_string(new_values, ', '), parked, match_value, match_batch,
                           olds);
    END IF;
    IF targets IS NOT NULL AND entry.state = 'restoring' THEN
        -- Rows that came after the columns had left: the step's rule, else the default.
        EXECUTE format('UPDATE %1$s AS t SET (%2$s) = ROW(%3$s) FROM pg_temp.nxtgauge_batch AS b
                        LEFT JOIN LATERAL (SELECT * FROM %4$s AS p WHERE %5$s OFFSET 0) AS p ON true
                        WHERE %6$s AND (p.nxtgauge_known IS NOT TRUE OR p.nxtgauge_gone) AND (%7$s)',
                       entry.source, targets, array_to_string(fallbacks, ', '), parked, match_value, match_batch,
                       (SELECT string_agg(format('t.%I IS NULL', a.name), ' OR ')
                        FROM unnest(nxtgauge_migration.value_columns(relation, entry.column_names)) AS a (name)));
    END IF;
    -- Done with. A mark stays where a further pass could take a NULL that has come back for one that is missing.
    IF entry.state = 'restoring' THEN
        EXECUTE format('UPDATE %s AS p SET nxtgauge_known = false, nxtgauge_written = %L
                        FROM pg_temp.nxtgauge_batch AS b
                        WHERE %s AND p.nxtgauge_known AND NOT p.nxtgauge_gone',
                       parked, nxtgauge_migration.value_columns(relation, entry.column_names), match_value);
    ELSE
        EXECUTE format('DELETE FROM %s AS p USING pg_temp.nxtgauge_batch AS b
                        WHERE %s AND p.nxtgauge_known AND NOT p.nxtgauge_gone', parked, match_value);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refill_batch(bigint, jsonb) IS
    'Puts the parked values of one batch of rows back.';

CREATE FUNCTION nxtgauge_migration.is_refilled(entry nxtgauge_migration.parked) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    is_left boolean;
BEGIN
    PERFORM set_config('search_path', nxtgauge_migration.key_path(to_regclass(entry.source)), true);
    EXECUTE format('SELECT EXISTS (SELECT FROM %s AS p JOIN %s AS t ON %s
                    WHERE p.nxtgauge_known AND NOT p.nxtgauge_gone)',
                   nxtgauge_migration.parked_name(entry), entry.source,
                       nxtgauge_migration.column_match(entry.key_columns, 't.', 'p.')) INTO is_left;
    RETURN NOT is_left;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.is_refilled(nxtgauge_migration.parked) IS
    'No parked value has a row that still waits for it.';

CREATE FUNCTION nxtgauge_migration.assert_no_null_left(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    value record;
    empty record;
BEGIN
    FOR value IN
        SELECT DISTINCT c.name FROM nxtgauge_migration.parked_definition AS d
        JOIN unnest(entry.column_names) AS c (name) ON d.object = format('NOT NULL of column %I of %s', c.name,
            entry.source)
        WHERE d.parked_id = entry.id AND d.stage = 'not null'
    LOOP
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass(entry.source)
            AND a.attname = value.name AND a.attgenerated = '');
        EXECUTE format('SELECT count(*) AS number, (min(%s))::text AS first_key FROM %s AS t WHERE t.%I IS NULL',
                       nxtgauge_migration.key_as_text(entry.key_columns, 't.'), entry.source, value.name) INTO empty;
        IF empty.number > 0 THEN
            RAISE EXCEPTION 'column % of % must not be NULL, but % rows that came meanwhile have no value; the first has key %',
                            value.name, entry.source, empty.number, empty.first_key
                USING ERRCODE = 'not_null_violation',
                      HINT = format('Give refill_columns a rule: jsonb_build_object(%L, ''SQL expression over t'').', value.name);
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.assert_no_null_left(nxtgauge_migration.parked) IS
    'Refuses, with number and first key, rows that lack a value which the restored column requires.';

CREATE FUNCTION nxtgauge_migration.end_refill(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    parked text := nxtgauge_migration.parked_name(entry);
    gone   bigint;
BEGIN
    EXECUTE format('DELETE FROM %s WHERE nxtgauge_known', parked);
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE nxtgauge_migration.parked AS p SET discarded = p.discarded + gone
        WHERE p.id = entry.id RETURNING p.discarded INTO gone;
    IF gone > 0 THEN
        RAISE NOTICE 'parked values of % rows of % are given up: the rows were deleted meanwhile', gone, entry.source;
    END IF;
    PERFORM nxtgauge_migration.reset_batches(nxtgauge_migration.copy_job(entry));
    IF entry.state = 'restoring' THEN
        PERFORM nxtgauge_migration.assert_no_null_left(entry);
        UPDATE nxtgauge_migration.parked AS p SET state = 'refilled' WHERE p.id = entry.id;
    ELSE
        PERFORM nxtgauge_migration.stop_watching(entry);
        EXECUTE format('DROP TABLE %s', parked);
        PERFORM nxtgauge_migration.close_holder(entry);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.end_refill(nxtgauge_migration.parked) IS
    'Counts and drops what found no row. Where a file added the columns itself, that is the end of the parking.';

CREATE FUNCTION nxtgauge_migration.assert_columns_stand(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM nxtgauge_migration.refuse('refill columns of ' || entry.source, ARRAY(
        SELECT format('there is no column %I', c.name) FROM unnest(entry.column_names) AS c (name)
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass(entry.source)
            AND a.attname = c.name AND NOT a.attisdropped)
          -- a generated column holds nothing; it comes back when the others are complete
          AND NOT EXISTS (SELECT FROM nxtgauge_migration.parked_definition AS d WHERE d.parked_id = entry.id
              AND d.stage = 'generated'
                          AND d.object = format('column %I of %s', c.name, entry.source))),
        'Add the columns first: with the step''s own ALTER TABLE, or by nxtgauge_migration.begin_restoring_columns.');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.assert_columns_stand(nxtgauge_migration.parked) IS
    'Refuses to refill columns that are not there.';

CREATE PROCEDURE nxtgauge_migration.refill_columns(step text, source text, rules jsonb DEFAULT '{}')
    LANGUAGE plpgsql
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    PERFORM nxtgauge_migration.refuse_purged(step);
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['parked', 'restoring']) AS f LOOP
        PERFORM nxtgauge_migration.assert_columns_stand(entry);
        PERFORM nxtgauge_migration.reset_batches(b.job) FROM nxtgauge_migration.backfill AS b
        WHERE b.job = nxtgauge_migration.copy_job(entry) AND b.finished_at IS NOT NULL;
        LOOP
            -- Once is enough, unless a row has moved to a key that the batches had passed already.
            CALL nxtgauge_migration.run_batches(nxtgauge_migration.copy_job(entry), entry.source,
                pg_catalog.format('SELECT nxtgauge_migration.refill_batch(%s, %L)', entry.id, rules));
            EXIT WHEN nxtgauge_migration.is_refilled(entry);
            PERFORM nxtgauge_migration.reset_batches(nxtgauge_migration.copy_job(entry));
        END LOOP;
        PERFORM nxtgauge_migration.end_refill(entry);
        COMMIT;
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.refill_columns(text, text, jsonb) IS
    'Puts parked values back in batches, where the row still exists and its column was not written since. Rules, '
    'column by column, are SQL expressions over t for rows that came while the column was parked. Does nothing if '
    'nothing is parked.';

CREATE FUNCTION nxtgauge_migration.definition_stages() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY['type', 'not null', 'generated', 'property', 'identity', 'index', 'unique', 'index property', 'check',
                 'foreign key', 'validation', 'statistics', 'trigger', 'comment', 'grant']
$$;

COMMENT ON FUNCTION nxtgauge_migration.definition_stages() IS
    'The order in which the definitions of restored columns are built up.';

CREATE FUNCTION nxtgauge_migration.assert_refilled(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF entry.state <> 'refilled' THEN
        RAISE EXCEPTION 'the columns of % are not refilled yet', entry.source
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = format('CALL nxtgauge_migration.refill_columns(%L, %L); it goes on where it stopped.',
                                entry.step, entry.source);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.assert_refilled(nxtgauge_migration.parked) IS
    'Refuses to go on while parked values are still to come back.';

CREATE FUNCTION nxtgauge_migration.restore_next(parked_id bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry    nxtgauge_migration.parked;
    stages   text[] := nxtgauge_migration.definition_stages();
    patience text   := current_setting('lock_timeout');
    next_at  bigint;
BEGIN
    SELECT p.* INTO STRICT entry FROM nxtgauge_migration.parked AS p WHERE p.id = parked_id;
    SELECT d.position INTO next_at FROM nxtgauge_migration.parked_definition AS d
    WHERE d.parked_id = entry.id AND d.stage = ANY (stages)
    ORDER BY array_position(stages, d.stage), d.position LIMIT 1;
    BEGIN
        PERFORM set_config('lock_timeout', '50ms', true);
        IF EXISTS (SELECT FROM pg_proc AS f WHERE f.pronamespace = quote_ident(entry.holder)::regnamespace) THEN
            -- With all values back there is nothing left to guard, and the type of a watched column could not change.
            PERFORM nxtgauge_migration.stop_watching(entry);
        ELSIF next_at IS NULL THEN
            RETURN false;
        ELSE
            PERFORM nxtgauge_migration.recall(entry.id, stages, next_at);
        END IF;
        PERFORM set_config('lock_timeout', patience, true);
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
        PERFORM pg_sleep(0.1 + random() / 5);
    END;
    RETURN true;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.restore_next(bigint) IS
    'Restores the next definition, waiting 50 ms at most for each lock; false if none is left.';

CREATE PROCEDURE nxtgauge_migration.restore_column_definitions(step text, source text)
    LANGUAGE plpgsql
AS $$
DECLARE
    entry   nxtgauge_migration.parked;
    is_left boolean;
BEGIN
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['restoring', 'refilled']) AS f LOOP
        PERFORM nxtgauge_migration.assert_refilled(entry);
        LOOP
            is_left := nxtgauge_migration.restore_next(entry.id);
            COMMIT;
            EXIT WHEN NOT is_left;
        END LOOP;
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.restore_column_definitions(text, text) IS
    'Builds up constraints, indexes and all else that belongs to refilled columns, one short transaction each, so '
    'that finish_restoring_columns has little left to do under its lock.';

CREATE FUNCTION nxtgauge_migration.finish_restoring_columns(step text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['restoring', 'refilled']) AS f LOOP
        PERFORM nxtgauge_migration.assert_refilled(entry);
        PERFORM nxtgauge_migration.stop_watching(entry);
        PERFORM nxtgauge_migration.recall(entry.id, nxtgauge_migration.definition_stages());
        EXECUTE format('DROP TABLE %s', nxtgauge_migration.parked_name(entry));
        PERFORM nxtgauge_migration.close_holder(entry);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.finish_restoring_columns(text, text) IS
    'Restores what is still missing of the columns'' definitions and ends the parking; takes ACCESS EXCLUSIVE.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;
