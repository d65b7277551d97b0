-- Subscriptions: the events are the history, from which the other tables follow.

CREATE TABLE subscription (
  subscription_id uuid PRIMARY KEY,
  customer_id     text NOT NULL,
  state           text NOT NULL
    CHECK (state IN ('trialing', 'active', 'past_due', 'paused', 'cancelled')),
  plan            text NOT NULL,
  plan_version    integer NOT NULL,
  revision        bigint NOT NULL CHECK (revision > 0),
  -- When time does something to it, by the clock of its customer.
  due_at          timestamptz,
  content         jsonb NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now()
);
-- A customer has one at a time.
CREATE UNIQUE INDEX subscription_of_customer ON subscription (customer_id) WHERE state <> 'cancelled';
CREATE INDEX subscription_by_customer ON subscription (customer_id, created_at);
CREATE INDEX subscription_due ON subscription (due_at, subscription_id) WHERE due_at IS NOT NULL;
CREATE INDEX subscription_by_plan ON subscription (plan, plan_version, subscription_id);

-- Half-open; an empty one is a plan that another one replaced at the same moment.
CREATE TABLE subscription_segment (
  subscription_id uuid NOT NULL REFERENCES subscription,
  number          integer NOT NULL CHECK (number > 0),
  plan            text NOT NULL,
  plan_version    integer NOT NULL,
  is_trial        boolean NOT NULL,
  valid_from      timestamptz NOT NULL,
  valid_to        timestamptz,
  PRIMARY KEY (subscription_id, number),
  CHECK (valid_to >= valid_from)
);

CREATE TABLE subscription_event (
  subscription_id uuid NOT NULL,
  number          bigint NOT NULL CHECK (number > 0),
  at              timestamptz NOT NULL,
  act             text NOT NULL,
  state           text NOT NULL,
  command         jsonb NOT NULL,
  lines           jsonb NOT NULL,
  actor           text NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subscription_id, number)
);

CREATE TABLE subscription_migration (
  migration_id uuid PRIMARY KEY,
  plan         text NOT NULL,
  from_version integer,
  to_version   integer NOT NULL,
  timing       text NOT NULL CHECK (timing IN ('NOW', 'AT_PERIOD_END')),
  actor        text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- Up to where it is done, in the order of the ids of subscriptions.
  done_up_to   uuid,
  migrated     bigint NOT NULL DEFAULT 0,
  refused      bigint NOT NULL DEFAULT 0,
  finished_at  timestamptz
);

GRANT SELECT, INSERT, UPDATE ON subscription, subscription_segment, subscription_migration TO billing_server;
GRANT SELECT, INSERT ON subscription_event TO billing_server;
