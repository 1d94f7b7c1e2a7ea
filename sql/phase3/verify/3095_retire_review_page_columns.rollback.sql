-- check: reviews say what their highlights say
SELECT e.id::text AS id
FROM public.reviews AS e
LEFT JOIN public.review_highlights AS h ON h.review_id = e.id
WHERE (coalesce(e.is_featured_on_home, false), e.display_order, e.card_color)
    IS DISTINCT FROM (coalesce(h.is_featured_on_home, false), h.display_order, h.card_color);
