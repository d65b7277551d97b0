-- In which minutes of an hour a server ran and could write: bit n is minute n. Its share of all
-- minutes is the availability.
CREATE TABLE uptime_hour (
  hour    timestamptz PRIMARY KEY CHECK (hour = date_trunc('hour', hour, 'UTC')),
  minutes bigint NOT NULL CHECK (minutes > 0 AND minutes < (1::bigint << 60))
);

GRANT SELECT, INSERT, UPDATE ON uptime_hour TO billing_server;
