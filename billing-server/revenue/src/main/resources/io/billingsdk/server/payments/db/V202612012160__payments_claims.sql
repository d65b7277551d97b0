-- What customers owe for no invoice: money that was taken back after its credit was used.
-- The accounts of providers are those of V202612012150.
ALTER TABLE posting_entry DROP CONSTRAINT posting_entry_account_check;
ALTER TABLE posting_entry ADD CONSTRAINT posting_entry_account_check CHECK (account IN
  ('receivable', 'credit', 'claim', 'prepaid', 'cash', 'cash_stripe', 'cash_paypal', 'cash_sandbox',
   'fee', 'revenue', 'tax', 'write_off'));
