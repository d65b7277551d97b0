-- The number of an attempt is the proof that a server holds a delivery, so no number comes twice:
-- an operator who has a parked event retried gives it new attempts, and does not take the old ones
-- back.
ALTER TABLE outbox_delivery ADD COLUMN spent integer NOT NULL DEFAULT 0
  CHECK (spent BETWEEN 0 AND attempts);

-- While a server delivers it: a retried event of the same subject waits.
ALTER TABLE outbox_delivery ADD COLUMN taken_until timestamptz;
-- A few rows at most, so that a subject with many waiting events is not searched for them.
CREATE INDEX outbox_delivery_taken ON outbox_delivery (subscriber, subject, position)
  WHERE state = 'pending' AND taken_until IS NOT NULL;
