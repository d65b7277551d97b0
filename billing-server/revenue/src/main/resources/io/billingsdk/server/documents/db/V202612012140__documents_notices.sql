-- Documents of reminders and receipts: made after the event, added, never changed ----------------------

-- The facts are those of the document, as JSON: with them the bytes can be made again.
CREATE TABLE notice_document (
  -- Of an invoice for a reminder, the id of a payment for a receipt.
  number      text NOT NULL,
  -- Receipt, or reminder- and the step: each once.
  kind        text NOT NULL CHECK (kind ~ '^(receipt|reminder-[a-z0-9_]{1,32})$'),
  customer_id text NOT NULL,
  facts       text NOT NULL,
  bytes       bytea NOT NULL,
  sha256      text NOT NULL,
  renderer    text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (number, kind),
  CHECK (sha256 = encode(sha256(bytes), 'hex'))
);

-- Those that are still to make; a row goes when its document is stored.
CREATE TABLE notice_document_wanted (
  number   text NOT NULL,
  kind     text NOT NULL CHECK (kind ~ '^(receipt|reminder-[a-z0-9_]{1,32})$'),
  -- The event that says so, and the day of its customer.
  event    text NOT NULL,
  happened date NOT NULL,
  next_try timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  reason   text,
  tried_at timestamptz,
  PRIMARY KEY (number, kind),
  CHECK ((reason IS NULL) = (tried_at IS NULL))
);
CREATE INDEX notice_document_due ON notice_document_wanted (next_try);

CREATE TRIGGER notice_document_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON notice_document
  FOR EACH STATEMENT EXECUTE FUNCTION invoice_document_is_stored();

GRANT SELECT, INSERT ON notice_document TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_document_wanted TO billing_server;
