-- Notifications out: notices, who receives them, and how each delivery went -------------------------------

-- A notice for each event of the outbox that says something. Customer '': no customer's.
CREATE TABLE notice (
  event_id    uuid PRIMARY KEY,
  kind        text NOT NULL CHECK (length(kind) BETWEEN 1 AND 256),
  customer    text NOT NULL,
  data        text NOT NULL,
  happened_at timestamptz NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX notice_by_time ON notice USING brin (created_at);

-- Where webhooks go. The secrets are encrypted with a secret that is not in the database. A removed
-- endpoint has neither a URL nor secrets.
CREATE TABLE webhook_endpoint (
  endpoint_id      text PRIMARY KEY CHECK (endpoint_id ~ '^we_[A-Za-z0-9]{16}$'),
  customer         text NOT NULL,
  url              text NOT NULL CHECK (length(url) <= 1024),
  kinds            text[] NOT NULL,
  state            text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled', 'removed')),
  problem          text,
  secret           bytea NOT NULL,
  old_secret       bytea,
  old_secret_until timestamptz,
  failing_since    timestamptz,
  last_failure_at  timestamptz,
  created_at       timestamptz NOT NULL,
  CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
  CHECK ((state = 'removed') = (url = '')),
  CHECK ((state = 'removed') = (secret = '')),
  CHECK (state <> 'removed' OR old_secret IS NULL)
);
CREATE INDEX webhook_endpoint_by_customer ON webhook_endpoint (customer, endpoint_id);

-- One for each notice and endpoint. The numbers of a customer's rows are in the order of their
-- commits, by a lock. Failures: those since it was last put in line; attempts: all, and so the proof
-- that a row is still its taker's.
CREATE TABLE webhook_delivery (
  number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  endpoint_id     text NOT NULL REFERENCES webhook_endpoint,
  event_id        uuid NOT NULL REFERENCES notice ON DELETE CASCADE,
  customer        text NOT NULL,
  state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts        integer NOT NULL DEFAULT 0,
  failures        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  taken_until     timestamptz,
  deadline        timestamptz NOT NULL,
  problem         text,
  created_at      timestamptz NOT NULL,
  done_at         timestamptz,
  UNIQUE (event_id, endpoint_id)
);
CREATE INDEX webhook_delivery_next ON webhook_delivery (next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_first ON webhook_delivery (endpoint_id, customer, number)
  WHERE state = 'pending';
CREATE INDEX webhook_delivery_taken ON webhook_delivery (endpoint_id)
  WHERE state = 'pending' AND taken_until IS NOT NULL;
CREATE INDEX webhook_delivery_dead ON webhook_delivery (number) WHERE state = 'dead';
CREATE INDEX webhook_delivery_list ON webhook_delivery (endpoint_id, number);

CREATE TABLE webhook_attempt (
  number   bigint NOT NULL REFERENCES webhook_delivery ON DELETE CASCADE,
  attempt  integer NOT NULL,
  at       timestamptz NOT NULL,
  millis   bigint NOT NULL,
  status   integer,
  problem  text,
  answer   text,
  PRIMARY KEY (number, attempt)
);

-- Who is mailed. A person ends kinds by a link: they are in muted, and stay there. The hash of a
-- removed address, which is blank, lets them hold when its customer adds the address again.
CREATE TABLE mail_recipient (
  recipient_id uuid PRIMARY KEY,
  customer     text NOT NULL,
  address      text NOT NULL CHECK (length(address) <= 254),
  kinds        text[] NOT NULL,
  muted        text[] NOT NULL DEFAULT '{}',
  locale       text,
  state        text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'removed')),
  address_hash bytea,
  created_at   timestamptz NOT NULL,
  CHECK ((state = 'removed') = (address = ''))
);
CREATE UNIQUE INDEX mail_recipient_once ON mail_recipient (customer, lower(address))
  WHERE state = 'enabled';
CREATE INDEX mail_recipient_muted ON mail_recipient (address_hash) WHERE address_hash IS NOT NULL;

-- One for each notice and address. Sending: an SMTP server may have it, whatever happens now.
-- Replays: those since replays_since, which begins again after a day.
CREATE TABLE mail_delivery (
  number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail_id         uuid NOT NULL UNIQUE,
  event_id        uuid NOT NULL REFERENCES notice ON DELETE CASCADE,
  recipient_id    uuid NOT NULL REFERENCES mail_recipient,
  customer        text NOT NULL,
  address         text NOT NULL,
  state           text NOT NULL DEFAULT 'pending'
                  CHECK (state IN ('pending', 'sending', 'sent', 'unsure', 'dead')),
  attempts        integer NOT NULL DEFAULT 0,
  failures        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  taken_until     timestamptz,
  deadline        timestamptz NOT NULL,
  problem         text,
  replays         integer NOT NULL DEFAULT 0,
  replays_since   timestamptz,
  created_at      timestamptz NOT NULL,
  done_at         timestamptz
);
CREATE UNIQUE INDEX mail_delivery_once ON mail_delivery (event_id, lower(address));
CREATE INDEX mail_delivery_next ON mail_delivery (next_attempt_at)
  WHERE state IN ('pending', 'sending');
CREATE INDEX mail_delivery_first ON mail_delivery (address, number)
  WHERE state IN ('pending', 'sending');
CREATE INDEX mail_delivery_ended ON mail_delivery (state) WHERE state IN ('dead', 'unsure');
CREATE INDEX mail_delivery_list ON mail_delivery (recipient_id, number);

GRANT SELECT, INSERT, DELETE ON notice TO billing_server;
GRANT SELECT, INSERT, UPDATE ON webhook_endpoint, mail_recipient TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_delivery, webhook_attempt, mail_delivery
  TO billing_server;
