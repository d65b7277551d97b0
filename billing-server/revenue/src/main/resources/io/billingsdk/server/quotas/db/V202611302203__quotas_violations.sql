-- Refused calls by key, reason and quarter of an hour: midnight of each zone begins one.
CREATE TABLE quota_refusal_slot (
  key_id     text NOT NULL,
  slot       timestamptz NOT NULL,
  reason     text NOT NULL,
  count      bigint NOT NULL CHECK (count > 0),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_id, slot, reason)
) WITH (fillfactor = 70);
CREATE INDEX quota_refusal_slot_changed ON quota_refusal_slot USING brin (changed_at);
CREATE INDEX quota_refusal_slot_by_time ON quota_refusal_slot USING brin (slot);

-- What many of them have led to: each rule once for a key and window.
CREATE TABLE quota_violation (
  key_id       text NOT NULL,
  plan         text NOT NULL,
  rule         integer NOT NULL,
  window_start timestamptz NOT NULL,
  refusals     bigint NOT NULL,
  noticed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_id, plan, rule, window_start)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON quota_refusal_slot TO billing_server;
GRANT SELECT, INSERT ON quota_violation TO billing_server;
