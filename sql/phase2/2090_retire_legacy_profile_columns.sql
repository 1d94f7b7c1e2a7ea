-- Take the user and the six common fields away from the 13 profile tables; they stand in the root alone.
--
-- kind: contract
-- depends: 2080_retire_forbidden_links
-- locks: each of the 13 tables SHARE ROW EXCLUSIVE, then with user_role_profiles and users ACCESS EXCLUSIVE, for milliseconds

-- The old backend stops working here. Until a table's columns go, its triggers keep them equal to the root, and what they
-- write is captured; triggers and columns go in the same moment. Afterwards what is parked is what the old backend could
-- read last: a rollback takes the fields from the root, and from here only how a status was spelled.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.company_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);
SELECT nxtgauge_migration.prepare_parking_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture photographer_profiles
-- locks: public.photographer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture tutor_profiles
-- locks: public.tutor_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture makeup_artist_profiles
-- locks: public.makeup_artist_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture developer_profiles
-- locks: public.developer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture video_editor_profiles
-- locks: public.video_editor_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture graphic_designer_profiles
-- locks: public.graphic_designer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture social_media_manager_profiles
-- locks: public.social_media_manager_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture catering_service_profiles
-- locks: public.catering_service_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture company_profiles
-- locks: public.company_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.company_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture customer_profiles
-- locks: public.customer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: capture job_seeker_profiles
-- locks: public.job_seeker_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles', ARRAY[
    'user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.company_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles');
