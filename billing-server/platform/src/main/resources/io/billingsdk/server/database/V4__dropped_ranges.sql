-- Numbers that will never come: their producer gave the events up on purpose (whenFull=drop-oldest)
-- and says so with its signs of life. They stay in stream_gap; whoever asks for what is missing
-- takes them out.
CREATE TABLE stream_dropped (
  stream_id integer PRIMARY KEY REFERENCES stream,
  numbers   int8multirange NOT NULL,
  -- Who said it last. After a takeover of a journal it is not the instance of the stream.
  said_by   text NOT NULL,
  said_at   timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON stream_dropped TO billing_server;
