-- Tokens for money, apart from those for usage, and tokens of one customer ---------------------------

ALTER TABLE access_token DROP CONSTRAINT access_token_scope_check;
ALTER TABLE access_token ADD CONSTRAINT access_token_scope_check CHECK (
  scope IN ('intake', 'read', 'write', 'metering', 'catalog', 'finance', 'refund', 'admin'));

-- Not null: it reads what belongs to that customer, and nothing else.
ALTER TABLE access_token ADD COLUMN customer_id text;
ALTER TABLE access_token ADD CONSTRAINT access_token_customer_check CHECK (
  customer_id IS NULL OR (scope = 'read' AND app_id IS NULL));
