-- Create the helpers that extend tables whose exact shape is not known: columns, checks, references, privileges.
--
-- kind: expand
-- depends: 1004_create_column_parking
-- locks: none

-- What they have in common: they touch only what this kit added. A column that was there before is adopted as it is, and
-- gets no check and no foreign key from here, since the running backend may write what such a rule would refuse.

CREATE FUNCTION nxtgauge_migration.add_described_column(
    step text, source text, column_name text, definition text, description text
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF nxtgauge_migration.add_column(step, source, column_name, definition) THEN
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L',
                       nxtgauge_migration.canonical_name(source), column_name, description);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_described_column(text, text, text, text, text) IS
    'Adds a column with its comment, unless the table has one of that name, which is then adopted as it is.';

CREATE FUNCTION nxtgauge_migration.type_of_id(source text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found text;
BEGIN
    SELECT format_type(a.atttypid, a.atttypmod) INTO found
    FROM pg_attribute AS a
    WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = 'id' AND NOT a.attisdropped;
    IF found IS NULL THEN
        RAISE EXCEPTION 'table % has no column id', source
            USING ERRCODE = 'undefined_column', HINT = 'Run the preflight of this phase: it names what is missing.';
    END IF;
    RETURN found;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.type_of_id(text) IS 'The type of a table''s id, which a reference to it must have.';

CREATE FUNCTION nxtgauge_migration.add_check(
    step text, source text, column_name text, constraint_name text, condition text
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF column_name = ANY (nxtgauge_migration.added_columns(step, source)) THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s) NOT VALID',
                       nxtgauge_migration.canonical_name(source), constraint_name, condition);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_check(text, text, text, text, text) IS
    'Adds an unvalidated check on a column, if this kit added the column.';

CREATE FUNCTION nxtgauge_migration.add_reference(
    step text, source text, column_name text, constraint_name text, target text
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- SET NULL: a backend that knows nothing of the reference can go on deleting what is referred to.
    IF column_name = ANY (nxtgauge_migration.added_columns(step, source)) THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s (id) ON DELETE SET NULL NOT VALID',
                       nxtgauge_migration.canonical_name(source), constraint_name, column_name,
                       nxtgauge_migration.canonical_name(target));
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_reference(text, text, text, text, text) IS
    'Adds an unvalidated foreign key on a column, if this kit added the column.';

CREATE FUNCTION nxtgauge_migration.validate_rule(source text, constraint_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name  text := nxtgauge_migration.canonical_name(source);
    rule record;
BEGIN
    SELECT o.contype, a.attname, o.confrelid INTO rule
    FROM pg_constraint AS o
    LEFT JOIN pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1]
    WHERE o.conrelid = nxtgauge_migration.table_oid(source) AND o.conname = constraint_name AND NOT o.convalidated;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF rule.contype = 'f' THEN
        -- A reference that was parked by a rollback may have lost its goal meanwhile; had it not been parked, the
        -- deletion would have set it to NULL. The foreign key stands already, so no new one can come.
        PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
        EXECUTE format('UPDATE %s AS t SET %I = NULL WHERE %2$I IS NOT NULL AND NOT EXISTS (SELECT FROM %s AS g WHERE g.id = t.%2$I)',
                       name, rule.attname, nxtgauge_migration.table_name(rule.confrelid));
        PERFORM set_config('nxtgauge_migration.backfill', 'off', true);
    END IF;
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', name, constraint_name);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.validate_rule(text, text) IS
    'Validates a check or foreign key that was added unvalidated, without stopping readers or writers.';

