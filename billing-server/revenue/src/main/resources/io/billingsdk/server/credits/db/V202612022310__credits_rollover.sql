-- Credit whose rest begins each billing period between two bounds ---------------------------------

ALTER TABLE credit_grant
  ADD COLUMN rollover_least numeric CHECK (rollover_least >= 0),
  ADD COLUMN rollover_most numeric CHECK (rollover_most >= 0),
  -- Whether what the old rest did not pay of the last invoice is taken from the new one.
  ADD COLUMN keep_overage boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT credit_grant_rollover CHECK (
    (rollover_least IS NULL) = (rollover_most IS NULL)
    AND (rollover_most IS NULL OR (kind = 'prepaid' AND rollover_least <= rollover_most))
    AND (rollover_most IS NOT NULL OR NOT keep_overage)),
  -- A void document may give back more than a reset has left room for; the next one cuts it.
  DROP CONSTRAINT credit_grant_check1,
  ADD CONSTRAINT credit_grant_rest CHECK (remaining <= amount OR rollover_most IS NOT NULL);
CREATE INDEX credit_grant_resets ON credit_grant (customer_id) WHERE rollover_most IS NOT NULL;

ALTER TABLE credit_movement
  DROP CONSTRAINT credit_movement_kind_check,
  ADD CONSTRAINT credit_movement_kind_check
    CHECK (kind IN ('grant', 'burn', 'return', 'expire', 'withdraw', 'reset')),
  DROP CONSTRAINT credit_movement_check3,
  ADD CONSTRAINT credit_movement_sign
    CHECK (kind = 'reset' OR (change > 0) = (kind IN ('grant', 'return')));
