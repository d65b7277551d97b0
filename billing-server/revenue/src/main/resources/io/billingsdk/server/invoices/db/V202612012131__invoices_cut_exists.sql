-- Invoices: a cut that the ledger never made cannot be pinned ---------------------------------------

-- Not validated: older rows stay as they are.
ALTER TABLE invoice ADD CONSTRAINT invoice_cut_exists
  FOREIGN KEY (cut_no) REFERENCES ledger_cut (cut_no) NOT VALID;
ALTER TABLE invoice_span ADD CONSTRAINT invoice_span_cut_exists
  FOREIGN KEY (cut_no) REFERENCES ledger_cut (cut_no) NOT VALID;
