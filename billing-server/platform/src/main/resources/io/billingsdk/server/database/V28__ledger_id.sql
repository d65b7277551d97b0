-- Which ledger this is: producers see by it that another one, restored from a copy, has taken over.
CREATE TABLE ledger (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id       uuid NOT NULL DEFAULT gen_random_uuid(),
  since    timestamptz NOT NULL DEFAULT now()
);
INSERT INTO ledger DEFAULT VALUES;
GRANT SELECT, UPDATE ON ledger TO billing_server;
