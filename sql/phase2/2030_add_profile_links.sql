-- Give every profile table the columns by which it hangs on its root: user_role_profile_id, and its role as a constant.
--
-- kind: expand
-- depends: 2020_create_user_role_profiles
-- locks: each of the 13 profile tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds
-- units: any order

-- A constant default rewrites nothing, and the check is validated later, by 2060, under a lock that lets clients write.

-- unit: photographer_profiles
-- locks: public.photographer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.photographer_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'photographer',
    ADD CONSTRAINT photographer_profiles_role_key_check CHECK (role_key = 'photographer') NOT VALID;

COMMENT ON COLUMN public.photographer_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.photographer_profiles.role_key IS
    'nxtgauge-migrate: always photographer; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT photographer_profiles_role_key_check ON public.photographer_profiles IS
    'nxtgauge-migrate: the role of this table is photographer, in every row.';

-- unit: tutor_profiles
-- locks: public.tutor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.tutor_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'tutor',
    ADD CONSTRAINT tutor_profiles_role_key_check CHECK (role_key = 'tutor') NOT VALID;

COMMENT ON COLUMN public.tutor_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.tutor_profiles.role_key IS
    'nxtgauge-migrate: always tutor; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT tutor_profiles_role_key_check ON public.tutor_profiles IS
    'nxtgauge-migrate: the role of this table is tutor, in every row.';

-- unit: makeup_artist_profiles
-- locks: public.makeup_artist_profiles ACCESS EXCLUSIVE

ALTER TABLE public.makeup_artist_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'makeup_artist',
    ADD CONSTRAINT makeup_artist_profiles_role_key_check CHECK (role_key = 'makeup_artist') NOT VALID;

COMMENT ON COLUMN public.makeup_artist_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.makeup_artist_profiles.role_key IS
    'nxtgauge-migrate: always makeup_artist; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT makeup_artist_profiles_role_key_check ON public.makeup_artist_profiles IS
    'nxtgauge-migrate: the role of this table is makeup_artist, in every row.';

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.developer_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'developer',
    ADD CONSTRAINT developer_profiles_role_key_check CHECK (role_key = 'developer') NOT VALID;

COMMENT ON COLUMN public.developer_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.developer_profiles.role_key IS
    'nxtgauge-migrate: always developer; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT developer_profiles_role_key_check ON public.developer_profiles IS
    'nxtgauge-migrate: the role of this table is developer, in every row.';

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

ALTER TABLE public.video_editor_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'video_editor',
    ADD CONSTRAINT video_editor_profiles_role_key_check CHECK (role_key = 'video_editor') NOT VALID;

COMMENT ON COLUMN public.video_editor_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.video_editor_profiles.role_key IS
    'nxtgauge-migrate: always video_editor; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT video_editor_profiles_role_key_check ON public.video_editor_profiles IS
    'nxtgauge-migrate: the role of this table is video_editor, in every row.';

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.graphic_designer_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'graphic_designer',
    ADD CONSTRAINT graphic_designer_profiles_role_key_check CHECK (role_key = 'graphic_designer') NOT VALID;

COMMENT ON COLUMN public.graphic_designer_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.graphic_designer_profiles.role_key IS
    'nxtgauge-migrate: always graphic_designer; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT graphic_designer_profiles_role_key_check ON public.graphic_designer_profiles IS
    'nxtgauge-migrate: the role of this table is graphic_designer, in every row.';

-- unit: social_media_manager_profiles
-- locks: public.social_media_manager_profiles ACCESS EXCLUSIVE

ALTER TABLE public.social_media_manager_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'social_media_manager',
    ADD CONSTRAINT social_media_manager_profiles_role_key_check CHECK (role_key = 'social_media_manager') NOT VALID;

COMMENT ON COLUMN public.social_media_manager_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.social_media_manager_profiles.role_key IS
    'nxtgauge-migrate: always social_media_manager; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT social_media_manager_profiles_role_key_check ON public.social_media_manager_profiles IS
    'nxtgauge-migrate: the role of this table is social_media_manager, in every row.';

