-- What the event said that an idempotency key is of: another one under it that says something else
-- is a conflict, and no repeat. Null in rows from before: what is under those is a repeat, as then.
ALTER TABLE idempotency ADD COLUMN content bytea;
-- When it happened, if its sender said so; a time that the server or an SDK filled in is another
-- one each time that the event is sent.
ALTER TABLE idempotency ADD COLUMN occurred_at timestamptz;

-- Of the usage alone: neither stream and number nor time, and metadata whatever their order.
CREATE FUNCTION usage_content(key text, module text, model text, usage numeric, metadata jsonb)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(
    jsonb_build_array(key, module, model, trim_scale(usage)::text, metadata)::text, 'UTF8'))
$$;

-- How the server named an identity that it made, before such names had a space in them, which no
-- key of a client has. Null for the key of a client.
CREATE FUNCTION older_idempotency_key(identity text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE split_part(identity, ' ', 1)
    WHEN identity THEN NULL
    WHEN 'batch' THEN split_part(identity, ' ', 3) || '/' || split_part(identity, ' ', 2)
    WHEN 'line' THEN split_part(identity, ' ', 3) || '/' || split_part(identity, ' ', 2)
    WHEN 'cloudevent-sha256' THEN 'sha256:' || split_part(identity, ' ', 2)
    WHEN 'cloudevent' THEN (
      SELECT CASE
        WHEN source LIKE '%|%' THEN 'sha256:' || encode(
          sha256(convert_to(length(source) || ':' || source || id, 'UTF8')), 'hex')
        ELSE source || '|' || id
      END
      FROM split_part(identity, ' ', 2) AS source,
        substr(identity, length('cloudevent  ') + length(source) + 1) AS id)
  END
$$;

-- Conflicts of an idempotency key: of which, and which event is counted under it.
ALTER TABLE conflicting_event ADD COLUMN app_id text;
ALTER TABLE conflicting_event ADD COLUMN idempotency_key text;
ALTER TABLE conflicting_event ADD COLUMN said bytea;
ALTER TABLE conflicting_event ADD COLUMN occurred_at timestamptz;
ALTER TABLE conflicting_event ADD COLUMN counted_stream_id integer;
ALTER TABLE conflicting_event ADD COLUMN counted_seq bigint;

GRANT EXECUTE ON FUNCTION usage_content(text, text, text, numeric, jsonb) TO billing_server;
GRANT EXECUTE ON FUNCTION older_idempotency_key(text) TO billing_server;
