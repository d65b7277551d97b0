-- A digest of which apps were the customer's until the end of the span, as it was billed. Null in
-- earlier rows, whose usage is then rated again once.
ALTER TABLE invoice_span ADD COLUMN apps text;
