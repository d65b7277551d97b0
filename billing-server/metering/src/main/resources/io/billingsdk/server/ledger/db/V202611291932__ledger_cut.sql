-- Cuts: what the ledger holds up to one of them never changes ------------------------------------

-- The number that is open is the next one: new rows carry it. Making a cut adds its row, and so
-- closes that number. Rows are added, never changed.
CREATE TABLE ledger_cut (
  cut_no  bigint PRIMARY KEY CHECK (cut_no > 0),
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Holds the open number open until the transaction ends, and returns it. The lock and the look are
-- two statements: the second one has a snapshot of its own, taken after the wait. In one snapshot
-- for both, a writer that waited for a cut would carry the number that the cut has closed.
CREATE FUNCTION open_cut() RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
  open_no bigint;
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'the ledger is written in READ COMMITTED only, but the transaction is %',
      upper(current_setting('transaction_isolation')) USING ERRCODE = 'active_sql_transaction';
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtext('billing.ledger'));
  SELECT coalesce(max(cut_no), 0) + 1 INTO open_no FROM ledger_cut;
  RETURN open_no;
END $$;

-- Rows of before are of no cut: number 0. A constant, so that no table is rewritten; from now on a
-- writer that names no number takes the lock and the open number by the default.
ALTER TABLE usage_event ADD COLUMN cut_no bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_event ALTER COLUMN cut_no SET DEFAULT open_cut();
ALTER TABLE correction ADD COLUMN cut_no bigint NOT NULL DEFAULT 0;
ALTER TABLE correction ALTER COLUMN cut_no SET DEFAULT open_cut();
ALTER TABLE attribution ADD COLUMN cut_no bigint NOT NULL DEFAULT 0;
ALTER TABLE attribution ALTER COLUMN cut_no SET DEFAULT open_cut();

-- In the key: a sum that a cut has closed is never added to. Readers sum over the numbers.
ALTER TABLE usage_rollup_shard ADD COLUMN cut_no bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_rollup_shard ALTER COLUMN cut_no SET DEFAULT open_cut();
ALTER TABLE usage_rollup_shard DROP CONSTRAINT usage_rollup_shard_pkey;
ALTER TABLE usage_rollup_shard ADD CONSTRAINT usage_rollup_shard_pkey
  PRIMARY KEY (hour, app_id, key_id, module, model, shard, cut_no);

GRANT SELECT, INSERT ON ledger_cut TO billing_server;
GRANT EXECUTE ON FUNCTION open_cut() TO billing_server;
