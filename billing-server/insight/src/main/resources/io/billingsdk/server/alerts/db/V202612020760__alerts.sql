-- Alerts: rules of what may be spent, and what was said about them ---------------------------------

-- A rule, or a budget. With each change it has another revision, whose alerts begin anew.
CREATE TABLE alert_rule (
  rule       text PRIMARY KEY CHECK (rule ~ '^[a-z][a-z0-9_-]{0,63}$'),
  revision   integer NOT NULL CHECK (revision > 0),
  scope      text NOT NULL CHECK (scope IN ('operation', 'user', 'service', 'execution', 'budget')),
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- Of a budget: the thresholds times the amount.
  bounds     numeric[] NOT NULL,
  inclusive  boolean NOT NULL,
  period     text NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly', 'rolling')),
  -- Of a rolling period.
  days       integer NOT NULL,
  zone       text NOT NULL,
  -- Of a budget: what it is for; without both it is for all costs.
  service    text,
  subject    text,
  amount     numeric,
  thresholds numeric[],
  muted      boolean NOT NULL DEFAULT false,
  removed    boolean NOT NULL DEFAULT false,
  -- Whether all costs of now were looked at since it was changed.
  checked    boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((scope = 'budget') = (amount IS NOT NULL AND thresholds IS NOT NULL)),
  CHECK (scope = 'budget' OR (service IS NULL AND subject IS NULL)),
  CHECK (service IS NULL OR subject IS NULL),
  CHECK ((period = 'rolling') = (days > 0))
);

-- What was said, once for a bound and a period of a rule. Muted: it was not said, and will not be.
CREATE TABLE alert (
  alert_no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule            text NOT NULL REFERENCES alert_rule,
  revision        integer NOT NULL,
  -- The operation, user, service or execution; of a budget what it is for.
  about           text NOT NULL,
  period          text NOT NULL,
  ends            timestamptz,
  bound           integer NOT NULL CHECK (bound >= 0),
  bound_amount    numeric NOT NULL,
  state           text NOT NULL CHECK (state IN ('open', 'resolved', 'muted')),
  amount          numeric NOT NULL,
  raised_at       timestamptz NOT NULL,
  resolved_amount numeric,
  resolved_at     timestamptz,
  cause           text CHECK (cause IN ('below', 'period_over', 'rule_changed', 'rule_removed')),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL AND cause IS NOT NULL))
);
CREATE UNIQUE INDEX alert_once ON alert (rule, revision, period, about, bound)
  WHERE period <> 'rolling';
CREATE UNIQUE INDEX alert_once_at_a_time ON alert (rule, revision, period, about, bound)
  WHERE period = 'rolling' AND state <> 'resolved';
CREATE INDEX alert_open ON alert (rule) WHERE state <> 'resolved';

-- Sums that have changed since rules were judged. Rows are added in the transaction that changes
-- the costs, and deleted in the one that says what comes of them.
CREATE TABLE alert_touched (
  touch_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope    text NOT NULL,
  about    text NOT NULL,
  quarter  timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Advice that was said in a month.
CREATE TABLE advice_said (
  month   text NOT NULL,
  advice  text NOT NULL,
  said_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (month, advice)
);

INSERT INTO alert_rule
  (rule, revision, scope, currency, bounds, inclusive, period, days, zone, checked)
VALUES ('high_cost_alert', 1, 'operation', 'USD', '{1.00}', false, 'daily', 0, 'UTC', true);

GRANT SELECT, INSERT, UPDATE ON alert_rule, alert TO billing_server;
GRANT SELECT, INSERT, DELETE ON alert_touched TO billing_server;
GRANT SELECT, INSERT ON advice_said TO billing_server;
