-- check: the old reference of every review can stand for the root it is about
SELECT e.id::text AS id, e.reviewee_type::text AS reviewee_type, e.reviewee_id::text AS reviewee_id
FROM public.reviews AS e
LEFT JOIN public.user_role_profiles AS r ON r.id = e.reviewee_profile_id
LEFT JOIN public.professionals AS p
    ON p.id::text = lower(e.reviewee_id::text) AND nxtgauge_migration.is_professional(e.reviewee_type::text)
WHERE e.reviewee_type IS NULL OR e.reviewee_id IS NULL
   OR p.user_role_profile_id <> r.id
   OR (NOT nxtgauge_migration.is_professional(e.reviewee_type::text) AND lower(r.user_id::text) <> lower(e.reviewee_id::text));
