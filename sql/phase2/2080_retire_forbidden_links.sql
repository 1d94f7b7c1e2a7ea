-- Take away the links that lead off the platform: portfolios are native.
--
-- kind: contract
-- depends: 2060_enforce_profile_links
-- locks: each of the 3 tables SHARE ROW EXCLUSIVE, then ACCESS EXCLUSIVE, for milliseconds

-- The values are copied aside while clients write, and the columns go in a moment. `rollback` brings both back.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns(
    '2080_retire_forbidden_links', 'public.developer_profiles', ARRAY['github_url', 'portfolio_url']);
SELECT nxtgauge_migration.prepare_parking_columns(
    '2080_retire_forbidden_links', 'public.video_editor_profiles', ARRAY['reel_url']);
SELECT nxtgauge_migration.prepare_parking_columns(
    '2080_retire_forbidden_links', 'public.graphic_designer_profiles', ARRAY['portfolio_url']);

-- unit: capture developer_profiles
-- locks: public.developer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns(
    '2080_retire_forbidden_links', 'public.developer_profiles', ARRAY['github_url', 'portfolio_url']);

-- unit: capture video_editor_profiles
-- locks: public.video_editor_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns(
    '2080_retire_forbidden_links', 'public.video_editor_profiles', ARRAY['reel_url']);

-- unit: capture graphic_designer_profiles
-- locks: public.graphic_designer_profiles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns(
    '2080_retire_forbidden_links', 'public.graphic_designer_profiles', ARRAY['portfolio_url']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('2080_retire_forbidden_links', 'public.developer_profiles');
CALL nxtgauge_migration.copy_parked_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');
CALL nxtgauge_migration.copy_parked_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('2080_retire_forbidden_links', 'public.developer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');
