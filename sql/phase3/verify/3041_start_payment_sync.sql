-- check: the triggers keep payments, invoices and coupons equal with orders and transactions
SELECT w.table_name, w.trigger_name, coalesce(t.tgenabled::text, 'missing') AS found
FROM (
    VALUES
    ('public.payments', 'place_payment'), ('public.payments', 'settle_payment'), ('public.payments', 'remove_order'),
    ('public.payment_transactions', 'carry_transaction'), ('public.payment_transactions', 'complete_transaction'),
    ('public.payment_transactions', 'remove_payment'),
    ('public.invoices', 'carry_invoice'),
    ('public.coupon_redemptions', 'carry_redemption')
) AS w (table_name, trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS t
    ON t.tgrelid = pg_catalog.to_regclass(w.table_name) AND t.tgname = w.trigger_name AND NOT t.tgisinternal
WHERE coalesce(t.tgenabled NOT IN ('O', 'A'), true)
ORDER BY 1, 2;

-- check: the functions behind them act for their owner, with everything pinned
SELECT w.name AS function_name, p.prosecdef, p.proconfig
FROM (
    VALUES ('place_payment'), ('settle_payment'), ('remove_order'), ('carry_invoice'), ('carry_redemption'), ('carry_transaction'),
    ('remove_payment')
) AS w (name)
LEFT JOIN pg_catalog.pg_proc AS p
    ON p.proname = w.name AND p.pronamespace = pg_catalog.to_regnamespace('nxtgauge_migration')
WHERE p.prosecdef IS NOT TRUE
   OR NOT p.proconfig @> ARRAY['search_path=pg_catalog, public, pg_temp', 'row_security=off']
ORDER BY 1;
