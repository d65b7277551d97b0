-- Steps in months, so that the retention drops months and never rows.
ALTER TABLE performance_step RENAME TO performance_step_of_before;
ALTER INDEX performance_step_pkey RENAME TO performance_step_of_before_pkey;
DROP INDEX performance_step_of_execution, performance_step_of_record;

CREATE TABLE performance_step (
  LIKE performance_step_of_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (at, stream_id, seq)
) PARTITION BY RANGE (at);
CREATE INDEX performance_step_of_execution ON performance_step (execution)
  WHERE execution IS NOT NULL;
CREATE INDEX performance_step_of_record ON performance_step (record_id)
  WHERE record_id IS NOT NULL;

-- Only the owner makes tables. Nearly every call finds its month, and takes no lock.
CREATE FUNCTION ensure_step_partition(at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
  beginning timestamptz := date_trunc('month', at);
  name text := 'performance_step_' || to_char(beginning, 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('billing.ensure_step_partition'));
  IF to_regclass(name) IS NULL THEN
    EXECUTE format(
      'CREATE TABLE %I (LIKE performance_step INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format(
      'ALTER TABLE performance_step ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      name, beginning, beginning + interval '1 month');
  END IF;
END $$;
REVOKE ALL ON FUNCTION ensure_step_partition(timestamptz) FROM PUBLIC;

-- A month is gone as a whole. A call that waits longer than seconds for readers tries again later.
CREATE FUNCTION remove_steps(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET timezone = 'UTC'
SET lock_timeout = '5s' AS $$
DECLARE
  part record;
  of_month bigint;
  removed bigint := 0;
BEGIN
  IF before > date_trunc('month', now()) THEN
    RAISE EXCEPTION 'the steps of the month that runs stay';
  END IF;
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'performance_step'::regclass
      AND c.relname ~ '^performance_step_[0-9]{4}_[0-9]{2}$'
  LOOP
    IF to_timestamp(right(part.relname, 7), 'YYYY_MM') + interval '1 month' <= before THEN
      EXECUTE format('SELECT count(*) FROM %I', part.relname) INTO of_month;
      EXECUTE format('DROP TABLE %I', part.relname);
      removed := removed + of_month;
    END IF;
  END LOOP;
  RETURN removed;
END $$;
REVOKE ALL ON FUNCTION remove_steps(timestamptz) FROM PUBLIC;

SELECT ensure_step_partition(month)
FROM (SELECT DISTINCT date_trunc('month', at, 'UTC') AS month
  FROM performance_step_of_before) AS months;
INSERT INTO performance_step SELECT * FROM performance_step_of_before;
DROP TABLE performance_step_of_before;

GRANT EXECUTE ON FUNCTION ensure_step_partition(timestamptz), remove_steps(timestamptz)
  TO billing_server;
GRANT SELECT, INSERT, UPDATE ON performance_step TO billing_server;