CREATE FUNCTION nxtgauge_migration.add_reference_index(
    step text, source text, column_name text, index_name text
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF column_name = ANY (nxtgauge_migration.added_columns(step, source)) THEN
        EXECUTE format('CREATE INDEX %I ON %s (%I)', index_name, nxtgauge_migration.canonical_name(source), column_name);
        EXECUTE format('COMMENT ON INDEX %I.%I IS %L', (parse_ident(source))[1], index_name,
                       'nxtgauge-migrate: for the foreign key.');
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_reference_index(text, text, text, text) IS
    'Indexes a reference, if this kit added the column: the foreign key reads it when its goal is deleted.';

CREATE FUNCTION nxtgauge_migration.add_code_index(source text, column_name text, index_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_index AS i
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = column_name
        WHERE i.indrelid = nxtgauge_migration.table_oid(source) AND i.indisunique AND i.indisvalid
          AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum
    ) THEN
        RETURN;
    END IF;
    -- An empty string is no code: old forms send it.
    EXECUTE format('CREATE UNIQUE INDEX %I ON %s (%I) WHERE %3$I <> %L',
                   index_name, nxtgauge_migration.canonical_name(source), column_name, '');
    EXECUTE format('COMMENT ON INDEX %I.%I IS %L', (parse_ident(source))[1], index_name,
                   'nxtgauge-migrate: unique where given.');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_code_index(text, text, text) IS
    'Makes a code unique where it is given, unless a unique index does so already.';

CREATE FUNCTION nxtgauge_migration.drop_code_index(source text, index_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = nxtgauge_migration.table_oid(source) AND c.relname = index_name
          AND obj_description(c.oid, 'pg_class') LIKE 'nxtgauge-migrate:%'
    ) THEN
        EXECUTE format('DROP INDEX %I.%I', (parse_ident(source))[1], index_name);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.drop_code_index(text, text) IS 'Drops the index that add_code_index made, if it made one.';

CREATE FUNCTION nxtgauge_migration.copy_privileges(source text, target text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    source_oid   oid  := nxtgauge_migration.table_oid(source);
    target_oid   oid  := nxtgauge_migration.table_oid(target);
    target_name  text := nxtgauge_migration.canonical_name(target);
    source_owner oid;
    target_owner oid;
    privilege    record;
BEGIN
    SELECT c.relowner INTO source_owner FROM pg_class AS c WHERE c.oid = source_oid;
    SELECT c.relowner INTO target_owner FROM pg_class AS c WHERE c.oid = target_oid;

    -- What default privileges of the schema have given away is taken back first.
    FOR privilege IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = target_oid AND a.grantee <> target_owner
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', target_name, privilege.grantee);
    END LOOP;
    -- On the whole table, then on single columns, where the target has one of that name.
    FOR privilege IN
        SELECT a.privilege_type, p.columns_part,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee,
               CASE WHEN bool_or(a.is_grantable) THEN ' WITH GRANT OPTION' ELSE '' END AS grant_option
        FROM (
            SELECT '' AS columns_part, c.relacl AS acl FROM pg_class AS c WHERE c.oid = source_oid
            UNION ALL
            SELECT format(' (%I)', s.attname), s.attacl
            FROM pg_attribute AS s
            JOIN pg_attribute AS t ON t.attrelid = target_oid AND t.attname = s.attname AND NOT t.attisdropped
            WHERE s.attrelid = source_oid AND s.attnum > 0 AND NOT s.attisdropped
        ) AS p, aclexplode(p.acl) AS a
        WHERE a.grantee NOT IN (source_owner, target_owner)
        GROUP BY a.privilege_type, p.columns_part, a.grantee
        ORDER BY 2, 3, 1
    LOOP
        EXECUTE format('GRANT %s%s ON TABLE %s TO %s%s', privilege.privilege_type, privilege.columns_part, target_name,
                       privilege.grantee, privilege.grant_option);
    END LOOP;
    -- Who could see only some rows of the source sees none of the target until a policy says which.
    IF (SELECT c.relrowsecurity FROM pg_class AS c WHERE c.oid = source_oid) THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target_name);
        RAISE NOTICE 'row-level security is on for %, as it is for %: give it policies', target_name,
            nxtgauge_migration.table_name(source_oid);
    END IF;

    -- Last, since who gives a table away can no longer grant on it.
    IF source_owner <> target_owner THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', target_name, pg_get_userbyid(source_owner));
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.copy_privileges(text, text) IS
    'Grants on the target what is granted on the source, by columns too, and no more; row-level security is on where the '
    'source has it. Makes the source''s owner the target''s.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;