-- unit: fitness_trainer_profiles
-- locks: public.fitness_trainer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.fitness_trainer_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'fitness_trainer',
    ADD CONSTRAINT fitness_trainer_profiles_role_key_check CHECK (role_key = 'fitness_trainer') NOT VALID;

COMMENT ON COLUMN public.fitness_trainer_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.fitness_trainer_profiles.role_key IS
    'nxtgauge-migrate: always fitness_trainer; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT fitness_trainer_profiles_role_key_check ON public.fitness_trainer_profiles IS
    'nxtgauge-migrate: the role of this table is fitness_trainer, in every row.';

-- unit: catering_service_profiles
-- locks: public.catering_service_profiles ACCESS EXCLUSIVE

ALTER TABLE public.catering_service_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'catering_service',
    ADD CONSTRAINT catering_service_profiles_role_key_check CHECK (role_key = 'catering_service') NOT VALID;

COMMENT ON COLUMN public.catering_service_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.catering_service_profiles.role_key IS
    'nxtgauge-migrate: always catering_service; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT catering_service_profiles_role_key_check ON public.catering_service_profiles IS
    'nxtgauge-migrate: the role of this table is catering_service, in every row.';

-- unit: ugc_content_creator_profiles
-- locks: public.ugc_content_creator_profiles ACCESS EXCLUSIVE

ALTER TABLE public.ugc_content_creator_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'ugc_content_creator',
    ADD CONSTRAINT ugc_content_creator_profiles_role_key_check CHECK (role_key = 'ugc_content_creator') NOT VALID;

COMMENT ON COLUMN public.ugc_content_creator_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.ugc_content_creator_profiles.role_key IS
    'nxtgauge-migrate: always ugc_content_creator; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT ugc_content_creator_profiles_role_key_check ON public.ugc_content_creator_profiles IS
    'nxtgauge-migrate: the role of this table is ugc_content_creator, in every row.';

-- unit: company_profiles
-- locks: public.company_profiles ACCESS EXCLUSIVE

ALTER TABLE public.company_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'company',
    ADD CONSTRAINT company_profiles_role_key_check CHECK (role_key = 'company') NOT VALID;

COMMENT ON COLUMN public.company_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.company_profiles.role_key IS
    'nxtgauge-migrate: always company; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT company_profiles_role_key_check ON public.company_profiles IS
    'nxtgauge-migrate: the role of this table is company, in every row.';

-- unit: customer_profiles
-- locks: public.customer_profiles ACCESS EXCLUSIVE

ALTER TABLE public.customer_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'customer',
    ADD CONSTRAINT customer_profiles_role_key_check CHECK (role_key = 'customer') NOT VALID;

COMMENT ON COLUMN public.customer_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.customer_profiles.role_key IS
    'nxtgauge-migrate: always customer; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT customer_profiles_role_key_check ON public.customer_profiles IS
    'nxtgauge-migrate: the role of this table is customer, in every row.';

-- unit: job_seeker_profiles
-- locks: public.job_seeker_profiles ACCESS EXCLUSIVE

ALTER TABLE public.job_seeker_profiles
    ADD COLUMN user_role_profile_id uuid,
    ADD COLUMN role_key text NOT NULL DEFAULT 'job_seeker',
    ADD CONSTRAINT job_seeker_profiles_role_key_check CHECK (role_key = 'job_seeker') NOT VALID;

COMMENT ON COLUMN public.job_seeker_profiles.user_role_profile_id IS
    'nxtgauge-migrate: the root of this profile, in user_role_profiles.';
COMMENT ON COLUMN public.job_seeker_profiles.role_key IS
    'nxtgauge-migrate: always job_seeker; part of the foreign key, so that the root has this role too.';
COMMENT ON CONSTRAINT job_seeker_profiles_role_key_check ON public.job_seeker_profiles IS
    'nxtgauge-migrate: the role of this table is job_seeker, in every row.';
