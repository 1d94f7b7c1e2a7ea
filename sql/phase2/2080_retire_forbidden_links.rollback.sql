-- Bring the links back, as they were.
--
-- locks: each of the 3 tables ACCESS EXCLUSIVE twice, for milliseconds

-- unit: graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');

-- unit: video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');

-- unit: developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('2080_retire_forbidden_links', 'public.developer_profiles');

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns('2080_retire_forbidden_links', 'public.developer_profiles');
CALL nxtgauge_migration.restore_column_definitions('2080_retire_forbidden_links', 'public.developer_profiles');
CALL nxtgauge_migration.refill_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');
CALL nxtgauge_migration.restore_column_definitions('2080_retire_forbidden_links', 'public.video_editor_profiles');
CALL nxtgauge_migration.refill_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');
CALL nxtgauge_migration.restore_column_definitions('2080_retire_forbidden_links', 'public.graphic_designer_profiles');

-- unit: rest of developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2080_retire_forbidden_links', 'public.developer_profiles');

-- unit: rest of video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');

-- unit: rest of graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');

-- unit: capture graphic_designer_profiles
-- locks: public.graphic_designer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');

-- unit: capture video_editor_profiles
-- locks: public.video_editor_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');

-- unit: capture developer_profiles
-- locks: public.developer_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('2080_retire_forbidden_links', 'public.developer_profiles');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('2080_retire_forbidden_links', 'public.graphic_designer_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2080_retire_forbidden_links', 'public.video_editor_profiles');
SELECT nxtgauge_migration.cancel_parking_columns('2080_retire_forbidden_links', 'public.developer_profiles');
