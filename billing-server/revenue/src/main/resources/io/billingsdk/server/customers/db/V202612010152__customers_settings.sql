-- Settings of bills, of customers (customer/ID) and sellers (seller/ID). Rows are added, never
-- changed: the one with the highest revision is in force, the others are the history.
CREATE TABLE billing_settings (
  owner       text NOT NULL CHECK (owner ~ '^(customer|seller)/.+$'),
  revision    integer NOT NULL CHECK (revision > 0),
  content     jsonb NOT NULL,
  actor       text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, revision)
);

GRANT SELECT, INSERT ON billing_settings TO billing_server;
