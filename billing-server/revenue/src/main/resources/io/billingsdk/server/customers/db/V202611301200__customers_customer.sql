-- Who sells, who pays, and for which apps ---------------------------------------------------------

CREATE TABLE seller (
  seller_id  text PRIMARY KEY CHECK (seller_id ~ '^[A-Za-z0-9_.-]{1,64}$'),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  zone       text NOT NULL,
  address    jsonb NOT NULL,
  tax_ids    jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE customer (
  customer_id text PRIMARY KEY CHECK (customer_id ~ '^[A-Za-z0-9_.-]{1,64}$'),
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  zone        text NOT NULL,
  locale      text NOT NULL,
  seller_id   text REFERENCES seller,
  tax_country text CHECK (tax_country ~ '^[A-Z]{2}$'),
  tax_region  text CHECK (tax_country IS NOT NULL OR tax_region IS NULL),
  tax_ids     jsonb NOT NULL DEFAULT '[]',
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Whose an app is from a moment on, until the next row of the app: so it is one customer's at each
-- moment, whichever transaction writes here. Null: nobody's. Rows are added, never changed.
CREATE TABLE customer_app (
  app_id      text NOT NULL,
  valid_from  timestamptz NOT NULL,
  customer_id text REFERENCES customer,
  PRIMARY KEY (app_id, valid_from)
);
CREATE INDEX customer_app_by_customer ON customer_app (customer_id, app_id);

CREATE VIEW customer_app_span AS
  SELECT app_id, customer_id, valid_from,
    lead(valid_from) OVER (PARTITION BY app_id ORDER BY valid_from) AS valid_to
  FROM customer_app;

-- The moment that a customer with a test clock has. It only goes forward.
CREATE TABLE customer_clock (
  customer_id text PRIMARY KEY REFERENCES customer,
  shown       timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON seller, customer, customer_clock TO billing_server;
GRANT SELECT, INSERT ON customer_app TO billing_server;
GRANT SELECT ON customer_app_span TO billing_server;
