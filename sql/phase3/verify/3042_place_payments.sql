-- check: the payments have been gone through to their end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3042_place_payments')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: every payment is in exactly one transaction
SELECT p.id AS payment_id, count(t.id) AS transactions
FROM public.payments AS p
LEFT JOIN public.payment_transactions AS t ON t.payment_id = p.id
GROUP BY p.id
HAVING count(t.id) <> 1
ORDER BY 1;

-- check: every transaction belongs to a payment and an order
SELECT t.id AS transaction_id, t.payment_id, t.order_id
FROM public.payment_transactions AS t
LEFT JOIN public.payments AS p ON p.id = t.payment_id
LEFT JOIN public.orders AS o ON o.id = t.order_id
WHERE p.id IS NULL OR o.id IS NULL
ORDER BY 1;

-- check: per currency and status, the transactions are worth what the payments are
SELECT coalesce(p.currency, t.currency) AS currency, coalesce(p.status, t.status) AS status,
    p.payments, p.amount AS amount_of_payments, t.transactions, t.amount AS amount_of_transactions
FROM (
    SELECT coalesce(s.currency::text, 'XXX') AS currency, nxtgauge_migration.transaction_status(s.status::text) AS status,
        count(*) AS payments, sum(coalesce(nxtgauge_migration.money(s.amount), 0)) AS amount
    FROM public.payments AS s
    GROUP BY 1, 2
) AS p
FULL JOIN (
    SELECT s.currency, s.status, count(*) AS transactions, sum(s.amount) AS amount
    FROM public.payment_transactions AS s
    GROUP BY 1, 2
) AS t ON t.currency = p.currency AND t.status = p.status
WHERE p.payments IS DISTINCT FROM t.transactions OR p.amount IS DISTINCT FROM t.amount
ORDER BY 1, 2;

-- check: a transaction says what its payment says
SELECT t.id AS transaction_id, p.id AS payment_id, d.differs
FROM public.payment_transactions AS t
JOIN public.payments AS p ON p.id = t.payment_id
CROSS JOIN LATERAL (
    SELECT concat_ws(', ',
        CASE WHEN t.amount <> coalesce(nxtgauge_migration.money(p.amount), 0) THEN 'amount' END,
        CASE WHEN t.currency <> coalesce(p.currency::text, 'XXX') THEN 'currency' END,
        CASE WHEN t.status <> nxtgauge_migration.transaction_status(p.status::text) THEN 'status' END,
        CASE WHEN t.gateway IS DISTINCT FROM p.gateway::text THEN 'gateway' END,
        CASE WHEN t.gateway_reference IS DISTINCT FROM p.gateway_reference::text THEN 'gateway_reference' END,
        CASE WHEN extract(EPOCH FROM t.paid_at) IS DISTINCT FROM extract(EPOCH FROM p.paid_at) THEN 'paid_at' END) AS differs
) AS d
WHERE d.differs <> ''
ORDER BY 1;

-- check: order total = items + tax - discount
SELECT o.id AS order_id, o.total_amount, o.subtotal_amount, i.amount AS amount_of_items, o.tax_amount, o.discount_amount
FROM public.orders AS o
LEFT JOIN (
    SELECT x.order_id, sum(x.line_amount) AS amount FROM public.order_items AS x GROUP BY x.order_id
) AS i ON i.order_id = o.id
WHERE o.total_amount <> coalesce(i.amount, 0) + o.tax_amount - o.discount_amount
   OR o.subtotal_amount <> coalesce(i.amount, 0)
ORDER BY 1;

-- check: an order that was made of a payment stands only while the payment does
SELECT o.id AS order_id, s.payment_id
FROM nxtgauge_migration.payment_source AS s
JOIN public.orders AS o ON o.id = nxtgauge_migration.derived_id('order', s.payment_id)
WHERE NOT EXISTS (SELECT 1 FROM public.payment_transactions AS t WHERE t.order_id = o.id)
ORDER BY 1;

-- check: the tax of every invoice, rounded to two places, has been carried
SELECT i.id AS invoice_id, i.payment_id, nxtgauge_migration.money(i.tax_amount) AS tax_of_invoice, s.tax_amount AS carried
FROM (
    SELECT DISTINCT ON (v.payment_id) v.id, v.payment_id, v.tax_amount
    FROM public.invoices AS v
    ORDER BY v.payment_id, lower(btrim(v.status::text)) IN ('cancelled', 'canceled', 'void'), v.issued_at DESC NULLS LAST, v.id
) AS i
LEFT JOIN nxtgauge_migration.payment_source AS s ON s.payment_id = i.payment_id::text
WHERE i.payment_id IS NOT NULL
  AND coalesce(nxtgauge_migration.money(i.tax_amount), 0) IS DISTINCT FROM s.tax_amount
ORDER BY 1;

-- A client that wrote in between may have changed a sum; the row versions tell. This step has not: each of its batches looked.

-- check: per currency and status, payments, invoices, wallets and ledger hold the same after as before
SELECT coalesce(b.source, a.source) AS source, coalesce(b.currency, a.currency) AS currency, coalesce(b.status, a.status) AS status,
    b.rows AS rows_before, a.rows AS rows_after, b.amount AS amount_before, a.amount AS amount_after
FROM (SELECT m.* FROM nxtgauge_migration.money_count AS m WHERE m.moment = 'before') AS b
FULL JOIN (SELECT m.* FROM nxtgauge_migration.money_count AS m WHERE m.moment = 'after') AS a
    ON a.source = b.source AND a.currency = b.currency AND a.status = b.status
WHERE (a.rows IS DISTINCT FROM b.rows OR a.amount IS DISTINCT FROM b.amount)
  AND coalesce(b.source, a.source) IN (
    SELECT m.source FROM nxtgauge_migration.money_count AS m
    GROUP BY m.source
    HAVING sum(m.versions) FILTER (WHERE m.moment = 'before')
        IS NOT DISTINCT FROM sum(m.versions) FILTER (WHERE m.moment = 'after'))
ORDER BY 1, 2, 3;

-- check: money was counted before and after
SELECT w.moment, w.source
FROM (VALUES ('before', 'public.payments.amount'), ('after', 'public.payments.amount')) AS w (moment, source)
WHERE NOT EXISTS (SELECT 1 FROM nxtgauge_migration.money_count AS m WHERE m.moment = w.moment)
  AND EXISTS (SELECT 1 FROM nxtgauge_migration.money_count AS m WHERE m.moment <> w.moment)
ORDER BY 1;

-- Wallets that were wrong before this phase are listed in wallet_gap, and are wrong by the same amount still.

-- check: the balance of a wallet is the sum of its ledger
SELECT w.id AS wallet_id, w.balance, coalesce(l.amount, 0) AS sum_of_ledger
FROM public.tracecoin_wallets AS w
LEFT JOIN (
    SELECT e.wallet_id::text AS wallet_id, sum(e.amount) AS amount FROM public.tracecoin_ledger AS e GROUP BY 1
) AS l ON l.wallet_id = w.id::text
LEFT JOIN nxtgauge_migration.wallet_gap AS g ON g.wallet_id = w.id::text
WHERE coalesce(w.balance, 0) - coalesce(l.amount, 0) <> coalesce(g.gap, 0)
ORDER BY 1;
