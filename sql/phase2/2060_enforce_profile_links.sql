-- Make it a rule that every profile hangs on a root: foreign keys validated, links NOT NULL.
--
-- kind: expand
-- depends: 2050_backfill_user_role_profiles
-- locks: each of the 13 profile tables ACCESS EXCLUSIVE twice, for milliseconds; the tables are read without keeping clients out

-- Squawk takes the file for one transaction; it is one per unit, and the checks it drops are this step's own.
-- squawk-ignore-file ban-drop-constraint, constraint-missing-not-valid

-- First no more profile without a root can be written. Then those that came while the triggers were not there yet are
-- linked, or set aside under the same consent as in 2010. Then the rule is proven, and made a NOT NULL without reading.

-- unit: require a root in photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.photographer_profiles
    ADD CONSTRAINT photographer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.tutor_profiles
    ADD CONSTRAINT tutor_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles
    ADD CONSTRAINT makeup_artist_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.developer_profiles
    ADD CONSTRAINT developer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.video_editor_profiles
    ADD CONSTRAINT video_editor_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles
    ADD CONSTRAINT graphic_designer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles
    ADD CONSTRAINT social_media_manager_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles
    ADD CONSTRAINT fitness_trainer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

ALTER TABLE public.catering_service_profiles
    ADD CONSTRAINT catering_service_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles
    ADD CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

ALTER TABLE public.company_profiles
    ADD CONSTRAINT company_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.customer_profiles
    ADD CONSTRAINT customer_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: require a root in job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

ALTER TABLE public.job_seeker_profiles
    ADD CONSTRAINT job_seeker_profiles_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;

-- unit: stragglers
-- transactional: false

