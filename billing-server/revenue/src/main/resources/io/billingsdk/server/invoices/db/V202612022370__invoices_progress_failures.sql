-- Why usage could not be invoiced before the end of its period. A running period has no span yet
-- that could say it.
CREATE TABLE invoice_progress_failure (
  subscription_id uuid PRIMARY KEY,
  customer_id     text NOT NULL,
  -- Of the span that will bill the period.
  number          integer NOT NULL,
  valid_from      timestamptz NOT NULL,
  valid_to        timestamptz NOT NULL,
  failure         text NOT NULL,
  failures        integer NOT NULL DEFAULT 1 CHECK (failures > 0),
  tried_at        timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON invoice_progress_failure TO billing_server;
