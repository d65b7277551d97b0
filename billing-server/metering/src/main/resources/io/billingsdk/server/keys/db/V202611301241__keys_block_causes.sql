-- Causes of a block: a key is blocked while any of them stands -------------------------------------

CREATE TABLE key_block (
  key_id  text NOT NULL REFERENCES api_key,
  cause   text NOT NULL CHECK (cause IN ('operator', 'past_due', 'quota', 'violation', 'plan')),
  reason  text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  actor   text NOT NULL,
  since   timestamptz NOT NULL DEFAULT now(),
  -- The cause ends by then; null for one that somebody has to lift.
  until   timestamptz,
  PRIMARY KEY (key_id, cause)
);
CREATE INDEX key_block_until ON key_block (until) WHERE until IS NOT NULL;

-- What stands, in one order, so that a reader of keys needs no other table.
ALTER TABLE api_key ADD COLUMN causes text[] NOT NULL DEFAULT '{}';

INSERT INTO key_block (key_id, cause, reason, actor)
  SELECT key_id, 'operator', coalesce(reason, 'blocked'), 'an earlier version'
  FROM api_key WHERE status = 'blocked';
UPDATE api_key SET causes = '{operator}' WHERE status = 'blocked';

GRANT SELECT, INSERT, UPDATE, DELETE ON key_block TO billing_server;
