-- Whose plan has changed, so that those who remember plans forget no more than these.
CREATE TABLE entitlement_change (
  customer_id text PRIMARY KEY,
  -- That of the entitlements by the last change of this customer.
  version     bigint NOT NULL
);
CREATE INDEX entitlement_change_by_version ON entitlement_change (version);

-- That of the last change that may concern every customer.
ALTER TABLE entitlement_table ADD COLUMN of_all bigint NOT NULL DEFAULT 0;

GRANT SELECT, INSERT, UPDATE ON entitlement_change TO billing_server;
