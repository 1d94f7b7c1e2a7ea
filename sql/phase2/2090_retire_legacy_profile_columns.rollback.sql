-- Bring user and common fields back to the profile tables, with what the roots say now.
--
-- locks: each of the 13 tables ACCESS EXCLUSIVE twice, once with user_role_profiles, for milliseconds

-- In the moment in which the columns stand again, still empty, the triggers are there too, so clients may write throughout:
-- a profile that comes is complete at once. For the others the parked values return (for how a status was spelled), over
-- them what has changed since, and from then on the triggers keep them equal to the root.
--
-- A trigger on user_role_profiles needs SHARE ROW EXCLUSIVE only. Locks of one mode are taken in one statement, which may
-- queue for them; a second mode would have to be free at once, which under busy clients it seldom is.

-- A table whose columns had not left yet, because the step was interrupted, only stops being captured.

-- unit: limits

SELECT nxtgauge_migration.refuse_purged('2090_retire_legacy_profile_columns');

SELECT nxtgauge_migration.settle_legacy_limits('photographer', 'public.photographer_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('tutor', 'public.tutor_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('makeup_artist', 'public.makeup_artist_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('developer', 'public.developer_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('video_editor', 'public.video_editor_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('graphic_designer', 'public.graphic_designer_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('social_media_manager', 'public.social_media_manager_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('fitness_trainer', 'public.fitness_trainer_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('catering_service', 'public.catering_service_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('ugc_content_creator', 'public.ugc_content_creator_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('company', 'public.company_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('customer', 'public.customer_profiles');
SELECT nxtgauge_migration.settle_legacy_limits('job_seeker', 'public.job_seeker_profiles');

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

CREATE TRIGGER aa_lock_profiles
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_profiles();

COMMENT ON TRIGGER aa_lock_profiles ON public.users IS
    'nxtgauge-migrate, until contract: locks a leaving user''s profiles before their roots.';

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.job_seeker_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.job_seeker_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.job_seeker_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.job_seeker_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.job_seeker_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.job_seeker_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.job_seeker_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_job_seeker_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'job_seeker'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_job_seeker_profiles();

SELECT nxtgauge_migration.describe_sync('job_seeker_profiles');

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.customer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.customer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.customer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.customer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.customer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.customer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.customer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_customer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'customer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_customer_profiles();

SELECT nxtgauge_migration.describe_sync('customer_profiles');

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.company_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.company_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.company_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.company_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.company_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.company_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.company_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.company_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_company_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'company'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_company_profiles();

SELECT nxtgauge_migration.describe_sync('company_profiles');

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.ugc_content_creator_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.ugc_content_creator_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.ugc_content_creator_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_ugc_content_creator_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'ugc_content_creator'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_ugc_content_creator_profiles();

SELECT nxtgauge_migration.describe_sync('ugc_content_creator_profiles');

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.catering_service_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.catering_service_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.catering_service_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.catering_service_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.catering_service_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.catering_service_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.catering_service_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_catering_service_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'catering_service'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_catering_service_profiles();

SELECT nxtgauge_migration.describe_sync('catering_service_profiles');

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.fitness_trainer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.fitness_trainer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.fitness_trainer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_fitness_trainer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'fitness_trainer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_fitness_trainer_profiles();

SELECT nxtgauge_migration.describe_sync('fitness_trainer_profiles');

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.social_media_manager_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.social_media_manager_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.social_media_manager_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.social_media_manager_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.social_media_manager_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.social_media_manager_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.social_media_manager_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_social_media_manager_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'social_media_manager'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_social_media_manager_profiles();

SELECT nxtgauge_migration.describe_sync('social_media_manager_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.graphic_designer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.graphic_designer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.graphic_designer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.graphic_designer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.graphic_designer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.graphic_designer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.graphic_designer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_graphic_designer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'graphic_designer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_graphic_designer_profiles();

SELECT nxtgauge_migration.describe_sync('graphic_designer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.video_editor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.video_editor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.video_editor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.video_editor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.video_editor_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.video_editor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.video_editor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_video_editor_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'video_editor'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_video_editor_profiles();

SELECT nxtgauge_migration.describe_sync('video_editor_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.developer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.developer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.developer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.developer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.developer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.developer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.developer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_developer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'developer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_developer_profiles();

SELECT nxtgauge_migration.describe_sync('developer_profiles');

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.makeup_artist_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.makeup_artist_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.makeup_artist_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.makeup_artist_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.makeup_artist_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.makeup_artist_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.makeup_artist_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_makeup_artist_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'makeup_artist'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_makeup_artist_profiles();

SELECT nxtgauge_migration.describe_sync('makeup_artist_profiles');

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.tutor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.tutor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.tutor_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.tutor_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.tutor_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.tutor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.tutor_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_tutor_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'tutor'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_tutor_profiles();

SELECT nxtgauge_migration.describe_sync('tutor_profiles');

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles');

CREATE TRIGGER aa_link_profile
    BEFORE INSERT ON public.photographer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER aa_relink_profile
    BEFORE UPDATE ON public.photographer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id IS NULL OR NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_profile();
CREATE TRIGGER carry_profile_insert
    AFTER INSERT ON public.photographer_profiles FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER carry_profile_update
    AFTER UPDATE ON public.photographer_profiles FOR EACH ROW
    WHEN ((NEW.user_role_profile_id, NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status,
            NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_role_profile_id, OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status,
            OLD.rejection_reason, OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_profile();
CREATE TRIGGER remove_root
    AFTER DELETE ON public.photographer_profiles FOR EACH ROW
    WHEN (OLD.user_role_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_root();
CREATE TRIGGER note_truncated_roots
    BEFORE TRUNCATE ON public.photographer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.note_truncated_roots();
CREATE TRIGGER remove_truncated_roots
    AFTER TRUNCATE ON public.photographer_profiles FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_truncated_roots();

CREATE TRIGGER carry_root_to_photographer_profiles
    AFTER UPDATE ON public.user_role_profiles FOR EACH ROW
    WHEN (NEW.role_key = 'photographer'
        AND (NEW.user_id, NEW.display_name, NEW.bio, NEW.location, NEW.status, NEW.rejection_reason, NEW.approved_at)
        IS DISTINCT FROM (OLD.user_id, OLD.display_name, OLD.bio, OLD.location, OLD.status, OLD.rejection_reason,
            OLD.approved_at)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_root_to_photographer_profiles();

SELECT nxtgauge_migration.describe_sync('photographer_profiles');

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.photographer_profiles',
    nxtgauge_migration.legacy_rules('public.photographer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: photographer_profiles', 'public.photographer_profiles',
    nxtgauge_migration.catch_up_statement('public.photographer_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.photographer_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.tutor_profiles',
    nxtgauge_migration.legacy_rules('public.tutor_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: tutor_profiles', 'public.tutor_profiles',
    nxtgauge_migration.catch_up_statement('public.tutor_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.tutor_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles',
    nxtgauge_migration.legacy_rules('public.makeup_artist_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: makeup_artist_profiles', 'public.makeup_artist_profiles',
    nxtgauge_migration.catch_up_statement('public.makeup_artist_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.developer_profiles',
    nxtgauge_migration.legacy_rules('public.developer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: developer_profiles', 'public.developer_profiles',
    nxtgauge_migration.catch_up_statement('public.developer_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.developer_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.video_editor_profiles',
    nxtgauge_migration.legacy_rules('public.video_editor_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: video_editor_profiles', 'public.video_editor_profiles',
    nxtgauge_migration.catch_up_statement('public.video_editor_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles',
    nxtgauge_migration.legacy_rules('public.graphic_designer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: graphic_designer_profiles', 'public.graphic_designer_profiles',
    nxtgauge_migration.catch_up_statement('public.graphic_designer_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles',
    nxtgauge_migration.legacy_rules('public.social_media_manager_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: social_media_manager_profiles', 'public.social_media_manager_profiles',
    nxtgauge_migration.catch_up_statement('public.social_media_manager_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles',
    nxtgauge_migration.legacy_rules('public.fitness_trainer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: fitness_trainer_profiles', 'public.fitness_trainer_profiles',
    nxtgauge_migration.catch_up_statement('public.fitness_trainer_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.catering_service_profiles',
    nxtgauge_migration.legacy_rules('public.catering_service_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: catering_service_profiles', 'public.catering_service_profiles',
    nxtgauge_migration.catch_up_statement('public.catering_service_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles',
    nxtgauge_migration.legacy_rules('public.ugc_content_creator_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: ugc_content_creator_profiles', 'public.ugc_content_creator_profiles',
    nxtgauge_migration.catch_up_statement('public.ugc_content_creator_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.company_profiles',
    nxtgauge_migration.legacy_rules('public.company_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: company_profiles', 'public.company_profiles',
    nxtgauge_migration.catch_up_statement('public.company_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.company_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.customer_profiles',
    nxtgauge_migration.legacy_rules('public.customer_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: customer_profiles', 'public.customer_profiles',
    nxtgauge_migration.catch_up_statement('public.customer_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.customer_profiles');
CALL nxtgauge_migration.refill_columns(
    '2090_retire_legacy_profile_columns', 'public.job_seeker_profiles',
    nxtgauge_migration.legacy_rules('public.job_seeker_profiles'));
CALL nxtgauge_migration.run_batches(
    '2090_retire_legacy_profile_columns: job_seeker_profiles', 'public.job_seeker_profiles',
    nxtgauge_migration.catch_up_statement('public.job_seeker_profiles'));
CALL nxtgauge_migration.restore_column_definitions('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');

-- unit: rest of photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: photographer_profiles');

-- unit: rest of tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: tutor_profiles');

-- unit: rest of makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: makeup_artist_profiles');

-- unit: rest of developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: developer_profiles');

-- unit: rest of video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: video_editor_profiles');

-- unit: rest of graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: graphic_designer_profiles');

-- unit: rest of social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: social_media_manager_profiles');

-- unit: rest of fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: fitness_trainer_profiles');

-- unit: rest of catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: catering_service_profiles');

-- unit: rest of ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: ugc_content_creator_profiles');

-- unit: rest of company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.company_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: company_profiles');

-- unit: rest of customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: customer_profiles');

-- unit: rest of job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');
SELECT nxtgauge_migration.reset_batches('2090_retire_legacy_profile_columns: job_seeker_profiles');

-- unit: capture job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');

-- unit: capture customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles');

-- unit: capture company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.company_profiles');

-- unit: capture ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');

-- unit: capture catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');

-- unit: capture fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');

-- unit: capture social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');

-- unit: capture graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');

-- unit: capture video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');

-- unit: capture developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles');

-- unit: capture makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');

-- unit: capture tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles');

-- unit: capture photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.company_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles');
