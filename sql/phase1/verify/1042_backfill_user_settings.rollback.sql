-- check: no row of settings that this kit made and nobody edited is left
SELECT d.user_id, d.made_at
FROM nxtgauge_migration.default_user_settings AS d
ORDER BY 1;
