-- The ledger that documents are numbered in: one row. A restored database has another ledger id, and
-- lacks documents that were issued after the copy. Until somebody says their last numbers, nothing
-- is issued.
CREATE TABLE invoice_numbering (
  one       boolean PRIMARY KEY DEFAULT true CHECK (one),
  ledger_id uuid NOT NULL
);
INSERT INTO invoice_numbering (ledger_id) SELECT id FROM ledger;

GRANT SELECT, UPDATE ON invoice_numbering TO billing_server;
