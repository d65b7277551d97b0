-- Whom each event belongs to: the app that was known when it came, or that it was attributed to.
CREATE VIEW usage_event_attributed AS
  SELECT e.occurred_at, e.received_at, e.stream_id, e.seq,
    coalesce(e.app_id, a.app_id) AS app_id, coalesce(a.key_id, e.key_id) AS key_id, e.key_sha256,
    e.module, e.model, e.usage, e.metadata, e.idempotency_key, a.attributed_at
  FROM usage_event e LEFT JOIN attribution a USING (stream_id, seq);

-- What was attributed leaves the rows of no app, which are then of no events.
CREATE OR REPLACE VIEW usage_rollup AS
  SELECT hour, app_id, key_id, module, model, sum(events)::bigint AS events, sum(usage) AS usage
  FROM usage_rollup_shard
  GROUP BY hour, app_id, key_id, module, model
  HAVING sum(events) <> 0;

GRANT SELECT ON usage_event_attributed TO billing_server;
