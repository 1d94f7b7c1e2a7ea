-- check: every spelling of a profession has the role it should have
SELECT s.profession, s.role_key, nxtgauge_migration.profession_role(s.profession) AS found
FROM (
    VALUES
    ('photographer', 'photographer'), ('Photographers', 'photographer'), ('TUTOR', 'tutor'), ('Makeup Artist', 'makeup_artist'),
    ('MAKE-UP ARTIST', 'makeup_artist'), ('makeup_artist', 'makeup_artist'), (' Developer ', 'developer'),
    ('Video Editor', 'video_editor'), ('graphic_designer', 'graphic_designer'), ('Social Media Manager', 'social_media_manager'),
    ('fitness trainer', 'fitness_trainer'), ('Catering Services', 'catering_service'), ('UGC Content Creator', 'ugc_content_creator'),
    ('Job Seeker', 'job_seeker'), ('Astrologer', NULL), ('', NULL), (NULL, NULL)
) AS s (profession, role_key)
WHERE nxtgauge_migration.profession_role(s.profession) IS DISTINCT FROM s.role_key;
