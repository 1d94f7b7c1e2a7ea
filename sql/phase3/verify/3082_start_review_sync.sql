-- check: as long as reviews have their old columns, the triggers keep both places equal
SELECT n.table_name, n.trigger_name, g.tgenabled
FROM (
    VALUES
    ('reviews', 'aa_link_review', 'reviewee_id'), ('reviews', 'aa_relink_review', 'reviewee_id'),
    ('reviews', 'make_reviewee_insert', 'reviewee_id'), ('reviews', 'make_reviewee_update', 'reviewee_id'),
    ('professionals', 'carry_professional_to_reviews', 'reviewee_id'), ('reviews', 'carry_highlight_insert', 'card_color'),
    ('reviews', 'carry_highlight_update', 'card_color'), ('review_highlights', 'carry_highlight_back', 'card_color')
) AS n (table_name, trigger_name, column_name)
LEFT JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = to_regclass('public.' || n.table_name) AND g.tgname = n.trigger_name
WHERE g.tgenabled IS DISTINCT FROM 'O'
  AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.reviews') AND a.attname = n.column_name AND NOT a.attisdropped)
ORDER BY 1, 2;

-- check: the functions behind the triggers of reviews act for their owner, with everything pinned
SELECT p.proname AS function_name, p.prosecdef, p.proconfig
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'nxtgauge_migration'::regnamespace AND p.prorettype = 'trigger'::regtype
  AND p.proname IN ('link_review', 'make_reviewee', 'carry_professional_to_reviews', 'carry_highlight', 'carry_highlight_back')
  AND (NOT p.prosecdef OR NOT 'search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig)
       OR NOT 'row_security=off' = ANY (p.proconfig))
ORDER BY 1;
