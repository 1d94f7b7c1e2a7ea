-- Bring the professionals back, and the references to them, with what was written since.
--
-- locks: each of the 4 tables with its partners, and users: ACCESS EXCLUSIVE or SHARE ROW EXCLUSIVE, for milliseconds

-- First the old root stands again. Professionals whose user or root was deleted meanwhile go, as the foreign keys would have
-- done. Each table gets its column back, in one moment with the triggers that keep it, so clients may write throughout; the parked
-- values return, and over them what has changed since. A root that has got its first piece of work meanwhile gets a
-- professional. Last, professionals whose root has got another user, name or place follow it.

-- A table whose column had not left yet, because the step was interrupted, only stops being captured.

-- unit: professionals
-- locks: public.user_role_profiles SHARE ROW EXCLUSIVE, public.users SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.restore_table('3090_retire_professionals', 'public.professionals', validate => false);

-- unit: orphans
-- transactional: false

CALL nxtgauge_migration.validate_restored_table('3090_retire_professionals', 'public.professionals');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3090_retire_professionals', 'public.lead_requests');

CREATE TRIGGER aa_link_reference
    BEFORE INSERT ON public.lead_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER aa_relink_reference
    BEFORE UPDATE ON public.lead_requests FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_role_profile_id, NEW.professional_id)
                IS DISTINCT FROM (OLD.user_role_profile_id, OLD.professional_id))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER "AA_make_professional_insert"
    AFTER INSERT ON public.lead_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();
CREATE TRIGGER "AA_make_professional_update"
    AFTER UPDATE ON public.lead_requests FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3090_retire_professionals', 'public.services');

CREATE TRIGGER aa_link_reference
    BEFORE INSERT ON public.services FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER aa_relink_reference
    BEFORE UPDATE ON public.services FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_role_profile_id, NEW.professional_id)
                IS DISTINCT FROM (OLD.user_role_profile_id, OLD.professional_id))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER "AA_make_professional_insert"
    AFTER INSERT ON public.services FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();
CREATE TRIGGER "AA_make_professional_update"
    AFTER UPDATE ON public.services FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3090_retire_professionals', 'public.portfolio_items');

CREATE TRIGGER aa_link_reference
    BEFORE INSERT ON public.portfolio_items FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER aa_relink_reference
    BEFORE UPDATE ON public.portfolio_items FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_role_profile_id, NEW.professional_id)
                IS DISTINCT FROM (OLD.user_role_profile_id, OLD.professional_id))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_reference();
CREATE TRIGGER "AA_make_professional_insert"
    AFTER INSERT ON public.portfolio_items FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();
CREATE TRIGGER "AA_make_professional_update"
    AFTER UPDATE ON public.portfolio_items FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_professional();

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns(
    '3090_retire_professionals', 'public.portfolio_items',
    '{"professional_id": "nxtgauge_migration.professional_of_root(t.user_role_profile_id)"}');
CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: changed portfolio_items', 'public.portfolio_items',
    nxtgauge_migration.changed_reference_statement('public.portfolio_items'));
CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: professionals of portfolio_items', 'public.portfolio_items',
    nxtgauge_migration.missing_professional_statement('public.portfolio_items'), ARRAY['public.professionals']);
CALL nxtgauge_migration.restore_column_definitions('3090_retire_professionals', 'public.portfolio_items');
CALL nxtgauge_migration.refill_columns(
    '3090_retire_professionals', 'public.services',
    '{"professional_id": "nxtgauge_migration.professional_of_root(t.user_role_profile_id)"}');
CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: changed services', 'public.services',
    nxtgauge_migration.changed_reference_statement('public.services'));
CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: professionals of services', 'public.services',
    nxtgauge_migration.missing_professional_statement('public.services'), ARRAY['public.professionals']);
CALL nxtgauge_migration.restore_column_definitions('3090_retire_professionals', 'public.services');
CALL nxtgauge_migration.refill_columns(
    '3090_retire_professionals', 'public.lead_requests',
    '{"professional_id": "nxtgauge_migration.professional_of_root(t.user_role_profile_id)"}');
CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: changed lead_requests', 'public.lead_requests',
    nxtgauge_migration.changed_reference_statement('public.lead_requests'));
CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: professionals of lead_requests', 'public.lead_requests',
    nxtgauge_migration.missing_professional_statement('public.lead_requests'), ARRAY['public.professionals']);
SELECT nxtgauge_migration.part_lead_requests();
CALL nxtgauge_migration.restore_column_definitions('3090_retire_professionals', 'public.lead_requests');

-- unit: sync
-- locks: public.professionals SHARE ROW EXCLUSIVE, public.user_role_profiles SHARE ROW EXCLUSIVE

-- After the others: what hangs on a professional must be able to follow it.

CREATE TRIGGER aa_link_professional
    BEFORE INSERT ON public.professionals FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_professional();
CREATE TRIGGER aa_relink_professional
    BEFORE UPDATE ON public.professionals FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL
            OR (NEW.user_id, NEW.profession) IS DISTINCT FROM (OLD.user_id, OLD.profession))
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_professional();
CREATE TRIGGER carry_professional_insert
    AFTER INSERT ON public.professionals FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_professional();
CREATE TRIGGER carry_professional_update
    AFTER UPDATE ON public.professionals FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.display_name, NEW.city)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.display_name, OLD.city)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_professional();
CREATE TRIGGER remove_idle_root
    AFTER DELETE ON public.professionals FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_idle_root();

CREATE TRIGGER aa_take_over_root
    BEFORE INSERT ON public.user_role_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.take_over_root();
CREATE TRIGGER follow_root
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN ((NEW.user_id, NEW.role_key, NEW.display_name, NEW.location)
        IS DISTINCT FROM (OLD.user_id, OLD.role_key, OLD.display_name, OLD.location)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.follow_root();

-- unit: changes
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3090_retire_professionals: changed roots', 'public.professionals', nxtgauge_migration.changed_root_statement());

-- unit: rest of portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3090_retire_professionals', 'public.portfolio_items');
SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: changed portfolio_items');
SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: professionals of portfolio_items');

-- unit: rest of services
-- locks: public.services ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3090_retire_professionals', 'public.services');
SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: changed services');
SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: professionals of services');

-- unit: rest of lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3090_retire_professionals', 'public.lead_requests');
SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: changed lead_requests');
SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: professionals of lead_requests');

-- unit: jobs

SELECT nxtgauge_migration.reset_batches('3090_retire_professionals: changed roots');

-- unit: capture lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3090_retire_professionals', 'public.lead_requests');

-- unit: capture services
-- locks: public.services ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3090_retire_professionals', 'public.services');

-- unit: capture portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3090_retire_professionals', 'public.portfolio_items');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('3090_retire_professionals', 'public.lead_requests');
SELECT nxtgauge_migration.cancel_parking_columns('3090_retire_professionals', 'public.services');
SELECT nxtgauge_migration.cancel_parking_columns('3090_retire_professionals', 'public.portfolio_items');
