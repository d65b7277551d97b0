-- When the days of a customer began in another zone, by the clock of the customer. A subscription
-- takes it up at that moment, whenever it is looked at.
CREATE TABLE customer_zone (
  customer_id text NOT NULL REFERENCES customer,
  since       timestamptz NOT NULL,
  before      text NOT NULL,
  zone        text NOT NULL,
  PRIMARY KEY (customer_id, since)
);

GRANT SELECT, INSERT, UPDATE ON customer_zone TO billing_server;
