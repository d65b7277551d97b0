-- What an owner of the tables could still do to an issued document -------------------------------

-- Of how many lines a document is: nobody can add one to it later.
ALTER TABLE invoice ADD COLUMN lines integer;
ALTER TABLE invoice DISABLE TRIGGER invoice_unchanged;
UPDATE invoice i SET lines = (SELECT count(*) FROM invoice_line l WHERE l.number = i.number);
ALTER TABLE invoice ALTER COLUMN lines SET NOT NULL;
ALTER TABLE invoice ADD CHECK (lines > 0);
ALTER TABLE invoice ADD CHECK (number = series || '-'
  || lpad(series_number::text, greatest(6, length(series_number::text)), '0'));

CREATE FUNCTION invoice_line_is_of_new() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM invoice WHERE number = NEW.number AND lines >= NEW.line) THEN
    RAISE EXCEPTION 'the invoice % has no line %', NEW.number, NEW.line
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_line_of_new BEFORE INSERT ON invoice_line
  FOR EACH ROW EXECUTE FUNCTION invoice_line_is_of_new();

-- At the end of the transaction, when all its lines are there. None can come later: their numbers
-- are taken.
CREATE FUNCTION invoice_adds_up() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM invoice_line WHERE number = NEW.number
      HAVING count(*) = NEW.lines AND sum(net) = NEW.net AND sum(discount) = NEW.discount) THEN
    RAISE EXCEPTION 'the lines of the invoice % do not add up to its sums', NEW.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoice_adds_up AFTER INSERT ON invoice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_adds_up();

-- A number that was given once is never given again.
CREATE FUNCTION invoice_series_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.series = OLD.series AND NEW.last_number > OLD.last_number
      AND NEW.last_date >= OLD.last_date THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a series of invoices goes on from its last number and its last date'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoice_series_forward BEFORE UPDATE OR DELETE ON invoice_series
  FOR EACH ROW EXECUTE FUNCTION invoice_series_goes_on();
CREATE TRIGGER invoice_series_kept BEFORE TRUNCATE ON invoice_series
  FOR EACH STATEMENT EXECUTE FUNCTION invoice_series_goes_on();

-- Also for a session that plays a replica, in which usual triggers are silent.
ALTER TABLE invoice ENABLE ALWAYS TRIGGER invoice_unchanged;
ALTER TABLE invoice ENABLE ALWAYS TRIGGER invoice_adds_up;
ALTER TABLE invoice_line ENABLE ALWAYS TRIGGER invoice_line_unchanged;
ALTER TABLE invoice_line ENABLE ALWAYS TRIGGER invoice_line_of_new;
ALTER TABLE invoice_pin ENABLE ALWAYS TRIGGER invoice_pin_unchanged;
ALTER TABLE invoice_series ENABLE ALWAYS TRIGGER invoice_series_forward;
ALTER TABLE invoice_series ENABLE ALWAYS TRIGGER invoice_series_kept;
