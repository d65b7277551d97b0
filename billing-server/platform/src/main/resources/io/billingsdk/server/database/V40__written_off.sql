-- The numbers from first to last, whatever a row holds: the range of all bigints has no upper end,
-- and would be out of range with one.
CREATE FUNCTION number_range(first bigint, last bigint) RETURNS int8range
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT int8range(first, CASE WHEN last < 9223372036854775807 THEN last + 1 END)
$$;

-- Numbers that an operator has written off: nobody waits for them any more. Like those that were
-- dropped they stay in stream_gap, so that one that comes after all is counted; who asks for what
-- is missing takes them out. Who, when and why is in the audit log too.
CREATE TABLE stream_written_off (
  stream_id      integer PRIMARY KEY REFERENCES stream,
  numbers        int8multirange NOT NULL,
  -- Ranges of them: so many more gaps may the stream have.
  parts          integer NOT NULL,
  reason         text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  actor          text NOT NULL,
  written_off_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON stream_written_off TO billing_server;
