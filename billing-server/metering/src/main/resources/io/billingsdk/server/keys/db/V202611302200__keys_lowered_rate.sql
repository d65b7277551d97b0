-- A rate that a key has for a while beside its own and that of its plan.
ALTER TABLE api_key
  ADD COLUMN lowered_per_second numeric CHECK (lowered_per_second > 0),
  ADD COLUMN lowered_burst bigint CHECK (lowered_burst > 0),
  ADD COLUMN lowered_reason text CHECK (length(lowered_reason) BETWEEN 1 AND 256),
  ADD COLUMN lowered_until timestamptz,
  ADD CHECK ((lowered_per_second IS NULL) = (lowered_burst IS NULL)
    AND (lowered_per_second IS NULL) = (lowered_reason IS NULL));
CREATE INDEX api_key_lowered_until ON api_key (lowered_until) WHERE lowered_until IS NOT NULL;
