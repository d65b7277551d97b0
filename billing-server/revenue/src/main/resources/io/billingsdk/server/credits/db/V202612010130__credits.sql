-- Coupons and credits: what lowers invoices, and what pays a part of them -------------------------

-- A share, or an amount of one currency; on so many invoices, or without an end.
CREATE TABLE coupon (
  coupon_id  text PRIMARY KEY,
  name       text NOT NULL,
  percent    numeric CHECK (percent > 0 AND percent <= 100),
  amount     numeric CHECK (amount > 0),
  currency   text CHECK (currency ~ '^[A-Z]{3}$'),
  -- Null: for ever.
  invoices   integer CHECK (invoices > 0),
  valid_from timestamptz NOT NULL,
  valid_to   timestamptz CHECK (valid_to > valid_from),
  actor      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((percent IS NULL) <> (amount IS NULL)),
  CHECK ((amount IS NULL) = (currency IS NULL))
);

-- That a customer has a coupon: for all subscriptions, or for one.
CREATE TABLE coupon_gift (
  gift_id         uuid PRIMARY KEY,
  position        bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  coupon_id       text NOT NULL REFERENCES coupon,
  customer_id     text NOT NULL,
  subscription_id uuid,
  -- A copy of the coupon's, so that the next check is of one row.
  invoices        integer CHECK (invoices > 0),
  uses            integer NOT NULL DEFAULT 0 CHECK (uses >= 0),
  movements       integer NOT NULL DEFAULT 0 CHECK (movements >= 0),
  actor           text NOT NULL,
  given_at        timestamptz NOT NULL,
  ended_at        timestamptz,
  -- Two servers at once would use the last one twice.
  CHECK (invoices IS NULL OR uses <= invoices)
);
CREATE INDEX coupon_gift_of_customer ON coupon_gift (customer_id, position);
CREATE UNIQUE INDEX coupon_gift_once ON coupon_gift
  (customer_id, coupon_id, coalesce(subscription_id, '00000000-0000-0000-0000-000000000000'))
  WHERE ended_at IS NULL;

-- Each document that a coupon counted on, and each that gave its use back.
CREATE TABLE coupon_use (
  gift_id  uuid NOT NULL REFERENCES coupon_gift,
  ordinal  integer NOT NULL CHECK (ordinal > 0),
  kind     text NOT NULL CHECK (kind IN ('use', 'return')),
  document text NOT NULL,
  amount   numeric NOT NULL CHECK (amount > 0),
  at       timestamptz NOT NULL,
  PRIMARY KEY (gift_id, ordinal),
  UNIQUE (gift_id, document, kind)
);
CREATE INDEX coupon_use_of_document ON coupon_use (document);

CREATE TABLE credit_grant (
  credit_id   uuid PRIMARY KEY,
  position    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  customer_id text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('promotional', 'prepaid', 'account')),
  source      text NOT NULL CHECK (source IN
    ('operator', 'top_up', 'credit_note', 'void', 'over_payment', 'uninvoiced')),
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount      numeric NOT NULL CHECK (amount > 0),
  -- A lower number is used first.
  priority    integer NOT NULL CHECK (priority BETWEEN 0 AND 1000),
  granted_at  timestamptz NOT NULL,
  expires_at  timestamptz CHECK (expires_at > granted_at),
  -- The document, payment or subscription that brought it.
  reference   text,
  reason      text NOT NULL,
  actor       text NOT NULL,
  movements   integer NOT NULL,
  remaining   numeric NOT NULL CHECK (remaining >= 0 AND remaining <= amount)
);
CREATE INDEX credit_grant_of_customer ON credit_grant (customer_id, position);
CREATE INDEX credit_grant_usable ON credit_grant (customer_id) WHERE remaining > 0;
CREATE INDEX credit_grant_expiry ON credit_grant (expires_at, position)
  WHERE remaining > 0 AND expires_at IS NOT NULL;

-- The ledger of a grant. Each row begins with the rest that the row before it left: so the changes
-- add up to the rest, by constraints alone, and two servers cannot use the same rest.
CREATE TABLE credit_movement (
  credit_id uuid NOT NULL REFERENCES credit_grant,
  ordinal   integer NOT NULL CHECK (ordinal > 0),
  previous  integer GENERATED ALWAYS AS (nullif(ordinal - 1, 0)) STORED,
  kind      text NOT NULL CHECK (kind IN ('grant', 'burn', 'return', 'expire', 'withdraw')),
  before    numeric NOT NULL,
  change    numeric NOT NULL CHECK (change <> 0),
  remaining numeric NOT NULL CHECK (remaining >= 0),
  -- The invoice that used it, or the document that gave it back.
  document  text,
  actor     text NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (credit_id, ordinal),
  UNIQUE (credit_id, ordinal, remaining),
  FOREIGN KEY (credit_id, previous, before)
    REFERENCES credit_movement (credit_id, ordinal, remaining),
  CHECK (remaining = before + change),
  CHECK (ordinal > 1 OR before = 0),
  CHECK ((ordinal = 1) = (kind = 'grant')),
  CHECK ((change > 0) = (kind IN ('grant', 'return'))),
  CHECK (kind NOT IN ('burn', 'return') OR document IS NOT NULL)
);
CREATE INDEX credit_movement_of_document ON credit_movement (document)
  WHERE document IS NOT NULL;

-- The rest of a grant is the rest after its last movement.
ALTER TABLE credit_grant ADD FOREIGN KEY (credit_id, movements, remaining)
  REFERENCES credit_movement (credit_id, ordinal, remaining) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION credit_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a movement of credit cannot be changed or deleted; add another one'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER credit_movement_unchanged BEFORE UPDATE OR TRUNCATE OR DELETE ON credit_movement
  FOR EACH STATEMENT EXECUTE FUNCTION credit_is_moved();
CREATE TRIGGER coupon_use_unchanged BEFORE UPDATE OR TRUNCATE OR DELETE ON coupon_use
  FOR EACH STATEMENT EXECUTE FUNCTION credit_is_moved();

GRANT SELECT, INSERT ON coupon, coupon_use, credit_movement TO billing_server;
GRANT SELECT, INSERT, UPDATE ON coupon_gift, credit_grant TO billing_server;
