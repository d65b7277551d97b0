-- Up to which month the report of a customer is sent: each month once, whichever server is at it.
CREATE TABLE report_mailed (
  customer_id text PRIMARY KEY REFERENCES customer,
  month       text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  noted_at    timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE ON report_mailed TO billing_server;

-- Customers from before this version: their first report is that of the month that runs now.
INSERT INTO report_mailed (customer_id, month)
SELECT customer_id,
  to_char(coalesce(k.shown, now()) AT TIME ZONE 'UTC' - interval '1 month', 'YYYY-MM')
FROM customer LEFT JOIN customer_clock AS k USING (customer_id);
