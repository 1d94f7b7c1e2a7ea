-- End the synchronisation: triggers and functions leave. What payments, invoices and coupons say was never touched by it but in
-- answer to the new backend.
--
-- locks: public.payments, public.invoices, public.coupon_redemptions and public.payment_transactions ACCESS EXCLUSIVE, brief

-- unit: coupons
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

DROP TRIGGER carry_redemption ON public.coupon_redemptions;

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE

DROP TRIGGER carry_invoice ON public.invoices;

-- unit: transactions
-- locks: public.payment_transactions ACCESS EXCLUSIVE

DROP TRIGGER remove_payment ON public.payment_transactions;
DROP TRIGGER carry_transaction ON public.payment_transactions;
DROP TRIGGER complete_transaction ON public.payment_transactions;

-- unit: payments
-- locks: public.payments ACCESS EXCLUSIVE

DROP TRIGGER remove_order ON public.payments;
DROP TRIGGER settle_payment ON public.payments;
DROP TRIGGER place_payment ON public.payments;

-- unit: functions

DROP FUNCTION nxtgauge_migration.remove_payment();
DROP FUNCTION nxtgauge_migration.carry_transaction();
DROP FUNCTION nxtgauge_migration.complete_transaction();
DROP FUNCTION nxtgauge_migration.carry_redemption();
DROP FUNCTION nxtgauge_migration.carry_invoice();
DROP FUNCTION nxtgauge_migration.settle_named_payments(text[]);
DROP FUNCTION nxtgauge_migration.remove_order();
DROP FUNCTION nxtgauge_migration.settle_payment();
DROP FUNCTION nxtgauge_migration.place_payment();
DROP FUNCTION nxtgauge_migration.settle_payments(anyarray);
DROP FUNCTION nxtgauge_migration.place_payments(anyarray);
DROP FUNCTION nxtgauge_migration.payment_inputs(anyarray);
DROP FUNCTION nxtgauge_migration.payment_discounts(anyarray);
DROP FUNCTION nxtgauge_migration.spelled_payment_status(text, text);
DROP FUNCTION nxtgauge_migration.order_status(text);
DROP FUNCTION nxtgauge_migration.transaction_status(text);
DROP FUNCTION nxtgauge_migration.derived_id(text, text);
DROP FUNCTION nxtgauge_migration.money(double precision);
DROP FUNCTION nxtgauge_migration.money(numeric);
