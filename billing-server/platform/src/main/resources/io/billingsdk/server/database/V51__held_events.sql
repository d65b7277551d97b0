-- Rejected events that only a clock keeps out, and nobody knows whose: they are taken in when their
-- time is within the bounds.
CREATE TABLE held_event (
  rejected_id bigint PRIMARY KEY REFERENCES rejected_event,
  occurred_at timestamptz NOT NULL
);
CREATE INDEX held_event_by_time ON held_event (occurred_at);

GRANT SELECT, INSERT, DELETE ON held_event TO billing_server;
