-- What an event may say beside its usage: several quantities, and who used them -------------------

-- Null in rows of before, and no table is rewritten for them.
ALTER TABLE usage_event ADD COLUMN quantities jsonb;
ALTER TABLE usage_event ADD COLUMN subject text;
ALTER TABLE usage_event ADD COLUMN session text;
ALTER TABLE usage_event ADD COLUMN execution text;

-- Partial: an event without the field costs its transaction no entry. A subject goes on for years,
-- so that its events are found one by one; without the time, all those of a subject share an entry.
-- Sessions and executions are short: their events lie close together, and a summary of the pages
-- finds them. In a B-tree each of their names, which have no order, would go to another page, which
-- the log would hold whole. VACUUM makes the summaries, apart from the intake.
CREATE INDEX usage_event_by_subject ON usage_event (subject) WHERE subject IS NOT NULL;
CREATE INDEX usage_event_by_session ON usage_event USING brin (session text_bloom_ops)
  WHERE session IS NOT NULL;
CREATE INDEX usage_event_by_execution ON usage_event USING brin (execution text_bloom_ops)
  WHERE execution IS NOT NULL;

CREATE OR REPLACE VIEW usage_event_attributed AS
  SELECT e.occurred_at, e.received_at, e.stream_id, e.seq,
    coalesce(e.app_id, a.app_id) AS app_id, coalesce(a.key_id, e.key_id) AS key_id, e.key_sha256,
    e.module, e.model, e.usage, e.metadata, e.idempotency_key, a.attributed_at,
    e.quantities, e.subject, e.session, e.execution
  FROM usage_event e LEFT JOIN attribution a USING (stream_id, seq);

-- What the event says of the usage. One that says nothing new has the content that it had before:
-- its repeat must be known as one. Quantities come in one form, so that their text is what they say.
CREATE FUNCTION usage_content(key text, module text, model text, usage numeric, metadata jsonb,
  quantities jsonb, subject text, session text, execution text)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN num_nonnulls(quantities, subject, session, execution) = 0
      THEN usage_content(key, module, model, usage, metadata)
    ELSE sha256(convert_to(
      jsonb_build_array(key, module, model, trim_scale(usage)::text, metadata,
        quantities, subject, session, execution)::text, 'UTF8'))
  END
$$;
GRANT EXECUTE ON FUNCTION usage_content(text, text, text, numeric, jsonb, jsonb, text, text, text)
  TO billing_server;
