-- Taxes: tables of rates, registrations of sellers, tax data of customers, exchange rates ---------

-- Tables that somebody imported. The latest edition counts, of these and the one of the server.
CREATE TABLE tax_table (
  edition     date PRIMARY KEY,
  content     text NOT NULL,
  sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  actor       text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE seller_registration (
  registration_id uuid PRIMARY KEY,
  seller_id       text NOT NULL,
  scheme          text NOT NULL CHECK (scheme IN ('vat', 'oss', 'sales_tax')),
  country         text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  region          text,
  number          text NOT NULL CHECK (length(number) BETWEEN 1 AND 64),
  valid_from      date NOT NULL,
  -- The last day.
  valid_to        date CHECK (valid_to >= valid_from),
  created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX seller_registration_by_seller ON seller_registration (seller_id, valid_from);
-- Two requests at once must not leave two open ones.
CREATE UNIQUE INDEX seller_registration_open
  ON seller_registration (seller_id, scheme, country, coalesce(region, ''))
  WHERE valid_to IS NULL;

-- What a customer is for taxes from a day on, until the next row. Rows are added, never changed; of
-- two rows of a day the later revision counts.
CREATE TABLE customer_tax (
  customer_id     text NOT NULL,
  valid_from      date NOT NULL,
  revision        integer NOT NULL CHECK (revision > 0),
  country         text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  region          text,
  tax_id          text,
  supply          text NOT NULL CHECK (supply IN ('digital', 'service', 'goods')),
  exempt_category text CHECK (exempt_category IN ('E', 'Z')),
  exempt_code     text,
  exempt_reason   text,
  exempt_until    date,
  actor           text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (customer_id, valid_from, revision),
  CHECK ((exempt_category IS NULL) = (exempt_reason IS NULL)),
  CHECK (exempt_category IS NOT NULL OR (exempt_code IS NULL AND exempt_until IS NULL))
);

-- What an office says of a tax id. No row: nobody asked.
CREATE TABLE tax_id_check (
  tax_id     text PRIMARY KEY,
  status     text NOT NULL CHECK (status IN ('pending', 'valid', 'invalid')),
  asked      integer NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL DEFAULT now(),
  checked_at timestamptz
);
CREATE INDEX tax_id_check_pending ON tax_id_check (next_at) WHERE status = 'pending';

CREATE TABLE exchange_rate (
  base        text NOT NULL CHECK (base ~ '^[A-Z]{3}$'),
  quote       text NOT NULL CHECK (quote ~ '^[A-Z]{3}$' AND quote <> base),
  day         date NOT NULL,
  rate        numeric NOT NULL CHECK (rate > 0),
  source      text NOT NULL CHECK (length(source) BETWEEN 1 AND 256),
  actor       text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (base, quote, day)
);

GRANT SELECT, INSERT ON tax_table, customer_tax, exchange_rate TO billing_server;
GRANT SELECT, INSERT, UPDATE ON seller_registration, tax_id_check TO billing_server;
