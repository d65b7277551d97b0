-- Refused calls by time: an instance says how many there were since its stream began, so what is new
-- is the difference to what it said before.
ALTER TABLE quota_refusal ADD COLUMN count_before bigint NOT NULL DEFAULT 0;

-- By quarters of an hour: in every zone a day begins with one.
CREATE TABLE quota_refusal_time (
  key_id text NOT NULL,
  reason text NOT NULL,
  at     timestamptz NOT NULL,
  count  bigint NOT NULL CHECK (count > 0),
  PRIMARY KEY (key_id, reason, at)
);

GRANT SELECT, INSERT, UPDATE ON quota_refusal_time TO billing_server;
