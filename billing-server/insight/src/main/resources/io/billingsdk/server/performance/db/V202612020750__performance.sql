-- Performance: steps of executions, sketches of their durations, sums of costs ----------------------

-- A step of an execution, as an event of the ledger says it.
CREATE TABLE performance_step (
  at           timestamptz NOT NULL,
  stream_id    integer NOT NULL,
  seq          bigint NOT NULL,
  record_id    text,
  app_id       text,
  subject      text,
  execution    text,
  task_type    text NOT NULL,
  step_name    text NOT NULL,
  completed_at timestamptz,
  duration_ms  bigint NOT NULL CHECK (duration_ms >= 0),
  -- started: it runs. execution: the whole of it, which has no step.
  status       text NOT NULL CHECK (status IN ('started', 'success', 'failed')),
  is_whole     boolean NOT NULL,
  error        text,
  metadata     jsonb,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (at, stream_id, seq)
);
CREATE INDEX performance_step_of_execution ON performance_step (execution)
  WHERE execution IS NOT NULL;
CREATE INDEX performance_step_of_record ON performance_step (record_id)
  WHERE record_id IS NOT NULL;

-- Durations of an hour of UTC. Part 0 is the sketch; each other part is what one transaction added,
-- so that no transaction waits for another. A job adds the parts to the sketch.
CREATE SEQUENCE performance_sketch_part;
CREATE TABLE performance_sketch (
  hour      timestamptz NOT NULL,
  task_type text NOT NULL,
  step_name text NOT NULL,
  part      bigint NOT NULL,
  sketch    bytea NOT NULL,
  PRIMARY KEY (hour, task_type, step_name, part)
);
CREATE INDEX performance_sketch_waiting ON performance_sketch (part) WHERE part > 0;

-- Sketches with a corrected duration: they are made again, since a sketch forgets nothing.
CREATE TABLE performance_stale (
  hour      timestamptz NOT NULL,
  task_type text NOT NULL,
  step_name text NOT NULL,
  part      bigint NOT NULL,
  PRIMARY KEY (hour, task_type, step_name, part)
);

-- Sums of costs in quarters of an hour, hours and days of UTC: by user, or by operation.
CREATE TABLE analytics_sum (
  dimension   text NOT NULL CHECK (dimension IN ('user', 'operation')),
  minutes     integer NOT NULL CHECK (minutes IN (15, 60, 1440)),
  starts      timestamptz NOT NULL,
  subject     text NOT NULL,
  service     text NOT NULL,
  operation   text NOT NULL,
  is_prompt   boolean NOT NULL,
  currency    text NOT NULL,
  state       text NOT NULL,
  -- Costs with those of corrections; a row is gone when it has none.
  entries     bigint NOT NULL CHECK (entries >= 0),
  uses        bigint NOT NULL CHECK (uses >= 0),
  amount      numeric NOT NULL,
  timed       bigint NOT NULL CHECK (timed >= 0),
  duration_ms numeric NOT NULL,
  PRIMARY KEY (dimension, minutes, starts, subject, service, operation, is_prompt, currency, state)
) WITH (fillfactor = 80);

-- Advice that a person has dismissed.
CREATE TABLE advice_dismissal (
  advice       text PRIMARY KEY CHECK (length(advice) BETWEEN 1 AND 600),
  reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  actor        text NOT NULL,
  dismissed_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON performance_sketch, performance_stale, analytics_sum,
  advice_dismissal TO billing_server;
GRANT SELECT, INSERT, UPDATE ON performance_step TO billing_server;
GRANT USAGE ON SEQUENCE performance_sketch_part TO billing_server;
