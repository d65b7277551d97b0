-- Costs of before are removed, and this says so: what is not there is not 0.
CREATE TABLE cost_removed (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  before timestamptz NOT NULL
);

-- Only the owner drops tables. A month is gone as a whole; who waits longer than seconds for the
-- readers of it tries again later.
CREATE FUNCTION remove_costs(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC'
SET lock_timeout = '5s' AS $$
DECLARE
  part record;
  of_month bigint;
  removed bigint := 0;
BEGIN
  IF before > date_trunc('month', now()) THEN
    RAISE EXCEPTION 'the costs of the month that runs stay';
  END IF;
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'cost'::regclass AND c.relname ~ '^cost_[0-9]{4}_[0-9]{2}$'
  LOOP
    IF to_timestamp(right(part.relname, 7), 'YYYY_MM') + interval '1 month' <= before THEN
      EXECUTE format('SELECT count(*) FROM %I', part.relname) INTO of_month;
      EXECUTE format('DROP TABLE %I', part.relname);
      removed := removed + of_month;
    END IF;
  END LOOP;
  DELETE FROM cost_revision c WHERE c.at < remove_costs.before;
  RETURN removed;
END $$;
REVOKE ALL ON FUNCTION remove_costs(timestamptz) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION remove_costs(timestamptz) TO billing_server;
GRANT SELECT, INSERT, UPDATE ON cost_removed TO billing_server;