CALL nxtgauge_migration.copy_parked_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_photographer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.photographer_profiles;
DROP TRIGGER note_truncated_roots ON public.photographer_profiles;
DROP TRIGGER remove_root ON public.photographer_profiles;
DROP TRIGGER carry_profile_update ON public.photographer_profiles;
DROP TRIGGER carry_profile_insert ON public.photographer_profiles;
DROP TRIGGER aa_relink_profile ON public.photographer_profiles;
DROP TRIGGER aa_link_profile ON public.photographer_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.photographer_profiles');

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_tutor_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.tutor_profiles;
DROP TRIGGER note_truncated_roots ON public.tutor_profiles;
DROP TRIGGER remove_root ON public.tutor_profiles;
DROP TRIGGER carry_profile_update ON public.tutor_profiles;
DROP TRIGGER carry_profile_insert ON public.tutor_profiles;
DROP TRIGGER aa_relink_profile ON public.tutor_profiles;
DROP TRIGGER aa_link_profile ON public.tutor_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.tutor_profiles');

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_makeup_artist_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.makeup_artist_profiles;
DROP TRIGGER note_truncated_roots ON public.makeup_artist_profiles;
DROP TRIGGER remove_root ON public.makeup_artist_profiles;
DROP TRIGGER carry_profile_update ON public.makeup_artist_profiles;
DROP TRIGGER carry_profile_insert ON public.makeup_artist_profiles;
DROP TRIGGER aa_relink_profile ON public.makeup_artist_profiles;
DROP TRIGGER aa_link_profile ON public.makeup_artist_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.makeup_artist_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_developer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.developer_profiles;
DROP TRIGGER note_truncated_roots ON public.developer_profiles;
DROP TRIGGER remove_root ON public.developer_profiles;
DROP TRIGGER carry_profile_update ON public.developer_profiles;
DROP TRIGGER carry_profile_insert ON public.developer_profiles;
DROP TRIGGER aa_relink_profile ON public.developer_profiles;
DROP TRIGGER aa_link_profile ON public.developer_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.developer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_video_editor_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.video_editor_profiles;
DROP TRIGGER note_truncated_roots ON public.video_editor_profiles;
DROP TRIGGER remove_root ON public.video_editor_profiles;
DROP TRIGGER carry_profile_update ON public.video_editor_profiles;
DROP TRIGGER carry_profile_insert ON public.video_editor_profiles;
DROP TRIGGER aa_relink_profile ON public.video_editor_profiles;
DROP TRIGGER aa_link_profile ON public.video_editor_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.video_editor_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_graphic_designer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.graphic_designer_profiles;
DROP TRIGGER note_truncated_roots ON public.graphic_designer_profiles;
DROP TRIGGER remove_root ON public.graphic_designer_profiles;
DROP TRIGGER carry_profile_update ON public.graphic_designer_profiles;
DROP TRIGGER carry_profile_insert ON public.graphic_designer_profiles;
DROP TRIGGER aa_relink_profile ON public.graphic_designer_profiles;
DROP TRIGGER aa_link_profile ON public.graphic_designer_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.graphic_designer_profiles');

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_social_media_manager_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.social_media_manager_profiles;
DROP TRIGGER note_truncated_roots ON public.social_media_manager_profiles;
DROP TRIGGER remove_root ON public.social_media_manager_profiles;
DROP TRIGGER carry_profile_update ON public.social_media_manager_profiles;
DROP TRIGGER carry_profile_insert ON public.social_media_manager_profiles;
DROP TRIGGER aa_relink_profile ON public.social_media_manager_profiles;
DROP TRIGGER aa_link_profile ON public.social_media_manager_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.social_media_manager_profiles');

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_fitness_trainer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.fitness_trainer_profiles;
DROP TRIGGER note_truncated_roots ON public.fitness_trainer_profiles;
DROP TRIGGER remove_root ON public.fitness_trainer_profiles;
DROP TRIGGER carry_profile_update ON public.fitness_trainer_profiles;
DROP TRIGGER carry_profile_insert ON public.fitness_trainer_profiles;
DROP TRIGGER aa_relink_profile ON public.fitness_trainer_profiles;
DROP TRIGGER aa_link_profile ON public.fitness_trainer_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.fitness_trainer_profiles');

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_catering_service_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.catering_service_profiles;
DROP TRIGGER note_truncated_roots ON public.catering_service_profiles;
DROP TRIGGER remove_root ON public.catering_service_profiles;
DROP TRIGGER carry_profile_update ON public.catering_service_profiles;
DROP TRIGGER carry_profile_insert ON public.catering_service_profiles;
DROP TRIGGER aa_relink_profile ON public.catering_service_profiles;
DROP TRIGGER aa_link_profile ON public.catering_service_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.catering_service_profiles');

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_ugc_content_creator_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.ugc_content_creator_profiles;
DROP TRIGGER note_truncated_roots ON public.ugc_content_creator_profiles;
DROP TRIGGER remove_root ON public.ugc_content_creator_profiles;
DROP TRIGGER carry_profile_update ON public.ugc_content_creator_profiles;
DROP TRIGGER carry_profile_insert ON public.ugc_content_creator_profiles;
DROP TRIGGER aa_relink_profile ON public.ugc_content_creator_profiles;
DROP TRIGGER aa_link_profile ON public.ugc_content_creator_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.ugc_content_creator_profiles');

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_company_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.company_profiles;
DROP TRIGGER note_truncated_roots ON public.company_profiles;
DROP TRIGGER remove_root ON public.company_profiles;
DROP TRIGGER carry_profile_update ON public.company_profiles;
DROP TRIGGER carry_profile_insert ON public.company_profiles;
DROP TRIGGER aa_relink_profile ON public.company_profiles;
DROP TRIGGER aa_link_profile ON public.company_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.company_profiles');

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_customer_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.customer_profiles;
DROP TRIGGER note_truncated_roots ON public.customer_profiles;
DROP TRIGGER remove_root ON public.customer_profiles;
DROP TRIGGER carry_profile_update ON public.customer_profiles;
DROP TRIGGER carry_profile_insert ON public.customer_profiles;
DROP TRIGGER aa_relink_profile ON public.customer_profiles;
DROP TRIGGER aa_link_profile ON public.customer_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.customer_profiles');

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER carry_root_to_job_seeker_profiles ON public.user_role_profiles;
DROP TRIGGER remove_truncated_roots ON public.job_seeker_profiles;
DROP TRIGGER note_truncated_roots ON public.job_seeker_profiles;
DROP TRIGGER remove_root ON public.job_seeker_profiles;
DROP TRIGGER carry_profile_update ON public.job_seeker_profiles;
DROP TRIGGER carry_profile_insert ON public.job_seeker_profiles;
DROP TRIGGER aa_relink_profile ON public.job_seeker_profiles;
DROP TRIGGER aa_link_profile ON public.job_seeker_profiles;

SELECT nxtgauge_migration.finish_parking_columns('2090_retire_legacy_profile_columns', 'public.job_seeker_profiles');

-- unit: users
-- locks: public.users ACCESS EXCLUSIVE

DROP TRIGGER aa_lock_profiles ON public.users;
