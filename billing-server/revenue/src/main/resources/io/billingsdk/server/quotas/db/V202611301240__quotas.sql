-- Quotas: the settled, the leased and the granted amounts -------------------------

-- A row for each quota of which something was leased: a grant locks it.
CREATE TABLE quota (
  quota_id text PRIMARY KEY CHECK (length(quota_id) BETWEEN 1 AND 256)
);

-- What the ledger holds of each period. Sharded, so that the lanes of the intake do not wait for
-- each other. A correction may make a shard negative; their sum is what counts.
CREATE TABLE quota_counter_shard (
  quota_id     text NOT NULL,
  period_start timestamptz NOT NULL,
  shard        smallint NOT NULL,
  settled      numeric NOT NULL,
  -- Of it, what no lease covered.
  beyond       numeric NOT NULL,
  changed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (quota_id, period_start, shard)
) WITH (fillfactor = 70);
CREATE INDEX quota_counter_changed ON quota_counter_shard USING brin (changed_at);

-- Totals since the beginning of the lease. What is debited is granted - settled - returned.
CREATE TABLE quota_lease (
  lease_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ledger       uuid NOT NULL,
  quota_id     text NOT NULL,
  period_start timestamptz NOT NULL,
  period_end   timestamptz NOT NULL CHECK (period_end > period_start),
  -- Null of a reservation over HTTP, which is of no instance.
  instance     text,
  stream       uuid,
  hard         boolean NOT NULL,
  granted      numeric NOT NULL CHECK (granted >= 0),
  settled      numeric NOT NULL DEFAULT 0 CHECK (settled >= 0),
  returned     numeric NOT NULL DEFAULT 0 CHECK (returned >= 0),
  -- Of what was returned, what was spent and never came: lost usage.
  lost         numeric NOT NULL DEFAULT 0 CHECK (lost >= 0),
  last_request bigint NOT NULL DEFAULT 0,
  expires_at   timestamptz NOT NULL,
  holding      text NOT NULL DEFAULT 'open' CHECK (holding IN ('open', 'closed', 'done')),
  created_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (settled + returned <= granted),
  CHECK ((instance IS NULL) = (stream IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX quota_lease_of_holder ON quota_lease (quota_id, period_start, instance, stream)
  WHERE holding = 'open' AND instance IS NOT NULL;
CREATE INDEX quota_lease_outstanding ON quota_lease (quota_id, period_start)
  WHERE holding <> 'done';
CREATE INDEX quota_lease_by_instance ON quota_lease (instance) WHERE holding <> 'done';

-- Processes that hold leases, in the order in which they were first heard of.
CREATE TABLE quota_holder (
  holder_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance   text NOT NULL,
  stream     uuid NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  UNIQUE (instance, stream)
);

-- More than the limit, until a moment.
CREATE TABLE quota_grant (
  grant_no    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  quota_id    text NOT NULL,
  amount      numeric NOT NULL CHECK (amount > 0),
  valid_from  timestamptz NOT NULL,
  valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
  reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  actor       text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quota_grant_by_quota ON quota_grant (quota_id, valid_until);

-- Which thresholds were noticed: each once for a quota and period.
CREATE TABLE quota_notice (
  quota_id     text NOT NULL,
  period_start timestamptz NOT NULL,
  threshold    numeric NOT NULL,
  noticed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (quota_id, period_start, threshold)
);

-- Refused calls, as the instances count them since their streams began.
CREATE TABLE quota_refusal (
  instance text NOT NULL,
  stream   uuid NOT NULL,
  key_id   text NOT NULL,
  reason   text NOT NULL,
  count    bigint NOT NULL,
  said_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_id, reason, instance, stream)
);

-- Parts of a key's rate. Nothing of it outlives a crash: a holder's part ends by itself.
CREATE TABLE quota_rate_share (
  key_id     text NOT NULL,
  instance   text NOT NULL,
  stream     uuid NOT NULL,
  share      bigint NOT NULL,
  per_second numeric NOT NULL CHECK (per_second >= 0),
  burst      bigint NOT NULL CHECK (burst >= 0),
  -- What the holder may still apply, until it has confirmed the share: the higher of the two.
  held_rate  numeric NOT NULL CHECK (held_rate >= per_second),
  held_burst bigint NOT NULL CHECK (held_burst >= burst),
  asked      bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (key_id, instance, stream)
);

GRANT SELECT, INSERT ON quota, quota_grant, quota_notice, quota_holder TO billing_server;
GRANT UPDATE ON quota TO billing_server;
GRANT SELECT, INSERT, UPDATE ON quota_counter_shard, quota_lease, quota_refusal TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON quota_rate_share TO billing_server;
