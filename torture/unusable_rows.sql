-- Rows in every state that has to be set aside: so that a quarantine, too, is interrupted and finished.

INSERT INTO public.ugc_content_creator_profiles (id, user_id, display_name, bio, status)
SELECT md5('gone profile' || n)::uuid, md5('gone user' || n)::uuid, 'Gone ' || n, NULL, 'weird'
FROM generate_series(1, 25) AS n;

INSERT INTO public.developer_profiles (id, user_id, display_name, github_url)
SELECT md5('nobody' || n)::uuid, NULL, 'Nobody ' || n, 'https://example.org/' || n
FROM generate_series(1, 25) AS n;
