-- How much of whom was refused for which reason: of a sender that sends too much of it a sample is
-- kept as rows, and all of it is counted here. Repeats of what is kept are counted as well.
CREATE TABLE refusal_count (
  sender   text NOT NULL,
  code     text NOT NULL,
  refused  bigint NOT NULL,
  kept     bigint NOT NULL,
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sender, code)
);

GRANT SELECT, INSERT, UPDATE ON refusal_count TO billing_server;

-- Numbers that came and were refused, and of which no row is kept.
ALTER TABLE stream ADD COLUMN left_out bigint NOT NULL DEFAULT 0;
