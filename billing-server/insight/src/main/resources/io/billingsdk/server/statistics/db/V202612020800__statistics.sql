-- Statistics: who used what, by the counters of profiles ----------------------------------------------

-- Profiles as somebody has given them; the newest of a name is in force, and the newest of an
-- audience is its own. Those that are shipped are not here.
CREATE TABLE statistics_profile (
  profile_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  audience   text NOT NULL CHECK (audience IN ('sessions', 'users')),
  content    text NOT NULL,
  reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 256),
  actor      text NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now()
);

-- Numbers of the keys that sign tokens; the keys follow from a secret that is not in the database.
CREATE TABLE statistics_key (
  key_no  integer PRIMARY KEY CHECK (key_no > 0),
  made_at timestamptz NOT NULL DEFAULT now(),
  -- From then on its tokens are refused; null of the one that signs.
  ends_at timestamptz
);
INSERT INTO statistics_key (key_no) VALUES (1);

-- A person is a random id. Of a user there is a keyed hash of the name that an application has for
-- them, until they are erased.
CREATE TABLE statistics_person (
  person     uuid PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('session', 'guest', 'user')),
  user_hash  bytea UNIQUE CHECK (length(user_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  erased_at  timestamptz,
  CHECK ((kind = 'user') = (expires_at IS NULL)),
  CHECK (kind = 'user' OR user_hash IS NULL),
  CHECK (erased_at IS NULL OR user_hash IS NULL)
);
CREATE INDEX statistics_person_by_kind ON statistics_person (kind);
CREATE INDEX statistics_person_by_end ON statistics_person (expires_at) WHERE expires_at IS NOT NULL;

-- A guest who has logged in. Limits and figures of the user count both.
CREATE TABLE statistics_link (
  guest       uuid PRIMARY KEY,
  user_person uuid NOT NULL,
  linked_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX statistics_link_by_user ON statistics_link (user_person);

-- An event of a profile, or a correction of one, as the ledger has it.
CREATE TABLE statistics_event (
  person        uuid NOT NULL,
  at            timestamptz NOT NULL,
  stream_id     integer NOT NULL,
  seq           bigint NOT NULL,
  profile       text NOT NULL,
  event_type    text NOT NULL,
  is_correction boolean NOT NULL,
  -- The usage of the ledger; of a correction the difference.
  amount        numeric NOT NULL,
  record_id     text,
  fields        text NOT NULL,
  PRIMARY KEY (person, at, stream_id, seq)
);
CREATE INDEX statistics_event_by_record ON statistics_event (record_id) WHERE record_id IS NOT NULL;

-- Sums over the events of a person, of all times.
CREATE TABLE statistics_total (
  person   uuid NOT NULL,
  profile  text NOT NULL,
  counter  text NOT NULL,
  label    text NOT NULL,
  amount   numeric NOT NULL,
  first_at timestamptz,
  last_at  timestamptz,
  PRIMARY KEY (person, profile, counter, label)
) WITH (fillfactor = 80);
CREATE INDEX statistics_total_by_counter ON statistics_total (profile, counter);

-- The same in quarters of an hour of UTC: the days of each zone are made of them.
CREATE TABLE statistics_quarter (
  person   uuid NOT NULL,
  profile  text NOT NULL,
  starts   timestamptz NOT NULL,
  counter  text NOT NULL,
  label    text NOT NULL,
  amount   numeric NOT NULL,
  first_at timestamptz,
  last_at  timestamptz,
  PRIMARY KEY (person, profile, starts, counter, label)
) WITH (fillfactor = 80);

-- Uses that are admitted, and not in the ledger yet. The transaction that adds the event removes the row,
-- so that no use is counted twice or not at all.
CREATE TABLE statistics_reservation (
  record_id  text NOT NULL,
  counter    text NOT NULL,
  person     uuid NOT NULL,
  profile    text NOT NULL,
  at         timestamptz NOT NULL,
  amount     numeric NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (record_id, counter)
);
CREATE INDEX statistics_reservation_by_person ON statistics_reservation (person);

-- A user who was said to be near a limit, once for each day; of a limit that never begins again the
-- beginning is the epoch.
CREATE TABLE statistics_notice (
  person     uuid NOT NULL,
  profile    text NOT NULL,
  limit_name text NOT NULL,
  starts     timestamptz NOT NULL,
  said_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person, profile, limit_name, starts)
);
CREATE INDEX statistics_notice_by_start ON statistics_notice (starts);

GRANT SELECT, INSERT ON statistics_profile, statistics_event TO billing_server;
GRANT SELECT, INSERT, UPDATE ON statistics_key TO billing_server;
GRANT SELECT, INSERT, DELETE ON statistics_notice TO billing_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON statistics_person, statistics_link, statistics_total, statistics_quarter,
  statistics_reservation TO billing_server;
