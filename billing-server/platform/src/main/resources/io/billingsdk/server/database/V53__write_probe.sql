-- One row, which is written to see whether the database can be: a disk that is full lets it be read.
CREATE TABLE write_probe (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  written_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON write_probe TO billing_server;