CALL nxtgauge_migration.link_stragglers('photographer', 'public.photographer_profiles');
CALL nxtgauge_migration.link_stragglers('tutor', 'public.tutor_profiles');
CALL nxtgauge_migration.link_stragglers('makeup_artist', 'public.makeup_artist_profiles');
CALL nxtgauge_migration.link_stragglers('developer', 'public.developer_profiles');
CALL nxtgauge_migration.link_stragglers('video_editor', 'public.video_editor_profiles');
CALL nxtgauge_migration.link_stragglers('graphic_designer', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.link_stragglers('social_media_manager', 'public.social_media_manager_profiles');
CALL nxtgauge_migration.link_stragglers('fitness_trainer', 'public.fitness_trainer_profiles');
CALL nxtgauge_migration.link_stragglers('catering_service', 'public.catering_service_profiles');
CALL nxtgauge_migration.link_stragglers('ugc_content_creator', 'public.ugc_content_creator_profiles');
CALL nxtgauge_migration.link_stragglers('company', 'public.company_profiles');
CALL nxtgauge_migration.link_stragglers('customer', 'public.customer_profiles');
CALL nxtgauge_migration.link_stragglers('job_seeker', 'public.job_seeker_profiles');

-- unit: times of roots
-- transactional: false

CALL nxtgauge_migration.restore_root_times();

-- unit: validation
-- transactional: false

ALTER TABLE public.photographer_profiles VALIDATE CONSTRAINT photographer_profiles_user_role_profile_id_check;
ALTER TABLE public.photographer_profiles VALIDATE CONSTRAINT photographer_profiles_user_role_profile_id_fkey;
ALTER TABLE public.photographer_profiles VALIDATE CONSTRAINT photographer_profiles_role_key_check;
ALTER TABLE public.tutor_profiles VALIDATE CONSTRAINT tutor_profiles_user_role_profile_id_check;
ALTER TABLE public.tutor_profiles VALIDATE CONSTRAINT tutor_profiles_user_role_profile_id_fkey;
ALTER TABLE public.tutor_profiles VALIDATE CONSTRAINT tutor_profiles_role_key_check;
ALTER TABLE public.makeup_artist_profiles VALIDATE CONSTRAINT makeup_artist_profiles_user_role_profile_id_check;
ALTER TABLE public.makeup_artist_profiles VALIDATE CONSTRAINT makeup_artist_profiles_user_role_profile_id_fkey;
ALTER TABLE public.makeup_artist_profiles VALIDATE CONSTRAINT makeup_artist_profiles_role_key_check;
ALTER TABLE public.developer_profiles VALIDATE CONSTRAINT developer_profiles_user_role_profile_id_check;
ALTER TABLE public.developer_profiles VALIDATE CONSTRAINT developer_profiles_user_role_profile_id_fkey;
ALTER TABLE public.developer_profiles VALIDATE CONSTRAINT developer_profiles_role_key_check;
ALTER TABLE public.video_editor_profiles VALIDATE CONSTRAINT video_editor_profiles_user_role_profile_id_check;
ALTER TABLE public.video_editor_profiles VALIDATE CONSTRAINT video_editor_profiles_user_role_profile_id_fkey;
ALTER TABLE public.video_editor_profiles VALIDATE CONSTRAINT video_editor_profiles_role_key_check;
ALTER TABLE public.graphic_designer_profiles VALIDATE CONSTRAINT graphic_designer_profiles_user_role_profile_id_check;
ALTER TABLE public.graphic_designer_profiles VALIDATE CONSTRAINT graphic_designer_profiles_user_role_profile_id_fkey;
ALTER TABLE public.graphic_designer_profiles VALIDATE CONSTRAINT graphic_designer_profiles_role_key_check;
ALTER TABLE public.social_media_manager_profiles VALIDATE CONSTRAINT social_media_manager_profiles_user_role_profile_id_check;
ALTER TABLE public.social_media_manager_profiles VALIDATE CONSTRAINT social_media_manager_profiles_user_role_profile_id_fkey;
ALTER TABLE public.social_media_manager_profiles VALIDATE CONSTRAINT social_media_manager_profiles_role_key_check;
ALTER TABLE public.fitness_trainer_profiles VALIDATE CONSTRAINT fitness_trainer_profiles_user_role_profile_id_check;
ALTER TABLE public.fitness_trainer_profiles VALIDATE CONSTRAINT fitness_trainer_profiles_user_role_profile_id_fkey;
ALTER TABLE public.fitness_trainer_profiles VALIDATE CONSTRAINT fitness_trainer_profiles_role_key_check;
ALTER TABLE public.catering_service_profiles VALIDATE CONSTRAINT catering_service_profiles_user_role_profile_id_check;
ALTER TABLE public.catering_service_profiles VALIDATE CONSTRAINT catering_service_profiles_user_role_profile_id_fkey;
ALTER TABLE public.catering_service_profiles VALIDATE CONSTRAINT catering_service_profiles_role_key_check;
ALTER TABLE public.ugc_content_creator_profiles VALIDATE CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_check;
ALTER TABLE public.ugc_content_creator_profiles VALIDATE CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_fkey;
ALTER TABLE public.ugc_content_creator_profiles VALIDATE CONSTRAINT ugc_content_creator_profiles_role_key_check;
ALTER TABLE public.company_profiles VALIDATE CONSTRAINT company_profiles_user_role_profile_id_check;
ALTER TABLE public.company_profiles VALIDATE CONSTRAINT company_profiles_user_role_profile_id_fkey;
ALTER TABLE public.company_profiles VALIDATE CONSTRAINT company_profiles_role_key_check;
ALTER TABLE public.customer_profiles VALIDATE CONSTRAINT customer_profiles_user_role_profile_id_check;
ALTER TABLE public.customer_profiles VALIDATE CONSTRAINT customer_profiles_user_role_profile_id_fkey;
ALTER TABLE public.customer_profiles VALIDATE CONSTRAINT customer_profiles_role_key_check;
ALTER TABLE public.job_seeker_profiles VALIDATE CONSTRAINT job_seeker_profiles_user_role_profile_id_check;
ALTER TABLE public.job_seeker_profiles VALIDATE CONSTRAINT job_seeker_profiles_user_role_profile_id_fkey;
ALTER TABLE public.job_seeker_profiles VALIDATE CONSTRAINT job_seeker_profiles_role_key_check;

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.photographer_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.photographer_profiles DROP CONSTRAINT photographer_profiles_user_role_profile_id_check;

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.tutor_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_user_role_profile_id_check;

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.makeup_artist_profiles DROP CONSTRAINT makeup_artist_profiles_user_role_profile_id_check;

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.developer_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.developer_profiles DROP CONSTRAINT developer_profiles_user_role_profile_id_check;

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.video_editor_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.video_editor_profiles DROP CONSTRAINT video_editor_profiles_user_role_profile_id_check;

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.graphic_designer_profiles DROP CONSTRAINT graphic_designer_profiles_user_role_profile_id_check;

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.social_media_manager_profiles DROP CONSTRAINT social_media_manager_profiles_user_role_profile_id_check;

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.fitness_trainer_profiles DROP CONSTRAINT fitness_trainer_profiles_user_role_profile_id_check;

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

ALTER TABLE public.catering_service_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.catering_service_profiles DROP CONSTRAINT catering_service_profiles_user_role_profile_id_check;

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.ugc_content_creator_profiles DROP CONSTRAINT ugc_content_creator_profiles_user_role_profile_id_check;

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

ALTER TABLE public.company_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.company_profiles DROP CONSTRAINT company_profiles_user_role_profile_id_check;

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.customer_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.customer_profiles DROP CONSTRAINT customer_profiles_user_role_profile_id_check;

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

ALTER TABLE public.job_seeker_profiles ALTER COLUMN user_role_profile_id SET NOT NULL;
ALTER TABLE public.job_seeker_profiles DROP CONSTRAINT job_seeker_profiles_user_role_profile_id_check;
