-- Payments: what is owed, what was paid, and double entry ------------------------------------------

-- What a customer owes for an invoice. The open amount is the sum of the entries of its number.
CREATE TABLE receivable (
  number      text PRIMARY KEY,
  customer_id text NOT NULL,
  seller_id   text NOT NULL,
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount      numeric NOT NULL CHECK (amount >= 0),
  open        numeric NOT NULL CHECK (open >= 0 AND open <= amount),
  issued_on   date NOT NULL,
  due_on      date NOT NULL,
  reference   text NOT NULL UNIQUE,
  written_off boolean NOT NULL DEFAULT false,
  -- The day of the next reminder, or of the block; null when there is none to come.
  next_on     date
);
CREATE INDEX receivable_next ON receivable (next_on, number) WHERE open > 0;
CREATE INDEX receivable_open ON receivable (customer_id, due_on, number) WHERE open > 0;
CREATE INDEX receivable_by_customer ON receivable (customer_id, issued_on, number);

-- Money that came from a customer. One that was taken back has a posting that says so.
CREATE TABLE payment (
  payment_id  text PRIMARY KEY,
  position    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  customer_id text NOT NULL,
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount      numeric NOT NULL CHECK (amount > 0),
  method      text NOT NULL CHECK (method IN ('bank', 'manual')),
  received_on date NOT NULL,
  reference   text,
  actor       text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payment_by_customer ON payment (customer_id, position);

CREATE TABLE posting (
  posting_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL
    CHECK (kind IN ('invoice', 'credit_note', 'payment', 'refund', 'return', 'write_off')),
  customer_id text NOT NULL,
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  number      text,
  payment_id  text REFERENCES payment,
  reason      text,
  actor       text NOT NULL,
  posted_at   timestamptz NOT NULL DEFAULT now()
);
-- A document moves money once, however often its event is delivered.
CREATE UNIQUE INDEX posting_once ON posting (number) WHERE kind IN ('invoice', 'credit_note');
CREATE INDEX posting_by_customer ON posting (customer_id, posting_id);
CREATE INDEX posting_by_payment ON posting (payment_id) WHERE payment_id IS NOT NULL;

CREATE TABLE posting_entry (
  posting_id bigint NOT NULL REFERENCES posting,
  line       integer NOT NULL CHECK (line > 0),
  account    text NOT NULL
    CHECK (account IN ('receivable', 'credit', 'prepaid', 'cash', 'revenue', 'tax', 'write_off')),
  number     text REFERENCES receivable,
  amount     numeric NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (posting_id, line),
  CHECK ((account = 'receivable') = (number IS NOT NULL))
);
CREATE INDEX posting_entry_by_number ON posting_entry (number) WHERE number IS NOT NULL;

-- Each posting adds up to 0 when its transaction ends, for the owner of the tables too.
CREATE FUNCTION posting_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total numeric;
BEGIN
  SELECT coalesce(sum(amount), 1) INTO total FROM posting_entry WHERE posting_id = NEW.posting_id;
  IF total <> 0 THEN
    RAISE EXCEPTION 'the entries of posting % do not add up to 0', NEW.posting_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_adds_up AFTER INSERT ON posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_adds_up();
CREATE CONSTRAINT TRIGGER posting_entry_adds_up AFTER INSERT ON posting_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_adds_up();

-- What is owed is what the entries say, for the owner of the tables too.
CREATE FUNCTION receivable_is_of_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  differs boolean;
BEGIN
  IF NEW.number IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT r.open <> coalesce((SELECT sum(e.amount) FROM posting_entry e
      WHERE e.number = r.number), 0)
    INTO differs FROM receivable r WHERE r.number = NEW.number;
  IF differs THEN
    RAISE EXCEPTION 'the open amount of % is not that of its entries', NEW.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER receivable_of_entries AFTER INSERT OR UPDATE ON receivable
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receivable_is_of_entries();
CREATE CONSTRAINT TRIGGER receivable_of_entry AFTER INSERT ON posting_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receivable_is_of_entries();

CREATE FUNCTION money_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was booked cannot be changed or deleted; book the opposite'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payment_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON payment
  FOR EACH STATEMENT EXECUTE FUNCTION money_is_moved();
CREATE TRIGGER posting_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
  FOR EACH STATEMENT EXECUTE FUNCTION money_is_moved();
CREATE TRIGGER posting_entry_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON posting_entry
  FOR EACH STATEMENT EXECUTE FUNCTION money_is_moved();

-- Accounts of sellers at banks, and what their statements say.
CREATE TABLE bank_account (
  iban      text PRIMARY KEY,
  seller_id text NOT NULL,
  currency  text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  actor     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE bank_statement (
  statement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  iban         text NOT NULL REFERENCES bank_account,
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  format       text NOT NULL CHECK (format IN ('camt053', 'csv')),
  actor        text NOT NULL,
  imported_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (iban, sha256)
);

CREATE TABLE bank_line (
  line_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  statement_id bigint NOT NULL REFERENCES bank_statement,
  iban         text NOT NULL REFERENCES bank_account,
  -- By which the bank tells it from others: the same one in another file is the same one.
  bank_ref     text NOT NULL,
  booked_on    date NOT NULL,
  currency     text NOT NULL,
  amount       numeric NOT NULL,
  payer        text NOT NULL,
  remittance   text NOT NULL,
  state        text NOT NULL CHECK (state IN ('matched', 'unmatched', 'ignored')),
  reason       text,
  payment_id   text REFERENCES payment,
  UNIQUE (iban, bank_ref),
  CHECK ((state = 'matched') = (payment_id IS NOT NULL)),
  CHECK ((state = 'matched') <> (reason IS NOT NULL))
);
CREATE INDEX bank_line_unmatched ON bank_line (line_id) WHERE state = 'unmatched';

-- Which reminder of an invoice was sent: each once.
CREATE TABLE payment_reminder (
  number  text NOT NULL REFERENCES receivable,
  step    text NOT NULL,
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (number, step)
);

GRANT SELECT, INSERT, UPDATE ON receivable, bank_line TO billing_server;
GRANT SELECT, INSERT ON payment, posting, posting_entry, bank_account, bank_statement,
  payment_reminder TO billing_server;
