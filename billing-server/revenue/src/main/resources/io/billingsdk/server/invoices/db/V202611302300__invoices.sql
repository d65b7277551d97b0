-- Invoices and credit notes: rows of documents are added, never changed ---------------------------

-- The times of a subscription that are billed at once. The next one begins where one ends.
CREATE TABLE invoice_span (
  subscription_id uuid NOT NULL,
  number          integer NOT NULL CHECK (number > 0),
  customer_id     text NOT NULL,
  valid_from      timestamptz NOT NULL,
  valid_to        timestamptz NOT NULL CHECK (valid_to >= valid_from),
  after_event     bigint NOT NULL CHECK (after_event >= 0),
  last_event      bigint NOT NULL CHECK (last_event > after_event),
  -- By the clock of the customer, which the second column says is a test clock.
  due_at          timestamptz NOT NULL,
  test_clock      boolean NOT NULL,
  state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'billed', 'empty')),
  -- Of the ledger, up to which its usage was read when it was billed. No later span has a lower one.
  -- Null while it is open, and of an empty one from before the first start, which is never billed.
  cut_no          bigint,
  -- Why it could not be billed, when that was tried last.
  failure         text,
  failures        integer NOT NULL DEFAULT 0,
  tried_at        timestamptz,
  PRIMARY KEY (subscription_id, number),
  UNIQUE (subscription_id, last_event),
  CHECK (state <> 'billed' OR cut_no IS NOT NULL)
);
CREATE INDEX invoice_span_open ON invoice_span (due_at, subscription_id, number)
  WHERE state = 'open';
CREATE INDEX invoice_span_by_customer ON invoice_span (customer_id, valid_to);

-- When the server first could bill: one row. Spans that ended before it are never billed.
CREATE TABLE invoice_start (
  one       boolean PRIMARY KEY DEFAULT true CHECK (one),
  bill_from timestamptz NOT NULL
);
INSERT INTO invoice_start (bill_from) VALUES (now());

-- One row for each series of numbers. An issue locks it, so numbers have no gaps.
CREATE TABLE invoice_series (
  series      text PRIMARY KEY,
  last_number bigint NOT NULL CHECK (last_number > 0),
  last_date   date NOT NULL
);

-- All inputs of the documents of a span beside ledger, plans and the history of the subscription.
CREATE TABLE invoice_pin (
  subscription_id uuid NOT NULL,
  span            integer NOT NULL,
  inputs          text NOT NULL,
  PRIMARY KEY (subscription_id, span),
  FOREIGN KEY (subscription_id, span) REFERENCES invoice_span (subscription_id, number)
);

CREATE TABLE invoice (
  number          text PRIMARY KEY,
  position        bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind            text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  corrects        text REFERENCES invoice,
  seller_id       text NOT NULL,
  customer_id     text NOT NULL,
  subscription_id uuid NOT NULL,
  span            integer NOT NULL,
  revision        integer NOT NULL CHECK (revision > 0),
  series          text NOT NULL,
  series_number   bigint NOT NULL CHECK (series_number > 0),
  issue_date      date NOT NULL,
  valid_from      timestamptz NOT NULL,
  valid_to        timestamptz NOT NULL,
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  cut_no          bigint NOT NULL,
  net             numeric NOT NULL,
  discount        numeric NOT NULL,
  taxable         numeric NOT NULL,
  tax             numeric NOT NULL,
  total           numeric NOT NULL,
  prepaid         numeric NOT NULL,
  due             numeric NOT NULL,
  document        text NOT NULL,
  sha256          text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  actor           text NOT NULL,
  issued_at       timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (subscription_id, span) REFERENCES invoice_pin,
  UNIQUE (subscription_id, span, kind, revision),
  UNIQUE (series, series_number),
  CHECK ((kind = 'credit_note') = (corrects IS NOT NULL)),
  CHECK (taxable = net - discount AND total = taxable + tax AND due = total - prepaid),
  CHECK (total >= 0 AND due >= 0)
);
CREATE INDEX invoice_by_customer ON invoice (customer_id, position);

CREATE TABLE invoice_line (
  number          text NOT NULL REFERENCES invoice,
  line            integer NOT NULL CHECK (line > 0),
  subscription_id uuid NOT NULL,
  key             text NOT NULL,
  kind            text NOT NULL,
  net             numeric NOT NULL,
  discount        numeric NOT NULL,
  tax_category    text NOT NULL,
  tax_percent     numeric NOT NULL,
  refers_to       text,
  refers_line     integer,
  PRIMARY KEY (number, line),
  FOREIGN KEY (refers_to, refers_line) REFERENCES invoice_line (number, line),
  CHECK ((refers_to IS NULL) = (refers_line IS NULL)),
  -- A credit note gives back a positive amount.
  CHECK (refers_to IS NULL OR net > 0)
);
CREATE INDEX invoice_line_by_key ON invoice_line (subscription_id, key);
CREATE INDEX invoice_line_credited ON invoice_line (refers_to, refers_line)
  WHERE refers_to IS NOT NULL;

-- Runs that somebody asked for. A job does them, so that no request waits for thousands.
CREATE TABLE invoice_run (
  run_id      uuid PRIMARY KEY,
  customer_id text,
  actor       text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  invoices    bigint NOT NULL DEFAULT 0,
  credit_notes bigint NOT NULL DEFAULT 0,
  empty       bigint NOT NULL DEFAULT 0,
  failed      bigint NOT NULL DEFAULT 0,
  waiting     bigint NOT NULL DEFAULT 0,
  -- How often it stopped before its end, and why the last time.
  failures    integer NOT NULL DEFAULT 0,
  failure     text,
  finished_at timestamptz
);
CREATE INDEX invoice_run_open ON invoice_run (created_at) WHERE finished_at IS NULL;

-- Also for the owner of the tables: an issued document is followed by another one, never changed.
CREATE FUNCTION invoice_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an issued invoice cannot be changed or deleted; issue a credit note'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoice_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice
  FOR EACH STATEMENT EXECUTE FUNCTION invoice_is_issued();
CREATE TRIGGER invoice_line_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice_line
  FOR EACH STATEMENT EXECUTE FUNCTION invoice_is_issued();
CREATE TRIGGER invoice_pin_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice_pin
  FOR EACH STATEMENT EXECUTE FUNCTION invoice_is_issued();

GRANT SELECT, INSERT, UPDATE ON invoice_span, invoice_series, invoice_run TO billing_server;
GRANT SELECT, INSERT ON invoice, invoice_line, invoice_pin TO billing_server;
GRANT SELECT ON invoice_start TO billing_server;
