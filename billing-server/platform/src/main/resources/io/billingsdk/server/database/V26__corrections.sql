-- Corrections: events that bring others to what they should be -----------------------------------

-- They are events of the ledger, of a stream of the server's own: the one with the id 0, which no
-- producer may add to. This says which event each of them corrects. Rows are added, never changed.
CREATE TABLE correction (
  stream_id          integer NOT NULL DEFAULT 0 CHECK (stream_id = 0),
  seq                bigint NOT NULL,
  corrects_stream_id integer NOT NULL CHECK (corrects_stream_id <> 0),
  corrects_seq       bigint NOT NULL,
  occurred_at        timestamptz NOT NULL,
  app_id             text NOT NULL,
  -- What the event amounts to since then, and by how much that is more than before.
  usage              numeric NOT NULL CHECK (usage >= 0),
  difference         numeric NOT NULL CHECK (difference <> 0),
  reason             text NOT NULL,
  actor              text NOT NULL,
  corrected_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, seq)
);
CREATE INDEX correction_of_event ON correction (corrects_stream_id, corrects_seq);
CREATE INDEX correction_by_app ON correction (app_id, seq);

GRANT SELECT, INSERT ON correction TO billing_server;
