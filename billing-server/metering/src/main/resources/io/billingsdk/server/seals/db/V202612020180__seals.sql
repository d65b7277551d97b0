-- Seals: the content of each ledger day, chained and signed -----------------------------------------

-- The first day that is sealed: the one on which the server could for the first time.
CREATE TABLE ledger_seal_start (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  day date NOT NULL
);
INSERT INTO ledger_seal_start (day) VALUES ((now() AT TIME ZONE 'UTC')::date);

-- A day has the rows after the cut of the day before, up to its own cut. Rows are added, never
-- changed. The key that signs is in no table.
CREATE TABLE ledger_seal (
  day           date PRIMARY KEY,
  cut_no        bigint NOT NULL UNIQUE REFERENCES ledger_cut (cut_no),
  rows          bigint NOT NULL CHECK (rows >= 0),
  digest_before text NOT NULL CHECK (digest_before ~ '^[0-9a-f]{64}$'),
  digest        text NOT NULL UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
  signature     text NOT NULL CHECK (signature ~ '^[0-9a-f]{128}$'),
  key_id        text NOT NULL CHECK (key_id ~ '^[0-9a-f]{32}$'),
  sealed_at     timestamptz NOT NULL DEFAULT now()
);

-- Also for the owner of the tables, who can switch it off: the signature holds then, too.
CREATE FUNCTION ledger_seal_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the seal of a ledger day cannot be changed or deleted'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_seal_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_seal_is_made();
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_unchanged;

-- The rows of a day lie close together, so a summary of the pages finds them.
CREATE INDEX usage_event_by_cut ON usage_event USING brin (cut_no);
CREATE INDEX correction_by_cut ON correction USING brin (cut_no);
CREATE INDEX attribution_by_cut ON attribution USING brin (cut_no);
CREATE INDEX usage_rollup_shard_by_cut ON usage_rollup_shard USING brin (cut_no);

GRANT SELECT ON ledger_seal_start TO billing_server;
GRANT SELECT, INSERT ON ledger_seal TO billing_server;
