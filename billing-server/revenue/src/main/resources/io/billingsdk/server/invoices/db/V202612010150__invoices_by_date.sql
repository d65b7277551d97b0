-- Figures and exports read the documents of some days, in the order of their issue.
CREATE INDEX invoice_by_date ON invoice (issue_date, position);
