-- How much of each charge a quota of money has counted: the price of an event in a tier depends on
-- what was used before it.
CREATE TABLE quota_spend (
  quota_id     text NOT NULL,
  period_start timestamptz NOT NULL,
  -- The subscription, its segment and the charge.
  part         text NOT NULL,
  -- By the values of the dimension of the charge, exact decimals as texts.
  quantities   jsonb NOT NULL,
  PRIMARY KEY (quota_id, period_start, part)
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE ON quota_spend TO billing_server;
