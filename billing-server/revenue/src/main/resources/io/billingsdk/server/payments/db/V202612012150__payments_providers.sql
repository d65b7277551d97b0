-- Payments: money that payment providers move ---------------------------------------------------

ALTER TABLE payment DROP CONSTRAINT payment_method_check;
ALTER TABLE payment ADD CONSTRAINT payment_method_check
  CHECK (method IN ('bank', 'manual', 'stripe', 'paypal', 'sandbox'));

ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
ALTER TABLE posting ADD CONSTRAINT posting_kind_check
  CHECK (kind IN ('invoice', 'credit_note', 'payment', 'refund', 'return', 'write_off',
    'chargeback', 'refund_failed', 'fee', 'top_up'));

ALTER TABLE posting_entry DROP CONSTRAINT posting_entry_account_check;
ALTER TABLE posting_entry ADD CONSTRAINT posting_entry_account_check
  CHECK (account IN ('receivable', 'credit', 'prepaid', 'cash', 'revenue', 'tax', 'write_off',
    'cash_stripe', 'cash_paypal', 'cash_sandbox', 'fee'));

-- What a provider has moved, by its own reference: each move is in the books once.
CREATE TABLE provider_booking (
  provider   text NOT NULL,
  reference  text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('payment', 'refund', 'chargeback', 'return',
    'refund_failed', 'chargeback_won')),
  payment_id text NOT NULL REFERENCES payment,
  booked_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, reference, kind)
);
CREATE INDEX provider_booking_by_payment ON provider_booking (payment_id);
CREATE TRIGGER provider_booking_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON provider_booking
  FOR EACH STATEMENT EXECUTE FUNCTION money_is_moved();

GRANT SELECT, INSERT ON provider_booking TO billing_server;
