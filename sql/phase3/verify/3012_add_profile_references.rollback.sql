-- check: no root that was made for a professional is left without a profile
SELECT r.id, r.user_id, r.role_key
FROM public.user_role_profiles AS r
JOIN nxtgauge_migration.made_root AS m ON m.root_id = r.id
WHERE NOT EXISTS (
    SELECT 1 FROM public.photographer_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.tutor_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.makeup_artist_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.developer_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.video_editor_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.graphic_designer_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.social_media_manager_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.fitness_trainer_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.catering_service_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.ugc_content_creator_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.company_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.customer_profiles AS e WHERE e.user_role_profile_id = r.id
    UNION ALL
    SELECT 1 FROM public.job_seeker_profiles AS e WHERE e.user_role_profile_id = r.id
)
ORDER BY r.id;
