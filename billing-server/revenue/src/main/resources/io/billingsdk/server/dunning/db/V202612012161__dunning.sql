-- Dunning: charges that were declined, and when they are tried again -------------------------------

-- On which days after a decline of a class; a class without days is never tried again.
CREATE TABLE dunning_rule (
  decline_class text PRIMARY KEY CHECK (decline_class IN ('funds', 'temporary', 'hard', 'method')),
  days          text NOT NULL CHECK (days ~ '^([0-9]{1,2}(,[0-9]{1,2}){0,14})?$'),
  from_previous boolean NOT NULL,
  window_days   integer NOT NULL CHECK (window_days BETWEEN 0 AND 365),
  -- The networks forbid it.
  CHECK (decline_class IN ('funds', 'temporary') OR days = '')
);
INSERT INTO dunning_rule VALUES
  ('funds', '1,3,5,7', false, 14),
  ('temporary', '1,3,5,7', false, 14),
  ('hard', '', false, 0),
  ('method', '', false, 0);

-- What a customer must owe in a currency, or no charge is tried again.
CREATE TABLE dunning_threshold (
  currency text PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$'),
  least    numeric NOT NULL CHECK (least >= 0)
);

CREATE TABLE dunning_case (
  number        text PRIMARY KEY,
  customer_id   text NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting', 'charging', 'pending', 'needs_method',
    'exhausted', 'stopped', 'recovered', 'closed')),
  attempts      integer NOT NULL CHECK (attempts > 0),
  decline_class text NOT NULL,
  decline_code  text NOT NULL,
  -- Days of the customer.
  first_on      date NOT NULL,
  last_on       date NOT NULL CHECK (last_on >= first_on),
  next_on       date,
  forced        boolean NOT NULL DEFAULT false,
  reason        text,
  changed_at    timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'waiting') = (next_on IS NOT NULL)),
  -- A hard decline is never tried again; another payment method makes it another class.
  CHECK (state <> 'waiting' OR decline_class IN ('funds', 'temporary'))
);
CREATE INDEX dunning_case_due ON dunning_case (next_on, number) WHERE state = 'waiting';
CREATE INDEX dunning_case_charging ON dunning_case (number) WHERE state = 'charging';
CREATE INDEX dunning_case_of_customer ON dunning_case (customer_id, number);

-- The row stands before the call: an attempt whose server died is made again under its number.
CREATE TABLE dunning_attempt (
  number     text NOT NULL REFERENCES dunning_case,
  attempt    integer NOT NULL CHECK (attempt > 0),
  day        date NOT NULL,
  outcome    text NOT NULL,
  code       text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (number, attempt)
);

-- Saved cards, so that somebody hears before one expires.
CREATE TABLE dunning_card (
  method_id   text PRIMARY KEY,
  customer_id text NOT NULL,
  brand       text NOT NULL,
  last4       text NOT NULL,
  expires_on  date NOT NULL,
  noticed     boolean NOT NULL DEFAULT false
);
CREATE INDEX dunning_card_expiry ON dunning_card (expires_on) WHERE NOT noticed;

GRANT SELECT, UPDATE ON dunning_rule TO billing_server;
GRANT SELECT, INSERT, UPDATE ON dunning_threshold, dunning_case, dunning_attempt TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON dunning_card TO billing_server;
