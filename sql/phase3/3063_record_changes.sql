-- Record every change of users, roles, profiles and finance in the audit log.
--
-- kind: expand
-- depends: 3060_create_audit_logs
-- locks: each of 24 tables SHARE ROW EXCLUSIVE, one after the other, for a few milliseconds

-- The triggers' names let them fire last, so they see what other triggers made of the row; what a trigger writes into a further
-- table is recorded there. The backend says who acts: SET LOCAL nxtgauge.actor_id.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.start_recording(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '50ms'
AS $$
BEGIN
    -- Written for tables that an earlier step of this phase may have made: where there is none, there is nothing to record.
    WHILE to_regclass(source) IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_trigger AS t WHERE t.tgrelid = to_regclass(source) AND t.tgname = 'zz_record_change') LOOP
        BEGIN
            EXECUTE format('CREATE TRIGGER zz_record_change AFTER INSERT OR UPDATE OR DELETE ON %s
                            FOR EACH ROW EXECUTE FUNCTION public.record_change(%L)', source, 'id');
            EXECUTE format('CREATE TRIGGER zz_record_truncate AFTER TRUNCATE ON %s
                            FOR EACH STATEMENT EXECUTE FUNCTION public.record_change(%L)', source, 'id');
            EXECUTE format('COMMENT ON TRIGGER zz_record_change ON %s IS %L', source,
                           'nxtgauge-migrate: writes changes into the audit log.');
            EXECUTE format('COMMENT ON TRIGGER zz_record_truncate ON %s IS %L', source,
                           'nxtgauge-migrate: writes into the audit log that all rows went.');
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.1 + random() / 5);
        END;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.start_recording(text) IS
    'Makes the triggers that record a table''s changes, if the table is there, waiting 50 ms at most for each lock.';

CREATE FUNCTION nxtgauge_migration.stop_recording(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '50ms'
AS $$
BEGIN
    WHILE EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = to_regclass(source) AND t.tgname = 'zz_record_change') LOOP
        BEGIN
            EXECUTE format('DROP TRIGGER zz_record_truncate ON %s', source);
            EXECUTE format('DROP TRIGGER zz_record_change ON %s', source);
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.1 + random() / 5);
        END;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.stop_recording(text) IS 'Takes the triggers of start_recording away, if they are there.';

SELECT nxtgauge_migration.close_acting_routines();

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.users
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.users
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.users IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.users IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: roles
-- locks: public.roles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.roles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.roles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.roles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.roles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: role_permissions
-- locks: public.role_permissions SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.role_permissions
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.role_permissions
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.role_permissions IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.role_permissions IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: user_roles
-- locks: public.user_roles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.user_roles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('user_id', 'role_id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.user_roles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('user_id', 'role_id');

COMMENT ON TRIGGER zz_record_change ON public.user_roles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.user_roles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: user_role_profiles
-- locks: public.user_role_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.user_role_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.user_role_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.user_role_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.user_role_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: photographer_profiles
-- locks: public.photographer_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.photographer_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.photographer_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.photographer_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.photographer_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: tutor_profiles
-- locks: public.tutor_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.tutor_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.tutor_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.tutor_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.tutor_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.makeup_artist_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.makeup_artist_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.makeup_artist_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.makeup_artist_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: developer_profiles
-- locks: public.developer_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.developer_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.developer_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.developer_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.developer_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.video_editor_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.video_editor_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.video_editor_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.video_editor_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.graphic_designer_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.graphic_designer_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.graphic_designer_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.graphic_designer_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.social_media_manager_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.social_media_manager_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.social_media_manager_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.social_media_manager_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.fitness_trainer_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.fitness_trainer_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.fitness_trainer_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.fitness_trainer_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.catering_service_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.catering_service_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.catering_service_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.catering_service_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.ugc_content_creator_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.ugc_content_creator_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.ugc_content_creator_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.ugc_content_creator_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: company_profiles
-- locks: public.company_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.company_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.company_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.company_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.company_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: customer_profiles
-- locks: public.customer_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.customer_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.customer_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.customer_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.customer_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.job_seeker_profiles
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.job_seeker_profiles
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.job_seeker_profiles IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.job_seeker_profiles IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: payments
-- locks: public.payments SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.payments
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.payments
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.payments IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.payments IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: invoices
-- locks: public.invoices SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.invoices
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.invoices
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.invoices IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.invoices IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: tracecoin_wallets
-- locks: public.tracecoin_wallets SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.tracecoin_wallets
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.tracecoin_wallets
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.tracecoin_wallets IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.tracecoin_wallets IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: tracecoin_ledger
-- locks: public.tracecoin_ledger SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.tracecoin_ledger
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.tracecoin_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.tracecoin_ledger IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.tracecoin_ledger IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: pricing_packages
-- locks: public.pricing_packages SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.pricing_packages
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.pricing_packages
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.pricing_packages IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.pricing_packages IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: coupons
-- locks: public.coupons SHARE ROW EXCLUSIVE

CREATE TRIGGER zz_record_change
    AFTER INSERT OR UPDATE OR DELETE ON public.coupons
    FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER zz_record_truncate
    AFTER TRUNCATE ON public.coupons
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_change('id');

COMMENT ON TRIGGER zz_record_change ON public.coupons IS 'nxtgauge-migrate: writes changes into the audit log.';
COMMENT ON TRIGGER zz_record_truncate ON public.coupons IS 'nxtgauge-migrate: writes into the audit log that all rows went.';

-- unit: tables of this phase
-- transactional: false

SELECT nxtgauge_migration.start_recording('public.orders');
SELECT nxtgauge_migration.start_recording('public.order_items');
SELECT nxtgauge_migration.start_recording('public.payment_transactions');
SELECT nxtgauge_migration.start_recording('public.payment_gateway_configs');
SELECT nxtgauge_migration.start_recording('public.tax_rules');
