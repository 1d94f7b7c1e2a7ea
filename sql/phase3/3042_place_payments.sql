-- Give every existing payment its transaction, order and item, in batches, while both backends write.
--
-- kind: backfill
-- depends: 3041_start_payment_sync
-- locks: none; each batch locks its rows, and skips those that a client has locked

-- Money is counted before and after: payments, invoices, wallets and ledger, per currency and status. This step writes none of
-- them, and each batch makes sure of that by the server's own count of what its transaction has written; so if a sum differs,
-- a client has written meanwhile, which the row versions show.

-- unit: functions

CREATE TABLE nxtgauge_migration.money_count (
    moment     text        NOT NULL,
    source     text        NOT NULL,
    currency   text        NOT NULL,
    status     text        NOT NULL,
    rows       bigint      NOT NULL,
    amount     numeric,
    versions   numeric     NOT NULL,
    counted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT money_count_pkey PRIMARY KEY (moment, source, currency, status),
    CONSTRAINT money_count_moment_check CHECK (moment IN ('before', 'after'))
);

COMMENT ON TABLE  nxtgauge_migration.money_count IS
    'Sums of the money in legacy tables before and after payments became orders, per currency and status.';
COMMENT ON COLUMN nxtgauge_migration.money_count.versions IS
    'Sum of hashes of the row versions: the same only if nobody wrote to the rows in between.';

CREATE TABLE nxtgauge_migration.wallet_gap (
    wallet_id text    NOT NULL,
    gap       numeric NOT NULL,
    CONSTRAINT wallet_gap_pkey PRIMARY KEY (wallet_id)
);

COMMENT ON TABLE nxtgauge_migration.wallet_gap IS
    'Wallets whose balance was not the sum of their ledger already before this phase: balance less sum. Found so, and left so.';

