-- Who may use the HTTP API -----------------------------------------------------------------------

CREATE TABLE operator (
  name        text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9_.@-]{1,64}$'),
  created_at  timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz
);

-- Of a token only its hash: whoever reads this table cannot use one.
CREATE TABLE access_token (
  token_id   text PRIMARY KEY CHECK (token_id ~ '^t[A-Za-z0-9]{12}$'),
  sha256     bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  operator   text NOT NULL REFERENCES operator,
  scope      text NOT NULL CHECK (scope IN ('read', 'write')),
  -- Not null: it reads what belongs to that app, and nothing else.
  app_id     text REFERENCES app CHECK (app_id IS NULL OR scope = 'read'),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

-- Who changed what: rows are added, never changed ------------------------------------------------

CREATE TABLE audit_log (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  actor   text NOT NULL,
  action  text NOT NULL,
  subject text NOT NULL,
  before  jsonb,
  after   jsonb
);

GRANT SELECT, INSERT, UPDATE ON operator, access_token TO billing_server;
GRANT SELECT, INSERT ON audit_log TO billing_server;
