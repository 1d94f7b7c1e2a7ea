-- Keep payments and their orders and transactions equal from now on, whichever of the two backends writes.
--
-- kind: expand
-- depends: 3020_rename_marketplace_tables 3040_create_finance_tables
-- locks: public.payments, public.invoices, public.coupon_redemptions and public.payment_transactions SHARE ROW EXCLUSIVE for triggers, brief

-- How it works, and why:
--   · A payment without a transaction gets one, with an order and an item, when the transaction that wrote it commits. A new
--     backend that writes its own order, item and transaction together with the payment is there first, and wins. So does one
--     that comes later with INSERT INTO payment_transactions … ON CONFLICT (payment_id) DO UPDATE SET order_id = …: the order
--     that was made for the payment goes.
--   · What the old backend changes in payments, invoices or coupon uses is carried at once; what the new one changes in
--     payment_transactions is carried into payments. An echo ends where it changes nothing.
--   · Only what differs from what the legacy rows said before (payment_source) is carried into an order, so what the new
--     backend has changed in it stays. The amounts of an order that the new backend made are its own.
--   · Money: numeric amounts are carried exactly. A double precision amount is rounded to two places, half away from zero,
--     after its shortest decimal form of 15 digits; the legacy column keeps its own value, unless the amount is changed.
--   · tax = the tax of the payment's invoice: of several the newest that is not cancelled, else the newest.
--     discount = the sum of the payer's coupon uses that name the payment. total = the payment's amount. subtotal = what
--     is left: total - tax + discount.
--   · The triggers act for their owner, so the old backend needs no right on the new tables. They rest while
--     nxtgauge_migration.backfill is 'on'.
--   · Locks are taken in the order payment, transaction, order. A backend that writes the transaction first locks the payment
--     before (SELECT … FOR NO KEY UPDATE); if it doesn't, one of two that meet gets 40P01 and tries again.
--
--   · One plan for one payment as for a hundred: by index, whatever the statistics say, made once per session.
--
-- The payment_id of coupon_redemptions is text here and a uuid after 3076, with the text in legacy_payment_id. The functions
-- look at each call, so that step may rename it under them.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.money(amount numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN amount;

CREATE FUNCTION nxtgauge_migration.money(amount double precision) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(amount::numeric, 2);

COMMENT ON FUNCTION nxtgauge_migration.money(numeric) IS 'An exact amount, as it is.';
COMMENT ON FUNCTION nxtgauge_migration.money(double precision) IS 'A floating point amount, rounded to two places.';

CREATE FUNCTION nxtgauge_migration.derived_id(kind text, key text) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
RETURN overlay(overlay(
    encode(substr(sha256(convert_to(kind || '/' || key, 'UTF8')), 1, 16), 'hex'), '8', 13), '8', 17)::uuid;

COMMENT ON FUNCTION nxtgauge_migration.derived_id(text, text) IS
    'The id of what is made of a legacy row: a uuid (version 8) made of its kind and the row''s id, the same at each apply.';

CREATE FUNCTION nxtgauge_migration.transaction_status(spelling text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN lower(btrim(spelling)) IN ('pending', 'created', 'initiated', 'processing', 'authorized', 'authorised') THEN 'pending'
    WHEN lower(btrim(spelling)) IN ('success', 'succeeded', 'successful', 'paid', 'completed', 'complete', 'captured') THEN 'success'
    WHEN lower(btrim(spelling)) IN ('failed', 'failure', 'error', 'declined', 'cancelled', 'canceled', 'expired') THEN 'failed'
    WHEN lower(btrim(spelling)) IN ('refunded', 'refund') THEN 'refunded'
    ELSE 'unknown' END;

COMMENT ON FUNCTION nxtgauge_migration.transaction_status(text) IS
    'What a payment''s status means: pending, success, failed, refunded, or unknown.';

CREATE FUNCTION nxtgauge_migration.order_status(transaction_status text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE transaction_status WHEN 'success' THEN 'paid' WHEN 'failed' THEN 'failed' WHEN 'refunded' THEN 'refunded'
    ELSE 'pending' END;

COMMENT ON FUNCTION nxtgauge_migration.order_status(text) IS 'The status of an order whose only transaction has this status.';

CREATE FUNCTION nxtgauge_migration.spelled_payment_status(wanted text, model text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    enum  oid;
    label text;
BEGIN
    IF nxtgauge_migration.transaction_status(model) = wanted THEN
        RETURN model;
    END IF;
    SELECT e.oid INTO enum
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    JOIN pg_type AS e ON e.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
    WHERE a.attrelid = 'public.payments'::regclass AND a.attname = 'status' AND NOT a.attisdropped AND e.typtype = 'e';
    IF enum IS NULL AND wanted <> 'unknown' THEN
        RETURN CASE WHEN model = lower(model) THEN wanted WHEN model = upper(model) THEN upper(wanted)
                    WHEN model = initcap(model) THEN initcap(wanted) ELSE wanted END;
    END IF;
    SELECT e.enumlabel INTO label FROM pg_enum AS e
    WHERE e.enumtypid = enum AND wanted <> 'unknown' AND nxtgauge_migration.transaction_status(e.enumlabel) = wanted
    ORDER BY lower(e.enumlabel) = wanted DESC, e.enumsortorder LIMIT 1;
    IF label IS NULL THEN
        RAISE EXCEPTION 'the status of public.payments has no word for %', wanted
            USING ERRCODE = 'invalid_parameter_value', TABLE = 'payment_transactions', SCHEMA = 'public', COLUMN = 'status',
                  HINT = 'The status of a transaction must be one that payments can hold.';
    END IF;
    RETURN label;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.spelled_payment_status(text, text) IS
    'How payments spells a status: as before if that means it, else an enum''s label or in the manner of the former word.';

CREATE FUNCTION nxtgauge_migration.payment_discounts(ids anyarray)
    RETURNS TABLE (payment_id anyelement, discount_amount numeric)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
    SET jit = off
AS $$
BEGIN
    -- By the payer, since that column is indexed; the payment's id is text, and may be spelled in capitals.
    RETURN QUERY
    SELECT p.id, sum(nxtgauge_migration.money(c.discount_amount))
    FROM public.payments AS p
    JOIN public.coupon_redemptions AS c ON c.user_id = p.user_id
        AND lower(p.id::text) = lower(coalesce(to_jsonb(c) ->> 'payment_id', to_jsonb(c) ->> 'legacy_payment_id'))
    WHERE p.id = ANY (ids)
    GROUP BY p.id;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.payment_discounts(anyarray) IS
    'What coupons took off these payments.';

CREATE FUNCTION nxtgauge_migration.payment_inputs(ids anyarray)
    RETURNS TABLE (
        payment_id anyelement, amount numeric, currency text, status text, tax_amount numeric, discount_amount numeric,
        package text, gateway text, gateway_reference text, paid_at timestamptz, created_at timestamptz, updated_at timestamptz
    )
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
    SET jit = off
AS $$
BEGIN
    RETURN QUERY
    SELECT p.id, coalesce(nxtgauge_migration.money(p.amount), 0), coalesce(p.currency::text, 'XXX'),
        nxtgauge_migration.transaction_status(p.status::text), coalesce(i.tax_amount, 0), coalesce(d.discount_amount, 0),
        -- package_id becomes pricing_package_id, and leaves. What stood there and was no package is only remembered then.
        nullif(btrim(coalesce(j.payment ->> 'pricing_package_id', j.payment ->> 'package_id', CASE
            WHEN NOT j.payment ? 'package_id' THEN (
                SELECT s.package FROM nxtgauge_migration.payment_source AS s
                WHERE s.payment_id = p.id::text
                  AND NOT EXISTS (SELECT FROM public.pricing_packages AS k WHERE lower(k.id::text) = lower(s.package)))
        END)), ''),
        p.gateway::text, p.gateway_reference::text, p.paid_at::timestamptz, p.created_at::timestamptz, p.updated_at::timestamptz
    FROM public.payments AS p
    CROSS JOIN LATERAL (SELECT to_jsonb(p) AS payment OFFSET 0) AS j
    LEFT JOIN (
        SELECT DISTINCT ON (v.payment_id) v.payment_id, nxtgauge_migration.money(v.tax_amount) AS tax_amount
        FROM public.invoices AS v
        WHERE v.payment_id = ANY (ids)
        ORDER BY v.payment_id, lower(btrim(v.status::text)) IN ('cancelled', 'canceled', 'void'), v.issued_at DESC NULLS LAST, v.id
    ) AS i ON i.payment_id = p.id
    LEFT JOIN nxtgauge_migration.payment_discounts(ids) AS d ON d.payment_id = p.id
    WHERE p.id = ANY (ids);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.payment_inputs(anyarray) IS
    'What payments, invoices and coupons say about these payments, in the terms of orders and transactions.';

CREATE FUNCTION nxtgauge_migration.place_payments(ids anyarray) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
    SET jit = off
AS $$
BEGIN
    -- Only what really becomes a transaction gets an order; the foreign keys are checked at the end of the statement.
    WITH due AS MATERIALIZED (
        SELECT n.*, p.user_id, nxtgauge_migration.derived_id('order', n.payment_id::text) AS order_id
        FROM nxtgauge_migration.payment_inputs(ids) AS n
        JOIN public.payments AS p ON p.id = n.payment_id
        WHERE NOT EXISTS (SELECT FROM public.payment_transactions AS t WHERE t.payment_id = n.payment_id)
    ), made AS (
        INSERT INTO public.payment_transactions AS t (
            id, payment_id, order_id, status, currency, amount, gateway, gateway_reference, paid_at, created_at, updated_at
        )
        SELECT nxtgauge_migration.derived_id('payment_transaction', d.payment_id::text), d.payment_id, d.order_id, d.status,
            d.currency, d.amount, d.gateway, d.gateway_reference, d.paid_at, d.created_at, d.updated_at
        FROM due AS d
        ON CONFLICT DO NOTHING
        RETURNING t.payment_id
    ), placed AS (
        INSERT INTO public.orders (
            id, user_id, status, currency, subtotal_amount, tax_amount, discount_amount, total_amount, placed_at,
            created_at, updated_at
        )
        SELECT d.order_id, u.id, nxtgauge_migration.order_status(d.status), d.currency,
            d.amount - d.tax_amount + d.discount_amount, d.tax_amount, d.discount_amount, d.amount,
            coalesce(d.created_at, now()), d.created_at, d.updated_at
        FROM made AS m
        JOIN due AS d ON d.payment_id = m.payment_id
        LEFT JOIN public.users AS u ON u.id = d.user_id
        ON CONFLICT DO NOTHING
    ), itemised AS (
        INSERT INTO public.order_items (
            id, order_id, pricing_package_id, package_reference, description, unit_amount, line_amount, created_at, updated_at
        )
        SELECT nxtgauge_migration.derived_id('order_item', d.payment_id::text), d.order_id, k.id,
            CASE WHEN k.id IS NULL THEN d.package END, coalesce(k.name::text, d.package, 'Payment'),
            d.amount - d.tax_amount + d.discount_amount, d.amount - d.tax_amount + d.discount_amount, d.created_at, d.updated_at
        FROM made AS m
        JOIN due AS d ON d.payment_id = m.payment_id
        LEFT JOIN public.pricing_packages AS k ON lower(k.id::text) = lower(d.package)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO nxtgauge_migration.payment_source AS s (
        payment_id, amount, currency, status, tax_amount, discount_amount, package
    )
    SELECT d.payment_id::text, d.amount, d.currency, d.status, d.tax_amount, d.discount_amount, d.package
    FROM made AS m
    JOIN due AS d ON d.payment_id = m.payment_id
    ON CONFLICT ON CONSTRAINT payment_source_pkey DO UPDATE
    SET amount = excluded.amount, currency = excluded.currency, status = excluded.status, tax_amount = excluded.tax_amount,
        discount_amount = excluded.discount_amount, package = excluded.package;

    -- Of a payment that came with its own transaction it is noted what it said, too.
    ids := ARRAY(
        SELECT p.id FROM public.payments AS p
        WHERE p.id = ANY (ids)
          AND NOT EXISTS (SELECT FROM nxtgauge_migration.payment_source AS s WHERE s.payment_id = p.id::text));
    IF cardinality(ids) > 0 THEN
        INSERT INTO nxtgauge_migration.payment_source (
            payment_id, amount, currency, status, tax_amount, discount_amount, package
        )
        SELECT n.payment_id::text, n.amount, n.currency, n.status, n.tax_amount, n.discount_amount, n.package
        FROM nxtgauge_migration.payment_inputs(ids) AS n
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.place_payments(anyarray) IS
    'Makes transaction, order and item of those of these payments that have none.';

CREATE FUNCTION nxtgauge_migration.settle_payments(ids anyarray) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
    SET jit = off
AS $$
BEGIN
    -- One after the other: an invoice and its payment may be written at the same time.
    PERFORM FROM public.payments AS p WHERE p.id = ANY (ids) ORDER BY p.id FOR NO KEY UPDATE;

    WITH said AS MATERIALIZED (
        SELECT n.*, s.payment_id IS NOT NULL AND (n.amount, n.currency, n.status, n.tax_amount, n.discount_amount, n.package)
                IS DISTINCT FROM (s.amount, s.currency, s.status, s.tax_amount, s.discount_amount, s.package) AS is_changed,
            s.amount AS old_amount, s.currency AS old_currency, s.status AS old_status, s.tax_amount AS old_tax_amount,
            s.discount_amount AS old_discount_amount, s.package AS old_package
        FROM nxtgauge_migration.payment_inputs(ids) AS n
        LEFT JOIN nxtgauge_migration.payment_source AS s ON s.payment_id = n.payment_id::text
    ), carried AS (
        UPDATE public.payment_transactions AS t
        SET amount = n.amount, currency = n.currency, status = n.status, gateway = n.gateway,
            gateway_reference = n.gateway_reference, paid_at = n.paid_at
        FROM said AS n
        WHERE t.payment_id = n.payment_id
          AND (t.amount, t.currency, t.status, t.gateway, t.gateway_reference, t.paid_at)
            IS DISTINCT FROM (n.amount, n.currency, n.status, n.gateway, n.gateway_reference, n.paid_at)
    ), changed AS MATERIALIZED (
        SELECT n.*, t.order_id, t.order_id = nxtgauge_migration.derived_id('order', n.payment_id::text) AS is_derived,
            nxtgauge_migration.derived_id('order_item', n.payment_id::text) AS item_id,
            -- The status follows while it is what the former status made of it: not where the new backend chose another.
            CASE WHEN n.status <> n.old_status
                      AND NOT EXISTS (SELECT FROM public.payment_transactions AS x WHERE x.order_id = t.order_id AND x.id <> t.id)
                 THEN nxtgauge_migration.order_status(n.old_status) END AS followed_status
        FROM said AS n
        JOIN public.payment_transactions AS t ON t.payment_id = n.payment_id
        WHERE n.is_changed
    ), ordered AS (
        -- Of the amounts of an order that was made of a payment, each that has changed.
        UPDATE public.orders AS o
        SET status = CASE WHEN o.status = c.followed_status THEN nxtgauge_migration.order_status(c.status) ELSE o.status END,
            currency = CASE WHEN c.is_derived AND c.currency <> c.old_currency THEN c.currency ELSE o.currency END,
            tax_amount = CASE WHEN c.is_derived AND c.tax_amount <> c.old_tax_amount THEN c.tax_amount ELSE o.tax_amount END,
            discount_amount = CASE WHEN c.is_derived AND c.discount_amount <> c.old_discount_amount
                                   THEN c.discount_amount ELSE o.discount_amount END,
            total_amount = CASE WHEN c.is_derived AND c.amount <> c.old_amount THEN c.amount ELSE o.total_amount END,
            subtotal_amount = CASE WHEN c.is_derived AND c.amount <> c.old_amount THEN c.amount ELSE o.total_amount END
                - CASE WHEN c.is_derived AND c.tax_amount <> c.old_tax_amount THEN c.tax_amount ELSE o.tax_amount END
                + CASE WHEN c.is_derived AND c.discount_amount <> c.old_discount_amount
                       THEN c.discount_amount ELSE o.discount_amount END
        FROM changed AS c
        WHERE o.id = c.order_id AND (c.is_derived OR o.status = c.followed_status)
        RETURNING o.id, o.subtotal_amount
    ), itemised AS (
        -- What the items lack then, or have too much, the one made of the payment takes.
        INSERT INTO public.order_items AS i (
            id, order_id, pricing_package_id, package_reference, description, unit_amount, line_amount
        )
        SELECT c.item_id, o.id, k.id, CASE WHEN k.id IS NULL THEN c.package END, coalesce(k.name::text, c.package, 'Payment'),
            r.rest, r.rest
        FROM changed AS c
        JOIN ordered AS o ON o.id = c.order_id
        LEFT JOIN public.order_items AS own ON own.id = c.item_id
        CROSS JOIN LATERAL (
            SELECT o.subtotal_amount - coalesce(sum(x.line_amount), 0) AS rest
            FROM public.order_items AS x
            WHERE x.order_id = o.id AND x.id <> c.item_id
        ) AS r
        LEFT JOIN public.pricing_packages AS k ON lower(k.id::text) = lower(c.package)
        WHERE c.is_derived
          AND (c.amount, c.tax_amount, c.discount_amount, c.package)
            IS DISTINCT FROM (c.old_amount, c.old_tax_amount, c.old_discount_amount, c.old_package)
          AND (r.rest <> coalesce(own.line_amount, 0) OR (c.package IS DISTINCT FROM c.old_package AND own.id IS NOT NULL))
        ON CONFLICT ON CONSTRAINT order_items_pkey DO UPDATE
        SET quantity = CASE WHEN i.line_amount = excluded.line_amount THEN i.quantity ELSE 1 END,
            unit_amount = CASE WHEN i.line_amount = excluded.line_amount THEN i.unit_amount ELSE excluded.unit_amount END,
            line_amount = excluded.line_amount,
            pricing_package_id = excluded.pricing_package_id, package_reference = excluded.package_reference,
            description = CASE WHEN i.pricing_package_id IS DISTINCT FROM excluded.pricing_package_id
                                    OR i.package_reference IS DISTINCT FROM excluded.package_reference
                               THEN excluded.description ELSE i.description END
    )
    UPDATE nxtgauge_migration.payment_source AS s
    SET amount = c.amount, currency = c.currency, status = c.status, tax_amount = c.tax_amount,
        discount_amount = c.discount_amount, package = c.package
    FROM changed AS c
    WHERE s.payment_id = c.payment_id::text;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.settle_payments(anyarray) IS
    'Carries into transaction, order and item what payments, invoices and coupons say otherwise than when last carried.';

-- The triggers' functions.

CREATE FUNCTION nxtgauge_migration.place_payment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    PERFORM nxtgauge_migration.place_payments(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.place_payment() IS
    'When a new payment is committed: makes its transaction, order and item, unless its backend did.';

CREATE FUNCTION nxtgauge_migration.settle_payment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    PERFORM nxtgauge_migration.settle_payments(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.settle_payment() IS 'After a payment is changed: carries that into its transaction and order.';

CREATE FUNCTION nxtgauge_migration.remove_order() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    -- The transaction has gone by its foreign key. An order that the new backend made stays, unpaid.
    DELETE FROM public.orders AS o
    WHERE o.id = nxtgauge_migration.derived_id('order', OLD.id::text)
      AND NOT EXISTS (SELECT FROM public.payment_transactions AS t WHERE t.order_id = o.id);
    DELETE FROM nxtgauge_migration.payment_source AS s WHERE s.payment_id = OLD.id::text;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_order() IS 'After a payment is deleted: deletes the order that was made of it.';

CREATE FUNCTION nxtgauge_migration.settle_named_payments(VARIADIC names text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    name text;
    key  public.payments.id%TYPE;
BEGIN
    FOREACH name IN ARRAY names LOOP
        CONTINUE WHEN coalesce(btrim(name), '') = '';
        BEGIN
            key := lower(btrim(name));
        EXCEPTION WHEN invalid_text_representation THEN
            CONTINUE;
        END;
        PERFORM nxtgauge_migration.settle_payments(ARRAY[key]);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.settle_named_payments(text[]) IS
    'Settles the payments of these ids; what is no id of a payment is passed over.';

CREATE FUNCTION nxtgauge_migration.carry_invoice() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM nxtgauge_migration.settle_payments(ARRAY[OLD.payment_id]);
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
        PERFORM nxtgauge_migration.settle_payments(ARRAY[NEW.payment_id]);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_invoice() IS 'After an invoice is written: carries its tax into the order.';

CREATE FUNCTION nxtgauge_migration.carry_redemption() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after  jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    old_payment text := coalesce(before ->> 'payment_id', before ->> 'legacy_payment_id');
    new_payment text := coalesce(after ->> 'payment_id', after ->> 'legacy_payment_id');
BEGIN
    PERFORM nxtgauge_migration.settle_named_payments(
        new_payment, CASE WHEN old_payment IS DISTINCT FROM new_payment THEN old_payment END);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_redemption() IS
    'After the use of a coupon is written: carries its discount into the order.';

CREATE FUNCTION nxtgauge_migration.complete_transaction() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    payment public.payments;
BEGIN
    SELECT * INTO payment FROM public.payments AS p WHERE p.id = NEW.payment_id;
    NEW.gateway           := coalesce(NEW.gateway, payment.gateway::text);
    NEW.gateway_reference := coalesce(NEW.gateway_reference, payment.gateway_reference::text);
    NEW.paid_at           := coalesce(NEW.paid_at, payment.paid_at::timestamptz);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.complete_transaction() IS
    'Before a transaction is inserted: what it does not say of gateway, reference and time of payment, its payment says.';

CREATE FUNCTION nxtgauge_migration.carry_transaction() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    payment public.payments;
    before  public.payments;
BEGIN
    SELECT * INTO payment FROM public.payments AS p WHERE p.id = NEW.payment_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    before := payment;
    IF coalesce(nxtgauge_migration.money(payment.amount), 0) <> NEW.amount THEN
        payment.amount := NEW.amount;
    END IF;
    IF coalesce(payment.currency::text, 'XXX') <> NEW.currency THEN
        payment.currency := NEW.currency;
    END IF;
    IF nxtgauge_migration.transaction_status(payment.status::text) <> NEW.status THEN
        payment.status := nxtgauge_migration.spelled_payment_status(NEW.status, payment.status::text);
    END IF;
    IF payment.gateway::text IS DISTINCT FROM NEW.gateway THEN
        payment.gateway := NEW.gateway;
    END IF;
    IF payment.gateway_reference::text IS DISTINCT FROM NEW.gateway_reference THEN
        payment.gateway_reference := NEW.gateway_reference;
    END IF;
    IF payment.paid_at::timestamptz IS DISTINCT FROM NEW.paid_at THEN
        payment.paid_at := NEW.paid_at;
    END IF;
    IF payment *<> before THEN
        UPDATE public.payments AS p
        SET amount = payment.amount, currency = payment.currency, status = payment.status, gateway = payment.gateway,
            gateway_reference = payment.gateway_reference, paid_at = payment.paid_at
        WHERE p.id = NEW.payment_id;
    END IF;

    -- A transaction that was moved to another order leaves the one that had been made of the payment.
    IF TG_OP = 'UPDATE' AND NEW.order_id <> OLD.order_id THEN
        DELETE FROM public.orders AS o
        WHERE o.id = OLD.order_id AND o.id = nxtgauge_migration.derived_id('order', NEW.payment_id::text)
          AND NOT EXISTS (SELECT FROM public.payment_transactions AS t WHERE t.order_id = o.id);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_transaction() IS
    'After a transaction is written: carries that into its payment, where the old backend sees it.';

CREATE FUNCTION nxtgauge_migration.remove_payment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    DELETE FROM public.payments AS p WHERE p.id = OLD.payment_id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_payment() IS
    'After a transaction is deleted: deletes its payment, as no payment is without one. (The other way round the foreign key does it.)';

REVOKE ALL ON FUNCTION nxtgauge_migration.spelled_payment_status(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.payment_discounts(anyarray)        FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.payment_inputs(anyarray)           FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.place_payments(anyarray)           FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.settle_payments(anyarray)          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.settle_named_payments(text[])      FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.place_payment()                    FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.settle_payment()                   FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_order()                     FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_invoice()                    FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_redemption()                 FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.complete_transaction()             FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_transaction()                FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_payment()                   FROM PUBLIC;

-- unit: payments
-- locks: public.payments SHARE ROW EXCLUSIVE

-- When the transaction commits, so that a new backend's own order and transaction are there before.
CREATE CONSTRAINT TRIGGER place_payment
    AFTER INSERT ON public.payments
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.place_payment();

-- Row images are compared, since some types know no equality.
CREATE TRIGGER settle_payment
    AFTER UPDATE ON public.payments
    FOR EACH ROW
    WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on' AND OLD.* OPERATOR(pg_catalog.*<>) NEW.*)
    EXECUTE FUNCTION nxtgauge_migration.settle_payment();

CREATE TRIGGER remove_order
    AFTER DELETE ON public.payments
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_order();

COMMENT ON TRIGGER place_payment  ON public.payments IS 'nxtgauge-migrate: each payment has its transaction and order.';
COMMENT ON TRIGGER settle_payment ON public.payments IS 'nxtgauge-migrate: transaction and order say what the payment says.';
COMMENT ON TRIGGER remove_order   ON public.payments IS 'nxtgauge-migrate: the order made of a payment goes with it.';

-- unit: transactions
-- locks: public.payment_transactions SHARE ROW EXCLUSIVE

CREATE TRIGGER complete_transaction
    BEFORE INSERT ON public.payment_transactions
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.complete_transaction();

CREATE TRIGGER carry_transaction
    AFTER INSERT OR UPDATE ON public.payment_transactions
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_transaction();

CREATE TRIGGER remove_payment
    AFTER DELETE ON public.payment_transactions
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_payment();

COMMENT ON TRIGGER complete_transaction ON public.payment_transactions IS 'nxtgauge-migrate: a new transaction knows what its payment knows.';
COMMENT ON TRIGGER carry_transaction ON public.payment_transactions IS 'nxtgauge-migrate: the payment says what the transaction says.';
COMMENT ON TRIGGER remove_payment    ON public.payment_transactions IS 'nxtgauge-migrate: a payment goes with its transaction.';

-- unit: invoices
-- locks: public.invoices SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_invoice
    AFTER INSERT OR UPDATE OR DELETE ON public.invoices
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_invoice();

COMMENT ON TRIGGER carry_invoice ON public.invoices IS 'nxtgauge-migrate: the order has the tax of its invoice.';

-- unit: coupons
-- locks: public.coupon_redemptions SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_redemption
    AFTER INSERT OR UPDATE OR DELETE ON public.coupon_redemptions FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_redemption();

COMMENT ON TRIGGER carry_redemption ON public.coupon_redemptions IS 'nxtgauge-migrate: the order has the discount of its coupon.';
