-- Documents of invoices: made after issue, added, never changed --------------------------------------

-- The bytes are the document that the law knows. Another renderer would make others.
CREATE TABLE invoice_document (
  number     text NOT NULL REFERENCES invoice,
  kind       text NOT NULL CHECK (kind IN ('pdf', 'ubl', 'cii')),
  bytes      bytea NOT NULL,
  sha256     text NOT NULL,
  -- Its version, and for a PDF a digest of the fonts.
  renderer   text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (number, kind),
  CHECK (sha256 = encode(sha256(bytes), 'hex'))
);

-- Documents that are still to make; a row goes when its document is stored.
CREATE TABLE invoice_document_wanted (
  number   text NOT NULL REFERENCES invoice,
  kind     text NOT NULL CHECK (kind IN ('pdf', 'ubl', 'cii')),
  -- Null: the invoice itself rules the document out, and the row says why for ever.
  next_try timestamptz DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  reason   text,
  tried_at timestamptz,
  PRIMARY KEY (number, kind),
  CHECK ((reason IS NULL) = (tried_at IS NULL)),
  CHECK (next_try IS NOT NULL OR reason IS NOT NULL)
);
CREATE INDEX invoice_document_due ON invoice_document_wanted (next_try)
  WHERE next_try IS NOT NULL;

CREATE FUNCTION invoice_document_is_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a stored document cannot be changed or deleted'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER invoice_document_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON invoice_document
  FOR EACH STATEMENT EXECUTE FUNCTION invoice_document_is_stored();

-- Invoices from before this version get their documents too.
INSERT INTO invoice_document_wanted (number, kind)
SELECT number, wanted.kind FROM invoice, unnest(ARRAY['cii', 'ubl', 'pdf']) AS wanted (kind);

GRANT SELECT, INSERT ON invoice_document TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON invoice_document_wanted TO billing_server;
