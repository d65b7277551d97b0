-- Revenue: the figures of the business as a job has found them last ---------------------------------

CREATE TABLE business_figure (
  month    text NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
  figure   text NOT NULL,
  -- Of a figure of money; empty for the others.
  currency text NOT NULL,
  -- Both null without data.
  part     numeric,
  whole    numeric,
  state    text NOT NULL CHECK (state IN ('met', 'missed', 'no_data')),
  noted_at timestamptz NOT NULL,
  PRIMARY KEY (month, figure, currency),
  CHECK ((part IS NULL) = (whole IS NULL)),
  CHECK ((part IS NULL) = (state = 'no_data'))
);

GRANT SELECT, INSERT, UPDATE ON business_figure TO billing_server;
