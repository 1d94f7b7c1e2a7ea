-- Take the references away; they follow from user and profession. Roots that were made for professionals are parked.
--
-- locks: each of the 4 tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

ALTER TABLE public.lead_requests DROP COLUMN user_role_profile_id;

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE

ALTER TABLE public.services DROP COLUMN user_role_profile_id;

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE

ALTER TABLE public.portfolio_items DROP COLUMN user_role_profile_id;

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE

ALTER TABLE public.professionals DROP COLUMN user_role_profile_id;

-- unit: made roots
-- transactional: false

-- One join with all profiles: to plan thirteen takes longer than to run them.
SELECT nxtgauge_migration.park_rows('3012_add_profile_references', 'public.user_role_profiles', $$
    EXISTS (SELECT FROM nxtgauge_migration.made_root AS m WHERE m.root_id = user_role_profiles.id)
    AND NOT EXISTS (SELECT FROM (
            SELECT p.user_role_profile_id FROM public.photographer_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.tutor_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.makeup_artist_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.developer_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.video_editor_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.graphic_designer_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.social_media_manager_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.fitness_trainer_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.catering_service_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.ugc_content_creator_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.company_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.customer_profiles AS p UNION ALL
            SELECT p.user_role_profile_id FROM public.job_seeker_profiles AS p
        ) AS e WHERE e.user_role_profile_id = user_role_profiles.id)
$$);
