-- Sums of costs in rows of many cells, and their names once. A row of 1440 minutes has the days of
-- a month as cells, a row of 15 minutes the quarters of a day; each of UTC.
DROP TABLE analytics_sum;

CREATE TABLE analytics_series (
  series_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dimension text NOT NULL CHECK (dimension IN ('total', 'user', 'operation')),
  subject   text NOT NULL,
  service   text NOT NULL,
  operation text NOT NULL,
  model     text NOT NULL,
  is_prompt boolean NOT NULL,
  currency  text NOT NULL,
  state     text NOT NULL,
  UNIQUE (dimension, subject, service, operation, model, is_prompt, currency, state)
);

CREATE TABLE analytics_sum (
  dimension text NOT NULL,
  minutes   integer NOT NULL CHECK (minutes IN (15, 1440)),
  -- The first day of the row, as its number since 1970-01-01.
  block     integer NOT NULL,
  series_id integer NOT NULL REFERENCES analytics_series,
  cells     bytea NOT NULL,
  PRIMARY KEY (dimension, minutes, block, series_id)
) PARTITION BY LIST (minutes);
-- Apart, so that the months of all series are a few pages.
CREATE TABLE analytics_sum_days PARTITION OF analytics_sum FOR VALUES IN (1440)
  WITH (fillfactor = 80);
CREATE TABLE analytics_sum_quarters PARTITION OF analytics_sum FOR VALUES IN (15)
  WITH (fillfactor = 80);

-- What holds for the sums as a whole.
-- rebuild: they have to be made again from the costs, since the form of before is gone.
CREATE TABLE analytics_state (
  name text PRIMARY KEY CHECK (name IN ('rebuild', 'costs', 'steps', 'sums', 'sketches')),
  at   timestamptz NOT NULL
);
INSERT INTO analytics_state (name, at)
SELECT 'rebuild', now() WHERE EXISTS (SELECT FROM cost);

GRANT SELECT, INSERT, UPDATE, DELETE ON analytics_series, analytics_sum, analytics_state
  TO billing_server;
