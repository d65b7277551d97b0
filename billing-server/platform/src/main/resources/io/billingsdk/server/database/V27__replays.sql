-- Which rejected events were taken in again. Rows are added, never changed.
CREATE TABLE replay (
  rejected_id bigint PRIMARY KEY REFERENCES rejected_event,
  outcome     text NOT NULL CHECK (outcome IN ('stored', 'duplicate')),
  -- Whether somebody gave another event in its place.
  amended     boolean NOT NULL,
  actor       text NOT NULL,
  replayed_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT ON replay TO billing_server;
