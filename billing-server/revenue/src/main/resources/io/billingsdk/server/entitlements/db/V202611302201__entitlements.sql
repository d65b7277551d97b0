-- What plans let keys do ---------------------------------------------------------------------------

-- One row. Its version rises with each change; who changes something locks it.
CREATE TABLE entitlement_table (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version  bigint NOT NULL
);
INSERT INTO entitlement_table (version) VALUES (1);

-- What blocks all keys of a customer beside its subscription.
CREATE TABLE customer_block (
  customer_id text NOT NULL REFERENCES customer,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 320),
  cause       text NOT NULL CHECK (cause IN ('plan', 'past_due')),
  reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  actor       text NOT NULL,
  since       timestamptz NOT NULL DEFAULT now(),
  until       timestamptz,
  PRIMARY KEY (customer_id, name)
);
CREATE INDEX customer_block_until ON customer_block (until) WHERE until IS NOT NULL;

GRANT SELECT, UPDATE ON entitlement_table TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_block TO billing_server;
