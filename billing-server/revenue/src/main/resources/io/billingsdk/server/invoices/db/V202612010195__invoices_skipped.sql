-- Numbers that a restored database never gives: documents after the backup have them.
CREATE TABLE invoice_skipped (
  series       text NOT NULL,
  first_number bigint NOT NULL CHECK (first_number > 0),
  last_number  bigint NOT NULL CHECK (last_number >= first_number),
  PRIMARY KEY (series, first_number)
);
GRANT SELECT, INSERT ON invoice_skipped TO billing_server;
