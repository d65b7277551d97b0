-- Charges that a person has to help on, events that can be replayed, pages that are looked at --------

-- What a person has to see to.
ALTER TABLE charge ADD COLUMN problem text;
ALTER TABLE charge DROP CONSTRAINT charge_state_check;
ALTER TABLE charge ADD CONSTRAINT charge_state_check CHECK (state IN ('created', 'needs_operator',
  'requires_action', 'processing', 'failed', 'succeeded', 'returned'));
ALTER TABLE charge ADD CONSTRAINT charge_problem_check
  CHECK (state <> 'needs_operator' OR problem IS NOT NULL);

DROP INDEX charge_live;
CREATE UNIQUE INDEX charge_live ON charge (number)
  WHERE state IN ('created', 'needs_operator', 'requires_action', 'processing');
CREATE INDEX charge_needs_operator ON charge (charge_id) WHERE state = 'needs_operator';
CREATE INDEX charge_refund_needs_operator ON charge_refund (refund_id)
  WHERE state = 'created' AND problem IS NOT NULL;

-- A charge that was refused for our account is sent again, after which nobody knows its outcome.
CREATE OR REPLACE FUNCTION charge_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ranks text[] := ARRAY['created', 'needs_operator', 'requires_action', 'processing', 'failed',
    'succeeded', 'returned'];
BEGIN
  IF (array_position(ranks, NEW.state) < array_position(ranks, OLD.state)
        AND NOT (OLD.state = 'needs_operator' AND NEW.state = 'created'))
      OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency
      OR NEW.intent <> OLD.intent OR NEW.attempt <> OLD.attempt
      OR NEW.customer_id <> OLD.customer_id
      OR (OLD.payment_id IS NOT NULL AND NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
    RAISE EXCEPTION 'the charge % cannot move from % to %, or change what it charges', OLD.charge_id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- What came, encrypted, as long as the event waits for a person: by it the event is replayed.
ALTER TABLE provider_event ADD COLUMN body bytea;

-- By which the provider knows a page, and when it is asked whether a customer has used it.
ALTER TABLE provider_page ADD COLUMN reference text, ADD COLUMN look_at timestamptz;
CREATE INDEX provider_page_look ON provider_page (look_at) WHERE look_at IS NOT NULL;
