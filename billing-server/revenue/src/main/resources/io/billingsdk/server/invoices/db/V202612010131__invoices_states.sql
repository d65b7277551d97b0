-- States of invoices, corrections of operators, closing invoices ----------------------------------

-- How much of an invoice is open. The document never changes; this does.
CREATE TABLE invoice_state (
  number      text PRIMARY KEY REFERENCES invoice,
  customer_id text NOT NULL,
  currency    text NOT NULL,
  state       text NOT NULL CHECK
    (state IN ('issued', 'partly_paid', 'paid', 'past_due', 'uncollectible', 'void')),
  owed        numeric NOT NULL CHECK (owed >= 0),
  paid        numeric NOT NULL DEFAULT 0 CHECK (paid >= 0),
  credited    numeric NOT NULL DEFAULT 0 CHECK (credited >= 0),
  open        numeric GENERATED ALWAYS AS (owed - paid - credited) STORED,
  changed_at  timestamptz NOT NULL DEFAULT now(),
  CHECK (owed - paid - credited >= 0),
  CHECK (state NOT IN ('paid', 'void') OR owed = paid + credited),
  CHECK (state NOT IN ('issued', 'partly_paid', 'past_due', 'uncollectible')
    OR owed > paid + credited),
  CHECK (state <> 'issued' OR paid = 0),
  CHECK (state <> 'partly_paid' OR paid > 0)
);
CREATE INDEX invoice_state_open ON invoice_state (customer_id, number) WHERE state NOT IN
  ('paid', 'void');

-- Earlier credit notes lower what is open, as later ones do.
INSERT INTO invoice_state (number, customer_id, currency, state, owed, credited)
SELECT i.number, i.customer_id, i.currency,
  CASE WHEN i.due <= n.credited THEN 'paid' ELSE 'issued' END, i.due, least(i.due, n.credited)
FROM invoice i CROSS JOIN LATERAL
  (SELECT coalesce(sum(total), 0) AS credited FROM invoice c WHERE c.corrects = i.number) n
WHERE i.kind = 'invoice';

ALTER TABLE invoice DROP CONSTRAINT invoice_kind_check;
ALTER TABLE invoice ADD CONSTRAINT invoice_kind_check
  CHECK (kind IN ('invoice', 'credit_note', 'void'));
ALTER TABLE invoice DROP CONSTRAINT invoice_check;
ALTER TABLE invoice ADD CONSTRAINT invoice_corrects CHECK ((kind = 'invoice') = (corrects IS NULL));
CREATE INDEX invoice_corrected ON invoice (corrects) WHERE corrects IS NOT NULL;

-- A void document takes back a credit line, too.
ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_check1;
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_gives_back
  CHECK (refers_to IS NULL OR net > 0 OR (kind = 'correction' AND net <> 0));

-- The inputs of a document that an operator asked for.
CREATE TABLE invoice_correction (
  number text PRIMARY KEY REFERENCES invoice,
  inputs text NOT NULL
);
CREATE TRIGGER invoice_correction_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE
  ON invoice_correction FOR EACH STATEMENT EXECUTE FUNCTION invoice_is_issued();

-- The tax of each document by category and rate, which adds up to the tax of the document.
CREATE TABLE invoice_tax (
  number   text NOT NULL REFERENCES invoice,
  category text NOT NULL,
  percent  numeric NOT NULL,
  base     numeric NOT NULL,
  tax      numeric NOT NULL,
  PRIMARY KEY (number, category, percent)
);
CREATE TRIGGER invoice_tax_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE
  ON invoice_tax FOR EACH STATEMENT EXECUTE FUNCTION invoice_is_issued();

-- Lines, taxes and sums of a document agree when its transaction ends (EN 16931: BR-CO-10 the sum of
-- the lines, BR-CO-11 the sum of allowances, BR-CO-13 without tax, BR-CO-14 the sum of taxes,
-- BR-CO-15 with tax, BR-CO-16 due; those of one row are constraints of the row).
CREATE FUNCTION invoice_sums_agree() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  lines record;
  taxes record;
BEGIN
  SELECT coalesce(sum(net), 0) AS net, coalesce(sum(discount), 0) AS discount INTO lines
    FROM invoice_line WHERE number = NEW.number;
  SELECT coalesce(sum(tax), 0) AS tax INTO taxes FROM invoice_tax WHERE number = NEW.number;
  IF lines.net <> NEW.net OR lines.discount <> NEW.discount OR taxes.tax <> NEW.tax THEN
    RAISE EXCEPTION 'the sums of % do not agree: lines %, discounts %, taxes %', NEW.number,
      lines.net, lines.discount, taxes.tax USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoice_sums AFTER INSERT ON invoice DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION invoice_sums_agree();

-- Also for a session that plays a replica, in which usual triggers are silent.
ALTER TABLE invoice ENABLE ALWAYS TRIGGER invoice_sums;
ALTER TABLE invoice_tax ENABLE ALWAYS TRIGGER invoice_tax_unchanged;
ALTER TABLE invoice_correction ENABLE ALWAYS TRIGGER invoice_correction_unchanged;

-- A closing span has no event and no length: it bills usage that came late after a cancellation.
ALTER TABLE invoice_span ADD COLUMN kind text NOT NULL DEFAULT 'period'
  CHECK (kind IN ('period', 'closing'));
-- What a closing span found and did not bill, since it is too little; without tax.
ALTER TABLE invoice_span ADD COLUMN waived numeric;
ALTER TABLE invoice_span DROP CONSTRAINT invoice_span_subscription_id_last_event_key;
CREATE UNIQUE INDEX invoice_span_of_event ON invoice_span (subscription_id, last_event, kind);
ALTER TABLE invoice_span DROP CONSTRAINT invoice_span_check1;
ALTER TABLE invoice_span ADD CONSTRAINT invoice_span_events
  CHECK ((kind = 'closing' AND last_event = after_event) OR last_event > after_event);

GRANT SELECT, INSERT, UPDATE ON invoice_state TO billing_server;
GRANT SELECT, INSERT ON invoice_correction, invoice_tax TO billing_server;
