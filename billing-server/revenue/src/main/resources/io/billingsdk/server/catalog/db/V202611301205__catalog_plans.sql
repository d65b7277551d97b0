-- How usage is measured, and what it costs ---------------------------------------------------------

CREATE TABLE meter (
  slug        text PRIMARY KEY CHECK (slug ~ '^[a-z0-9_.-]{1,64}$'),
  -- As a plan file has it, without its slug; json and not jsonb: byte for byte what was written.
  content     json NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- One row for each plan: a change or a publication locks it first.
CREATE TABLE plan (
  plan_id    text PRIMARY KEY CHECK (plan_id ~ '^[a-z0-9_.-]{1,64}$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- What is not published yet: at most one of a plan.
CREATE TABLE plan_draft (
  plan_id    text PRIMARY KEY REFERENCES plan,
  content    json NOT NULL,
  digest     text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- Published versions: rows are added, never changed.
CREATE TABLE plan_version (
  plan_id      text NOT NULL REFERENCES plan,
  version      integer NOT NULL CHECK (version > 0),
  content      json NOT NULL,
  digest       text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  valid_from   timestamptz NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  published_by text NOT NULL,
  PRIMARY KEY (plan_id, version),
  -- Two versions that begin together would both be the current one.
  UNIQUE (plan_id, valid_from)
);

-- The meters of published versions, which nobody may change from then on.
CREATE TABLE plan_version_meter (
  slug    text NOT NULL REFERENCES meter,
  plan_id text NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (slug, plan_id, version),
  FOREIGN KEY (plan_id, version) REFERENCES plan_version
);

GRANT SELECT, INSERT, UPDATE ON meter, plan TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_draft TO billing_server;
GRANT SELECT, INSERT ON plan_version, plan_version_meter TO billing_server;