CREATE FUNCTION nxtgauge_migration.count_money(moment text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET extra_float_digits = 1
AS $$
DECLARE
    known bigint;
    first text;
BEGIN
    -- The decimal form of a floating point number is exact enough to come back as the same number, and sums exactly.
    INSERT INTO nxtgauge_migration.money_count (moment, source, currency, status, rows, amount, versions)
    SELECT count_money.moment, m.source, coalesce(m.currency, ''), coalesce(m.status, ''), count(*), sum(m.amount),
        sum(hashtextextended(m.version, 0))
    FROM (
        SELECT 'public.payments.amount' AS source, p.currency::text AS currency, p.status::text AS status,
            p.amount::text::numeric AS amount, concat(p.ctid, p.xmin) AS version
        FROM public.payments AS p
        UNION ALL
        SELECT 'public.invoices.amount', i.currency::text, i.status::text, i.amount::text::numeric, concat(i.ctid, i.xmin)
        FROM public.invoices AS i
        UNION ALL
        SELECT 'public.invoices.tax_amount', i.currency::text, i.status::text, i.tax_amount::text::numeric, concat(i.ctid, i.xmin)
        FROM public.invoices AS i
        UNION ALL
        SELECT 'public.tracecoin_wallets.balance', 'tracecoin', '', w.balance::text::numeric, concat(w.ctid, w.xmin)
        FROM public.tracecoin_wallets AS w
        UNION ALL
        SELECT 'public.tracecoin_ledger.amount', 'tracecoin', l.reason::text, l.amount::text::numeric, concat(l.ctid, l.xmin)
        FROM public.tracecoin_ledger AS l
    ) AS m
    GROUP BY m.source, m.currency, m.status
    ON CONFLICT ON CONSTRAINT money_count_pkey DO UPDATE
    SET rows = excluded.rows, amount = excluded.amount, versions = excluded.versions, counted_at = excluded.counted_at;

    IF moment = 'before' THEN
        DELETE FROM nxtgauge_migration.wallet_gap;
        INSERT INTO nxtgauge_migration.wallet_gap (wallet_id, gap)
        SELECT w.id::text, coalesce(w.balance, 0) - coalesce(l.amount, 0)
        FROM public.tracecoin_wallets AS w
        LEFT JOIN (
            SELECT e.wallet_id::text AS wallet_id, sum(e.amount) AS amount FROM public.tracecoin_ledger AS e GROUP BY 1
        ) AS l ON l.wallet_id = w.id::text
        WHERE coalesce(w.balance, 0) <> coalesce(l.amount, 0);
        SELECT count(*), min(g.wallet_id) INTO known, first FROM nxtgauge_migration.wallet_gap AS g;
        IF known > 0 THEN
            RAISE NOTICE '% wallets have a balance that is not the sum of their ledger, such as %; they stay as they are '
                         '(nxtgauge_migration.wallet_gap lists them)', known, first;
        END IF;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.count_money(text) IS 'Notes the sums of the money in the legacy tables, before or after.';

CREATE FUNCTION nxtgauge_migration.money_writes() RETURNS bigint
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT sum(pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
               + pg_stat_get_xact_tuples_deleted(c.oid))::bigint
    FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace
      AND c.relname IN ('payments', 'invoices', 'tracecoin_wallets', 'tracecoin_ledger')
$$;

COMMENT ON FUNCTION nxtgauge_migration.money_writes() IS 'How many rows this session''s transaction has written in the legacy tables of money.';

CREATE FUNCTION nxtgauge_migration.place_batch(ids anyarray) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    before bigint := nxtgauge_migration.money_writes();
    known  ids%TYPE;
    part   ids%TYPE;
BEGIN
    -- A hundred at a time: the functions join by nested loops, which suits the triggers, and so many rows.
    FOR begin_at IN 1 .. cardinality(ids) BY 100 LOOP
        part := ids[begin_at : begin_at + 99];
        known := ARRAY(SELECT t.payment_id FROM public.payment_transactions AS t WHERE t.payment_id = ANY (part));
        PERFORM nxtgauge_migration.place_payments(part);
        IF cardinality(known) > 0 THEN
            PERFORM nxtgauge_migration.settle_payments(known);
        END IF;
    END LOOP;
    IF nxtgauge_migration.money_writes() <> before THEN
        RAISE EXCEPTION 'placing payments has written to payments, invoices, wallets or ledger'
            USING ERRCODE = 'triggered_data_change_violation',
                  HINT = 'Look for triggers on orders, order_items and payment_transactions that write there.';
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.place_batch(anyarray) IS
    'One batch: places what has no transaction, settles what was changed while this step was rolled back.';

REVOKE ALL ON FUNCTION nxtgauge_migration.count_money(text)     FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.money_writes()        FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.place_batch(anyarray) FROM PUBLIC;

-- unit: payments
-- transactional: false

SELECT nxtgauge_migration.count_money('before')
WHERE NOT EXISTS (SELECT FROM nxtgauge_migration.money_count AS m WHERE m.moment = 'before');

CALL nxtgauge_migration.run_batches(
    '3042_place_payments', 'public.payments',
    $$ SELECT nxtgauge_migration.place_batch((SELECT array_agg(b.id) FROM pg_temp.nxtgauge_batch AS b)) $$,
    ARRAY[]::text[]);

-- Orders that came back of payments which were deleted meanwhile go too, with what was noted of them.
DELETE FROM public.orders AS o
USING nxtgauge_migration.payment_source AS s
WHERE o.id = nxtgauge_migration.derived_id('order', s.payment_id)
  AND NOT EXISTS (SELECT FROM public.payment_transactions AS t WHERE t.order_id = o.id);
DELETE FROM nxtgauge_migration.payment_source AS s
WHERE NOT EXISTS (SELECT FROM public.payment_transactions AS t WHERE t.payment_id::text = s.payment_id);

SELECT nxtgauge_migration.count_money('after');

ANALYZE public.orders, public.order_items, public.payment_transactions, nxtgauge_migration.payment_source;
