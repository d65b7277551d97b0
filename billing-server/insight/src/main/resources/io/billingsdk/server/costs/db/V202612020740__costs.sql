-- Costs: what each event cost us, by which price ---------------------------------------------------

-- What the ledger has added and no cost is made of yet: a row for each change of the ledger, in its
-- transaction. Who prices them deletes the rows in the transaction that adds the costs, so that none
-- is missed when a transaction commits late, and none is priced twice.
CREATE TABLE cost_queue (
  queue_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  added    text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Versions of the price list. A version is a digest of its rows.
CREATE TABLE price_catalogue (
  catalogue_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version      text NOT NULL CHECK (length(version) = 16),
  prices       text NOT NULL,
  row_count    integer NOT NULL CHECK (row_count >= 0),
  reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  accepted     text[] NOT NULL DEFAULT '{}',
  actor        text NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX price_catalogue_by_version ON price_catalogue (version);

-- The newest cost of each event, and of each correction. Earlier ones are in cost_revision.
CREATE TABLE cost (
  at                timestamptz NOT NULL,
  stream_id         integer NOT NULL,
  seq               bigint NOT NULL,
  revision          integer NOT NULL CHECK (revision > 0),
  app_id            text,
  key_id            text,
  subject           text,
  session           text,
  execution         text,
  service           text NOT NULL,
  model             text NOT NULL,
  operation         text NOT NULL,
  prompt            boolean NOT NULL,
  state             text NOT NULL CHECK (state IN ('priced', 'free', 'unknown')),
  -- Names what has no price.
  reason            text,
  amount            numeric,
  currency          text,
  -- What the caller said that it cost.
  reported          numeric,
  reported_currency text,
  quantity          numeric NOT NULL,
  unit              text NOT NULL,
  duration_ms       bigint,
  input_tokens      numeric NOT NULL,
  cached_tokens     numeric NOT NULL,
  output_tokens     numeric NOT NULL,
  -- Quantities by bucket; adapter says what they were read by.
  usage             jsonb NOT NULL,
  adapter           text NOT NULL,
  provider          text,
  service_tier      text NOT NULL,
  region            text,
  price_id          text,
  catalogue         text NOT NULL,
  metadata          jsonb,
  rated_at          timestamptz NOT NULL,
  PRIMARY KEY (at, stream_id, seq),
  CHECK ((state = 'unknown') = (amount IS NULL)),
  CHECK ((state = 'unknown') = (reason IS NOT NULL)),
  CHECK (amount IS NULL OR currency IS NOT NULL)
) PARTITION BY RANGE (at);
CREATE INDEX cost_by_event ON cost (stream_id, seq);
CREATE INDEX cost_by_execution ON cost (execution) WHERE execution IS NOT NULL;
CREATE INDEX cost_unknown ON cost (at) WHERE state = 'unknown';

-- Who made costs others than they were, and why.
CREATE TABLE cost_change (
  change_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('rerating', 'undo')),
  -- Of an undo: the change that it takes back.
  undoes      bigint REFERENCES cost_change UNIQUE,
  reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  selection   jsonb NOT NULL,
  fingerprint text NOT NULL,
  catalogue   text NOT NULL,
  changed     bigint NOT NULL,
  unchanged   bigint NOT NULL,
  differences jsonb NOT NULL,
  actor       text NOT NULL,
  made_at     timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'undo') = (undoes IS NOT NULL))
);

-- Costs as they were before; rows are added, never changed. Without a change: an attribution.
CREATE TABLE cost_revision (
  LIKE cost,
  change_no   bigint REFERENCES cost_change,
  replaced_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, seq, revision)
);
CREATE INDEX cost_revision_by_change ON cost_revision (change_no) WHERE change_no IS NOT NULL;

-- As of the ledger: only the owner makes tables, the server asks for the month that it needs.
CREATE FUNCTION ensure_cost_partition(at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  beginning timestamptz := date_trunc('month', at);
  name text := 'cost_' || to_char(beginning, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('billing.ensure_cost_partition'));
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I (LIKE cost INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format(
      'ALTER TABLE cost ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      name, beginning, beginning + interval '1 month');
  END IF;
END $$;
REVOKE ALL ON FUNCTION ensure_cost_partition(timestamptz) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION ensure_cost_partition(timestamptz) TO billing_server;
GRANT SELECT, INSERT, DELETE ON cost_queue TO billing_server;
GRANT SELECT, INSERT, UPDATE ON cost TO billing_server;
GRANT SELECT, INSERT ON price_catalogue, cost_change, cost_revision TO billing_server;
