-- The credit note that was issued together with a refund.
ALTER TABLE charge_refund ADD COLUMN credit_note text;
