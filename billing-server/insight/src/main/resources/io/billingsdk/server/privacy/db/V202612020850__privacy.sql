-- Privacy: who is behind a subject, under a key of each person -------------------------------------

-- A person by the subject that events carry. The identifier is encrypted under the key of the
-- person; lookup is an HMAC of it, under a secret that is in no table.
CREATE TABLE privacy_person (
  subject       text PRIMARY KEY CHECK (length(subject) BETWEEN 1 AND 64),
  lookup        bytea NOT NULL UNIQUE,
  identifier    bytea NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now()
);

-- Apart, so that a copy of one of the two tables says nothing. Encrypted under the secret.
CREATE TABLE privacy_key (
  subject text PRIMARY KEY REFERENCES privacy_person ON DELETE CASCADE,
  key     bytea NOT NULL
);

-- That a person was erased; the subject leads to nobody then.
CREATE TABLE privacy_erasure (
  subject   text PRIMARY KEY,
  reason    text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  actor     text NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, DELETE ON privacy_person, privacy_key TO billing_server;
GRANT SELECT, INSERT ON privacy_erasure TO billing_server;
