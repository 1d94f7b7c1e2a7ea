-- Give the columns that refer to renamed tables, and jobs.job_type, a column of the new name beside the old one.
--
-- kind: expand
-- depends: 3020_rename_marketplace_tables
-- locks: lead_requests, reviews, invoices, jobs ACCESS EXCLUSIVE twice, what they refer to SHARE ROW EXCLUSIVE, for milliseconds

-- The indexes are built in a unit outside any transaction, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

-- The new column has the type, the checks, the foreign key and the privileges of the old one, whatever these are here. A
-- trigger keeps the two equal: of two that differ the one that the statement has written counts, the new one if it wrote
-- both. A default stays with the old column until 3091; so it can be told whether the new one was given.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.in_new_names(expression text, old_columns text[], new_columns text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR n IN 1 .. cardinality(old_columns) LOOP
        expression := regexp_replace(expression, '\m' || old_columns[n] || '\M', new_columns[n], 'g');
    END LOOP;
    RETURN expression;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.in_new_names(text, text[], text[]) IS
    'A definition with columns called by their new names.';

CREATE FUNCTION nxtgauge_migration.add_renamed_column(
    step text, source text, old_column text, new_column text, description text
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid  := nxtgauge_migration.table_oid(source);
    name     text := nxtgauge_migration.table_name(relation);
    former   record;
BEGIN
    SELECT nxtgauge_migration.base_type(a.atttypid, a.atttypmod) AS type_name, a.attacl, r.relowner,
           CASE WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %I.%I', n.nspname, c.collname) ELSE '' END AS collation_part
    INTO former
    FROM pg_attribute AS a
    JOIN pg_class AS r ON r.oid = a.attrelid
    JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_collation AS c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace AS n ON n.oid = c.collnamespace
    WHERE a.attrelid = relation AND a.attname = old_column AND a.attnum > 0 AND NOT a.attisdropped;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'table % has no column %', name, old_column
            USING ERRCODE = 'undefined_column', HINT = 'Run the preflight of this phase: it names what is missing.';
    END IF;
    IF NOT nxtgauge_migration.add_column(step, source, new_column, former.type_name || former.collation_part) THEN
        RAISE EXCEPTION 'table % has a column % already', name, new_column
            USING ERRCODE = 'duplicate_column', HINT = 'Rename it: Phase 3 creates one of this name.';
    END IF;
    EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', name, new_column, description);
    PERFORM nxtgauge_migration.grant_likewise(former.attacl, former.relowner, name, format(' (%I)', new_column));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_renamed_column(text, text, text, text, text) IS
    'Adds a column of the type and with the column privileges of another, which it will replace.';

CREATE FUNCTION nxtgauge_migration.add_renamed_rules(source text, old_columns text[], new_columns text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid  := nxtgauge_migration.table_oid(source);
    name     text := nxtgauge_migration.table_name(relation);
    prefix   text := (parse_ident(source))[2];
    part     record;
    wanted   text;
BEGIN
    -- A rule over two of the columns is found twice, and made once.
    FOR part IN
        SELECT k.conname::text AS rule_name, CASE k.contype WHEN 'f' THEN 'fkey' ELSE 'check' END AS suffix,
               nxtgauge_migration.as_written(regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')) AS definition,
               min(p.old_column) AS old_column, min(p.new_column) AS new_column
        FROM unnest(old_columns, new_columns) AS p (old_column, new_column)
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = p.old_column AND NOT a.attisdropped
        JOIN pg_constraint AS k ON k.conrelid = relation AND k.contype IN ('c', 'f') AND a.attnum = ANY (k.conkey)
        GROUP BY k.oid, k.conname, k.contype
        ORDER BY k.conname
    LOOP
        wanted := replace(part.rule_name, part.old_column, part.new_column);
        IF wanted = part.rule_name THEN
            wanted := format('%s_%s_%s', prefix, part.new_column, part.suffix);
        END IF;
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', name, nxtgauge_migration.free_name(relation, wanted),
                       nxtgauge_migration.in_new_names(part.definition, old_columns, new_columns));
    END LOOP;
    -- Proves later, without a scan under lock, that there is no NULL.
    FOR part IN
        SELECT p.new_column
        FROM unnest(old_columns, new_columns) AS p (old_column, new_column)
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = p.old_column AND NOT a.attisdropped
        WHERE a.attnotnull
    LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID', name,
                       format('%s_%s_present_check', prefix, part.new_column), part.new_column);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_renamed_rules(text, text[], text[]) IS
    'Adds, unvalidated, to new columns the checks and foreign keys that the old ones have.';

CREATE FUNCTION nxtgauge_migration.drop_renamed_rules(source text, new_columns text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT DISTINCT k.conname
        FROM pg_attribute AS a
        JOIN pg_constraint AS k ON k.conrelid = a.attrelid AND k.contype IN ('c', 'f') AND a.attnum = ANY (k.conkey)
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = ANY (new_columns) AND NOT a.attisdropped
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', nxtgauge_migration.canonical_name(source), rule.conname);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.drop_renamed_rules(text, text[]) IS 'Drops checks and foreign keys of new columns.';

CREATE FUNCTION nxtgauge_migration.name_other_indexes(source text, old_columns text[], known_indexes text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    -- What was not expected cannot be built from here without keeping writers out: CONCURRENTLY needs a statement of its own.
    FOR found IN
        SELECT DISTINCT c.relname, pg_get_indexdef(c.oid) AS definition
        FROM pg_attribute AS a
        JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
            AND d.classid = 'pg_class'::regclass
        JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'i'
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = ANY (old_columns)
          AND c.relname <> ALL (known_indexes)
        ORDER BY c.relname
    LOOP
        RAISE NOTICE 'index % leaves with its column in 3091; if the new column needs its like, create it CONCURRENTLY: %',
            found.relname, found.definition;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.name_other_indexes(text, text[], text[]) IS
    'Tells which indexes of a column have no counterpart on the new one.';

CREATE FUNCTION nxtgauge_migration.match_lead_requests() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.lead_id IS DISTINCT FROM OLD.lead_id THEN
        NEW.requirement_id := NEW.lead_id;
    ELSIF TG_OP = 'UPDATE' AND NEW.requirement_id IS DISTINCT FROM OLD.requirement_id THEN
        NEW.lead_id := NEW.requirement_id;
    ELSE
        -- Inserted, with one of them or both; or not written, and not yet filled by the backfill or by a rollback.
        NEW.lead_id := coalesce(NEW.lead_id, NEW.requirement_id);
        NEW.requirement_id := NEW.lead_id;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.match_lead_requests() IS
    'Keeps lead_id and requirement_id of a lead request equal; if both were written, lead_id counts.';

CREATE FUNCTION nxtgauge_migration.match_reviews() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.lead_id IS DISTINCT FROM OLD.lead_id THEN
        NEW.requirement_id := NEW.lead_id;
    ELSIF TG_OP = 'UPDATE' AND NEW.requirement_id IS DISTINCT FROM OLD.requirement_id THEN
        NEW.lead_id := NEW.requirement_id;
    ELSE
        NEW.lead_id := coalesce(NEW.lead_id, NEW.requirement_id);
        NEW.requirement_id := NEW.lead_id;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.job_application_id IS DISTINCT FROM OLD.job_application_id THEN
        NEW.application_id := NEW.job_application_id;
    ELSIF TG_OP = 'UPDATE' AND NEW.application_id IS DISTINCT FROM OLD.application_id THEN
        NEW.job_application_id := NEW.application_id;
    ELSE
        NEW.job_application_id := coalesce(NEW.job_application_id, NEW.application_id);
        NEW.application_id := NEW.job_application_id;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.match_reviews() IS
    'Keeps lead_id and requirement_id, job_application_id and application_id of a review equal; if both of a pair were '
    'written, the new one counts.';

CREATE FUNCTION nxtgauge_migration.match_invoices() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.coupon_redemption_id IS DISTINCT FROM OLD.coupon_redemption_id THEN
        NEW.coupon_use_id := NEW.coupon_redemption_id;
    ELSIF TG_OP = 'UPDATE' AND NEW.coupon_use_id IS DISTINCT FROM OLD.coupon_use_id THEN
        NEW.coupon_redemption_id := NEW.coupon_use_id;
    ELSE
        NEW.coupon_redemption_id := coalesce(NEW.coupon_redemption_id, NEW.coupon_use_id);
        NEW.coupon_use_id := NEW.coupon_redemption_id;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.match_invoices() IS
    'Keeps coupon_redemption_id and coupon_use_id of an invoice equal; if both were written, coupon_redemption_id counts.';

CREATE FUNCTION nxtgauge_migration.match_jobs() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.employment_type IS DISTINCT FROM OLD.employment_type THEN
        NEW.job_type := NEW.employment_type;
    ELSIF TG_OP = 'UPDATE' AND NEW.job_type IS DISTINCT FROM OLD.job_type THEN
        NEW.employment_type := NEW.job_type;
    ELSE
        -- A job inserted without employment_type has what job_type was given, or job_type's default.
        NEW.employment_type := coalesce(NEW.employment_type, NEW.job_type);
        NEW.job_type := NEW.employment_type;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.match_jobs() IS
    'Keeps employment_type and job_type of a job equal; if both were written, employment_type counts.';

CREATE FUNCTION nxtgauge_migration.match_statement(source text, old_columns text[], new_columns text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid := nxtgauge_migration.table_oid(source);
BEGIN
    RETURN (
        SELECT format('UPDATE %s AS t SET %s FROM pg_temp.nxtgauge_batch AS b WHERE %s AND (%s)',
            nxtgauge_migration.table_name(relation), string_agg(format('%I = t.%I', p.new_column, p.old_column), ', '),
            nxtgauge_migration.column_match(nxtgauge_migration.key_columns(relation), 't.', 'b.'),
            string_agg(format('t.%I IS DISTINCT FROM t.%I', p.new_column, p.old_column), ' OR '))
        FROM unnest(old_columns, new_columns) AS p (old_column, new_column));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.match_statement(text, text[], text[]) IS
    'The statement that fills the new columns of one batch of rows.';

CREATE FUNCTION nxtgauge_migration.validate_renamed_rules(source text, new_columns text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT DISTINCT k.conname
        FROM pg_attribute AS a
        JOIN pg_constraint AS k ON k.conrelid = a.attrelid AND k.contype IN ('c', 'f') AND a.attnum = ANY (k.conkey)
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = ANY (new_columns) AND NOT a.attisdropped
          AND NOT k.convalidated
        ORDER BY k.conname
    LOOP
        EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', nxtgauge_migration.canonical_name(source), rule.conname);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.validate_renamed_rules(text, text[]) IS
    'Validates checks and foreign keys of new columns, while clients read and write.';

CREATE FUNCTION nxtgauge_migration.require_renamed(source text, new_columns text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT a.attname, k.conname
        FROM pg_attribute AS a
        JOIN pg_constraint AS k ON k.conrelid = a.attrelid
            AND k.conname = format('%s_%s_present_check', (parse_ident(source))[2], a.attname)
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = ANY (new_columns) AND NOT a.attisdropped
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', nxtgauge_migration.canonical_name(source), rule.attname);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', nxtgauge_migration.canonical_name(source), rule.conname);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.require_renamed(text, text[]) IS
    'Makes new columns NOT NULL where a validated check proves that they can be.';

CREATE FUNCTION nxtgauge_migration.relax_renamed(source text, new_columns text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    required record;
BEGIN
    FOR required IN
        SELECT a.attname FROM pg_attribute AS a
        WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = ANY (new_columns) AND a.attnotnull
          AND NOT a.attisdropped
    LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID',
                       nxtgauge_migration.canonical_name(source),
                       format('%s_%s_present_check', (parse_ident(source))[2], required.attname), required.attname);
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL',
                       nxtgauge_migration.canonical_name(source), required.attname);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.relax_renamed(text, text[]) IS 'Takes NOT NULL back to the check that proves it.';

CREATE FUNCTION nxtgauge_migration.hand_over_default(source text, from_column text, to_column text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    expression text;
BEGIN
    SELECT pg_get_expr(d.adbin, d.adrelid) INTO expression
    FROM pg_attribute AS a JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = from_column AND NOT a.attisdropped;
    IF expression IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', nxtgauge_migration.canonical_name(source),
                       to_column, expression);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.hand_over_default(text, text, text) IS
    'Gives a column the default of another, which is about to leave.';

CREATE FUNCTION nxtgauge_migration.set_parked_aside(step text, source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    FOR entry IN SELECT f.* FROM nxtgauge_migration.find_columns(step, source, ARRAY['restoring']) AS f LOOP
        EXECUTE format('TRUNCATE TABLE %s', nxtgauge_migration.parked_name(entry));
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.set_parked_aside(text, text) IS
    'Lets columns that come back be filled by the rules alone: what is parked equals a column that has stayed, or is older.';

SELECT nxtgauge_migration.close_acting_routines();
REVOKE ALL ON FUNCTION nxtgauge_migration.in_new_names(text, text[], text[]),
    nxtgauge_migration.match_statement(text, text[], text[]) FROM PUBLIC;

-- unit: columns of lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_column('3021_add_renamed_columns', 'public.lead_requests', 'requirement_id', 'lead_id',
    'nxtgauge-migrate: the lead that is asked for.');

-- unit: columns of reviews
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_column('3021_add_renamed_columns', 'public.reviews', 'requirement_id', 'lead_id',
    'nxtgauge-migrate: the lead that the review is about, if it is about one.');
SELECT nxtgauge_migration.add_renamed_column('3021_add_renamed_columns', 'public.reviews', 'application_id', 'job_application_id',
    'nxtgauge-migrate: the job application that the review is about, if it is about one.');

-- unit: columns of invoices
-- locks: public.invoices ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_column('3021_add_renamed_columns', 'public.invoices', 'coupon_use_id',
    'coupon_redemption_id', 'nxtgauge-migrate: the coupon that lowered the price, if one did.');

-- unit: columns of jobs
-- locks: public.jobs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_column('3021_add_renamed_columns', 'public.jobs', 'job_type', 'employment_type',
    'nxtgauge-migrate: full_time, part_time, contract, internship or freelance.');

-- unit: indexes
-- transactional: false

-- While the columns are all NULL they are built in no time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS lead_requests_lead_id_idx ON public.lead_requests (lead_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_lead_id_idx ON public.reviews (lead_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_job_application_id_idx ON public.reviews (job_application_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_coupon_redemption_id_idx ON public.invoices (coupon_redemption_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_employment_type_idx ON public.jobs (employment_type, status);

COMMENT ON INDEX public.lead_requests_lead_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.reviews_lead_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.reviews_job_application_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.invoices_coupon_redemption_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.jobs_employment_type_idx IS 'nxtgauge-migrate: for lists of open jobs of a kind.';

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.leads SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_rules('public.lead_requests', ARRAY['requirement_id'], ARRAY['lead_id']);
-- The key over the professional is replaced with the professional.
SELECT nxtgauge_migration.name_other_indexes('public.lead_requests', ARRAY['requirement_id'],
    ARRAY['lead_requests_requirement_id_professional_id_key', 'lead_requests_requirement_id_idx']);
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.lead_requests FOR EACH ROW
    WHEN (NEW.lead_id IS DISTINCT FROM NEW.requirement_id)
    EXECUTE FUNCTION nxtgauge_migration.match_lead_requests();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.lead_requests IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.leads SHARE ROW EXCLUSIVE, public.job_applications SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_rules('public.reviews', ARRAY['requirement_id', 'application_id'],
    ARRAY['lead_id', 'job_application_id']);
SELECT nxtgauge_migration.name_other_indexes('public.reviews', ARRAY['requirement_id', 'application_id'],
    ARRAY['reviews_requirement_id_idx', 'reviews_application_id_idx']);
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.reviews FOR EACH ROW
    WHEN (NEW.lead_id IS DISTINCT FROM NEW.requirement_id OR NEW.job_application_id IS DISTINCT FROM NEW.application_id)
    EXECUTE FUNCTION nxtgauge_migration.match_reviews();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.reviews IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE, public.coupon_redemptions SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_rules('public.invoices', ARRAY['coupon_use_id'], ARRAY['coupon_redemption_id']);
SELECT nxtgauge_migration.name_other_indexes('public.invoices', ARRAY['coupon_use_id'], ARRAY['invoices_coupon_use_id_idx']);
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.invoices FOR EACH ROW
    WHEN (NEW.coupon_redemption_id IS DISTINCT FROM NEW.coupon_use_id)
    EXECUTE FUNCTION nxtgauge_migration.match_invoices();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.invoices IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_renamed_rules('public.jobs', ARRAY['job_type'], ARRAY['employment_type']);
SELECT nxtgauge_migration.name_other_indexes('public.jobs', ARRAY['job_type'], ARRAY['jobs_job_type_idx']);
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.jobs FOR EACH ROW
    WHEN (NEW.employment_type IS DISTINCT FROM NEW.job_type)
    EXECUTE FUNCTION nxtgauge_migration.match_jobs();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.jobs IS 'nxtgauge-migrate: old and new names, until 3091.';
