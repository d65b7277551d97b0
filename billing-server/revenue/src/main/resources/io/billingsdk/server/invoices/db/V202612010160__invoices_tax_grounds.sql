-- Why a line has its tax, as its document has it; a credit note takes it over from its invoice.
ALTER TABLE invoice_line ADD COLUMN tax_grounds text;

-- Returns read the documents of a seller by the days of their issue.
CREATE INDEX invoice_by_issue ON invoice (seller_id, issue_date, position);
