-- Outbox: what happened, written in the transaction that made it so, and who is still to be told.

-- A position is drawn before the COMMIT: rows may appear below the highest one. Nothing reads by it
-- alone; of one subject positions are in the order of the commits.
CREATE TABLE outbox_event (
  position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id   uuid NOT NULL UNIQUE,
  kind       text NOT NULL CHECK (length(kind) BETWEEN 1 AND 256),
  subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
  payload    jsonb NOT NULL,
  actor      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_event_by_time ON outbox_event USING brin (created_at);

CREATE TABLE outbox_subscriber (
  name    text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  kinds   text[] NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE outbox_delivery (
  position        bigint NOT NULL REFERENCES outbox_event ON DELETE CASCADE,
  subscriber      text NOT NULL REFERENCES outbox_subscriber ON DELETE CASCADE,
  subject         text NOT NULL,
  state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'parked')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  problem         text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  delivered_at    timestamptz,
  PRIMARY KEY (position, subscriber)
);
CREATE INDEX outbox_delivery_next ON outbox_delivery (subscriber, position) WHERE state = 'pending';
CREATE INDEX outbox_delivery_first ON outbox_delivery (subscriber, subject, position)
  WHERE state = 'pending';
CREATE INDEX outbox_delivery_parked ON outbox_delivery (subscriber) WHERE state = 'parked';

GRANT SELECT, INSERT, DELETE ON outbox_event TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_subscriber, outbox_delivery TO billing_server;
