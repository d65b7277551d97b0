-- Answers to requests with an idempotency key, for a day. Encrypted under the caller's token, since
-- one may hold a key that was just made.
CREATE TABLE http_answer (
  token_id        text NOT NULL REFERENCES access_token,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 256),
  request         bytea NOT NULL,
  answer          bytea NOT NULL,
  answered_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (token_id, idempotency_key)
);
CREATE INDEX http_answer_by_time ON http_answer (answered_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON http_answer TO billing_server;
