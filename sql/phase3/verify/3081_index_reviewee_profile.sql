-- check: the root that a review is about has its index, whole and valid
SELECT w.index_name, i.indisvalid
FROM (VALUES ('reviews_reviewee_profile_id_idx')) AS w (index_name)
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = to_regclass('public.' || w.index_name)
WHERE i.indisvalid IS NOT TRUE;
