-- Providers: charges, refunds, saved payment methods, and what providers say -----------------------

CREATE TABLE provider_customer (
  customer_id text NOT NULL,
  provider    text NOT NULL CHECK (provider IN ('stripe', 'paypal', 'sandbox')),
  reference   text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (customer_id, provider),
  UNIQUE (provider, reference)
);

-- A token of the provider, encrypted. Card data never comes here.
CREATE TABLE saved_method (
  method_id   text PRIMARY KEY,
  position    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  customer_id text NOT NULL,
  provider    text NOT NULL CHECK (provider IN ('stripe', 'paypal', 'sandbox')),
  token       bytea NOT NULL,
  -- By which a token is known without its text; no secret can be read out of it.
  token_mac   text NOT NULL CHECK (token_mac ~ '^[0-9a-f]{64}$'),
  brand       text NOT NULL,
  last4       text NOT NULL,
  expires_on  date,
  is_default  boolean NOT NULL,
  removed_at  timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (customer_id, token_mac),
  CHECK (removed_at IS NULL OR NOT is_default)
);
CREATE UNIQUE INDEX saved_method_default ON saved_method (customer_id) WHERE is_default;
CREATE INDEX saved_method_by_customer ON saved_method (customer_id, position);

-- An attempt to take money. The row is there before the provider is called.
CREATE TABLE charge (
  charge_id     text PRIMARY KEY,
  position      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  intent        text NOT NULL,
  attempt       integer NOT NULL CHECK (attempt > 0),
  customer_id   text NOT NULL,
  provider      text NOT NULL CHECK (provider IN ('stripe', 'paypal', 'sandbox')),
  -- The invoice; null for a top-up of prepaid credit.
  number        text,
  currency      text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount        numeric NOT NULL CHECK (amount > 0),
  -- Null when the customer pays on a page of the provider.
  method_id     text REFERENCES saved_method,
  state         text NOT NULL CHECK (state IN ('created', 'requires_action', 'processing', 'failed',
    'succeeded', 'returned')),
  reference     text,
  decline_class text,
  decline_code  text,
  action_url    text,
  payment_id    text,
  looks         integer NOT NULL DEFAULT 0,
  look_at       timestamptz,
  created_at    timestamptz NOT NULL,
  changed_at    timestamptz NOT NULL,
  UNIQUE (intent, attempt),
  CHECK ((state IN ('succeeded', 'returned')) = (payment_id IS NOT NULL)),
  CHECK ((state = 'failed') = (decline_class IS NOT NULL))
);
-- No two charges of an invoice are under way at once.
CREATE UNIQUE INDEX charge_live ON charge (number)
  WHERE state IN ('created', 'requires_action', 'processing');
CREATE UNIQUE INDEX charge_by_number ON charge (number, attempt) WHERE number IS NOT NULL;
CREATE INDEX charge_by_reference ON charge (provider, reference) WHERE reference IS NOT NULL;
CREATE INDEX charge_by_payment ON charge (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX charge_by_customer ON charge (customer_id, position);
CREATE INDEX charge_look ON charge (look_at) WHERE look_at IS NOT NULL;

-- The state of a charge only moves forward, for the owner of the table too.
CREATE FUNCTION charge_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ranks text[] := ARRAY['created', 'requires_action', 'processing', 'failed', 'succeeded',
    'returned'];
BEGIN
  IF array_position(ranks, NEW.state) < array_position(ranks, OLD.state)
      OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency
      OR NEW.intent <> OLD.intent OR NEW.attempt <> OLD.attempt
      OR NEW.customer_id <> OLD.customer_id
      OR (OLD.payment_id IS NOT NULL AND NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
    RAISE EXCEPTION 'the charge % cannot move from % to %, or change what it charges', OLD.charge_id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charge_forward BEFORE UPDATE ON charge
  FOR EACH ROW EXECUTE FUNCTION charge_moves_forward();

CREATE TABLE charge_refund (
  refund_id  text PRIMARY KEY,
  position   bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  payment_id text NOT NULL,
  customer_id text NOT NULL,
  provider   text NOT NULL CHECK (provider IN ('stripe', 'paypal', 'sandbox')),
  charge_reference text NOT NULL,
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount     numeric NOT NULL CHECK (amount > 0),
  reason     text NOT NULL,
  state      text NOT NULL CHECK (state IN ('created', 'succeeded', 'failed')),
  reference  text,
  -- Why it failed.
  problem    text,
  look_at    timestamptz,
  actor      text NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE (provider, reference)
);
CREATE INDEX charge_refund_by_payment ON charge_refund (payment_id);
CREATE INDEX charge_refund_by_customer ON charge_refund (customer_id, position);
CREATE INDEX charge_refund_look ON charge_refund (look_at) WHERE look_at IS NOT NULL;

-- What a provider has sent. The id is stored in the transaction of the effect.
CREATE TABLE provider_event (
  provider    text NOT NULL CHECK (provider IN ('stripe', 'paypal', 'sandbox')),
  event_id    text NOT NULL,
  position    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind        text NOT NULL,
  state       text NOT NULL CHECK (state IN ('applied', 'ignored', 'parked', 'dismissed')),
  -- Why it waits for a person.
  reason      text,
  object_id   text,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, event_id),
  CHECK (state NOT IN ('parked', 'dismissed') OR reason IS NOT NULL)
);
CREATE INDEX provider_event_parked ON provider_event (position) WHERE state = 'parked';

-- Pages of providers on which customers give a payment method.
CREATE TABLE provider_page (
  page_id     text PRIMARY KEY,
  customer_id text NOT NULL,
  provider    text NOT NULL CHECK (provider IN ('stripe', 'paypal', 'sandbox')),
  url         text,
  problem     text,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The books of the sandbox: play money, which no bank knows.
CREATE TABLE sandbox_object (
  reference  text PRIMARY KEY,
  key        text NOT NULL UNIQUE,
  customer   text NOT NULL,
  body       jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX sandbox_object_by_customer ON sandbox_object (customer, created_at);

GRANT SELECT, INSERT, UPDATE ON saved_method, charge, charge_refund, provider_event,
  provider_page, sandbox_object TO billing_server;
GRANT SELECT, INSERT ON provider_customer TO billing_server;
