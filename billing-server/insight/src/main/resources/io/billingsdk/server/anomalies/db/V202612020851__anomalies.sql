-- Anomalies: how far each series is judged, and its incidents -----------------------------------------

CREATE TABLE anomaly_series (
  series_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size      text NOT NULL CHECK (size IN ('day', 'hour')),
  measure   text NOT NULL CHECK (measure IN ('usage', 'cost')),
  -- An app of usage, or a service of costs; name says which one.
  dimension text NOT NULL CHECK (dimension IN ('app', 'service')),
  name      text NOT NULL,
  -- Empty of usage.
  currency  text NOT NULL,
  -- The newest closed bucket that was judged.
  judged    timestamptz NOT NULL,
  quiet     integer NOT NULL CHECK (quiet >= 0),
  incidents bigint NOT NULL CHECK (incidents >= 0),
  UNIQUE (size, measure, dimension, name, currency)
);

CREATE TABLE anomaly_incident (
  incident_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  series_no   bigint NOT NULL REFERENCES anomaly_series,
  number      bigint NOT NULL CHECK (number > 0),
  state       text NOT NULL CHECK (state IN ('provisional', 'confirmed', 'expected', 'resolved')),
  onset       timestamptz NOT NULL,
  last        timestamptz NOT NULL,
  kind        text NOT NULL,
  direction   text NOT NULL CHECK (direction IN ('up', 'down')),
  -- Of its newest bucket.
  actual      numeric NOT NULL,
  expected    numeric NOT NULL,
  low         numeric NOT NULL,
  high        numeric NOT NULL,
  sentence    text NOT NULL,
  causes      jsonb NOT NULL,
  opened_at   timestamptz NOT NULL,
  alerted_at  timestamptz,
  resolved_at timestamptz,
  -- Who said that it is expected, and why.
  actor       text,
  reason      text CHECK (length(reason) BETWEEN 1 AND 256),
  UNIQUE (series_no, number),
  CHECK ((actor IS NULL) = (reason IS NULL))
);
-- At most one of a series is not over.
CREATE UNIQUE INDEX anomaly_incident_open ON anomaly_incident (series_no) WHERE state <> 'resolved';

GRANT SELECT, INSERT, UPDATE ON anomaly_series TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON anomaly_incident TO billing_server;
