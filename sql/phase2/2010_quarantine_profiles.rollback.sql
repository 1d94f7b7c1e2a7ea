-- Bring the quarantined rows back. What another row's key keeps out stays parked, and is counted in a NOTICE.
--
-- locks: none

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.photographer_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.tutor_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.makeup_artist_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.developer_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.video_editor_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.social_media_manager_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.fitness_trainer_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.catering_service_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.ugc_content_creator_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.company_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.customer_profiles');
CALL nxtgauge_migration.restore_rows('2010_quarantine_profiles', 'public.job_seeker_profiles');

DELETE FROM nxtgauge_migration.profile_count;

-- unit: functions

DROP PROCEDURE nxtgauge_migration.quarantine_profiles(text);
DROP FUNCTION nxtgauge_migration.set_profiles_aside(text);
DROP FUNCTION nxtgauge_migration.unusable_profiles(text);
