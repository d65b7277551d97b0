-- Tables belong to the owner, who runs this. The server works as a member of billing_server.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'billing_server') THEN
    CREATE ROLE billing_server NOLOGIN;
  END IF;
END $$;

-- Keys -----------------------------------------------------------------------------------------

CREATE TABLE app (
  app_id     text PRIMARY KEY CHECK (length(app_id) BETWEEN 1 AND 256),
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_key (
  key_id          text PRIMARY KEY CHECK (key_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  sha256          bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  app_id          text NOT NULL REFERENCES app,
  status          text NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'blocked', 'removed')),
  reason          text CHECK (length(reason) <= 256),
  version         bigint NOT NULL UNIQUE,
  expires_at      timestamptz,
  models          text[] NOT NULL DEFAULT '{}',
  rate_per_second double precision,
  rate_burst      bigint,
  quotas          jsonb NOT NULL DEFAULT '[]',
  -- The key itself, encrypted: only of keys that the feed of protocol v1 must carry.
  legacy_key      bytea,
  created_at      timestamptz NOT NULL DEFAULT now()
);

-- One row. Whoever changes a key locks it first, so that versions are committed in their order.
CREATE TABLE key_table (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL
);
INSERT INTO key_table (version) VALUES (0);

CREATE TABLE key_change (
  version    bigint PRIMARY KEY,
  key_id     text NOT NULL REFERENCES api_key,
  what       text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- Streams --------------------------------------------------------------------------------------

CREATE TABLE stream (
  stream_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid        uuid NOT NULL UNIQUE,
  instance    text,
  highest_seq bigint NOT NULL DEFAULT 0,
  first_seen  timestamptz NOT NULL DEFAULT now(),
  last_seen   timestamptz NOT NULL DEFAULT now()
);

-- Numbers below the highest that have not come.
CREATE TABLE stream_gap (
  stream_id integer NOT NULL REFERENCES stream,
  first_seq bigint NOT NULL,
  last_seq  bigint NOT NULL CHECK (last_seq >= first_seq),
  PRIMARY KEY (stream_id, first_seq)
);

-- What the producer said of itself last: the loss equation and its journal.
CREATE TABLE stream_hello (
  stream_id     integer PRIMARY KEY REFERENCES stream,
  said_at       timestamptz NOT NULL DEFAULT now(),
  sdk_version   text NOT NULL,
  last_seq      bigint NOT NULL,
  keys_version  bigint NOT NULL,
  accepted      bigint NOT NULL,
  delivered     bigint NOT NULL,
  pending       bigint NOT NULL,
  dead_lettered bigint NOT NULL,
  dropped       bigint NOT NULL,
  rejected      bigint NOT NULL,
  journal_bytes bigint NOT NULL,
  quarantined   bigint NOT NULL
);

-- The ledger: rows are added, never changed ------------------------------------------------------

-- Who was counted. Apart from the events, because a unique index on a partitioned table has to
-- hold its partition key: the same event with another time would then be another event.
CREATE TABLE event_identity (
  stream_id integer NOT NULL,
  seq       bigint NOT NULL,
  hash      bytea NOT NULL,
  CONSTRAINT event_identity_is_unique PRIMARY KEY (stream_id, seq)
);

CREATE TABLE usage_event (
  occurred_at     timestamptz NOT NULL,
  received_at     timestamptz NOT NULL DEFAULT now(),
  stream_id       integer NOT NULL,
  seq             bigint NOT NULL,
  -- Null: the key was not known when the event came. It can be attributed later.
  app_id          text,
  key_id          text,
  key_sha256      bytea,
  module          text NOT NULL,
  model           text NOT NULL,
  usage           numeric NOT NULL,
  metadata        jsonb,
  idempotency_key text
) PARTITION BY RANGE (occurred_at);
CREATE INDEX usage_event_by_time ON usage_event USING brin (occurred_at);
CREATE INDEX usage_event_by_app ON usage_event (app_id, occurred_at);

CREATE TABLE attribution (
  stream_id     integer NOT NULL,
  seq           bigint NOT NULL,
  app_id        text NOT NULL REFERENCES app,
  key_id        text REFERENCES api_key,
  reason        text NOT NULL,
  attributed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, seq)
);

CREATE TABLE idempotency (
  app_id          text NOT NULL,
  idempotency_key text NOT NULL,
  stream_id       integer NOT NULL,
  seq             bigint NOT NULL,
  PRIMARY KEY (app_id, idempotency_key)
);

CREATE TABLE rejected_event (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream      uuid,
  seq         bigint NOT NULL,
  instance    text,
  code        text NOT NULL,
  detail      text NOT NULL,
  content     text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX rejected_event_once ON rejected_event (stream, seq, code) WHERE stream IS NOT NULL;

CREATE TABLE conflicting_event (
  stream_id   integer NOT NULL,
  seq         bigint NOT NULL,
  hash        bytea NOT NULL,
  instance    text,
  content     jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, seq, hash)
);

-- Rollups ----------------------------------------------------------------------------------------

-- A shard for each collector, so that they do not wait for each other's rows; the view adds them.
CREATE TABLE usage_rollup_shard (
  hour   timestamptz NOT NULL,
  app_id text NOT NULL,
  key_id text NOT NULL,
  module text NOT NULL,
  model  text NOT NULL,
  shard  smallint NOT NULL,
  events bigint NOT NULL,
  usage  numeric NOT NULL,
  PRIMARY KEY (hour, app_id, key_id, module, model, shard)
);

CREATE VIEW usage_rollup AS
  SELECT hour, app_id, key_id, module, model, sum(events)::bigint AS events, sum(usage) AS usage
  FROM usage_rollup_shard
  GROUP BY hour, app_id, key_id, module, model;

-- Partitions -------------------------------------------------------------------------------------

-- Only the owner makes tables; the server asks for the month that it needs. In UTC, whatever the
-- session's time zone.
CREATE FUNCTION ensure_partition(at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  beginning timestamptz := date_trunc('month', at);
  name text := 'usage_event_' || to_char(beginning, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('billing.ensure_partition'));
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format(
      'ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      name, beginning, beginning + interval '1 month');
  END IF;
END $$;
REVOKE ALL ON FUNCTION ensure_partition(timestamptz) FROM PUBLIC;

-- Rights -----------------------------------------------------------------------------------------

DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO billing_server', current_schema()); END $$;
GRANT EXECUTE ON FUNCTION ensure_partition(timestamptz) TO billing_server;
GRANT SELECT, INSERT ON event_identity, usage_event, attribution, idempotency, rejected_event,
  conflicting_event, key_change TO billing_server;
GRANT SELECT, INSERT, UPDATE ON app, api_key, stream, stream_hello, usage_rollup_shard TO billing_server;
GRANT SELECT, UPDATE ON key_table TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON stream_gap TO billing_server;
GRANT SELECT ON usage_rollup TO billing_server;
