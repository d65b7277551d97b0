-- Totals of one app: without it they would read the rollups of all apps.
CREATE INDEX usage_rollup_shard_by_app ON usage_rollup_shard (app_id, hour);
-- What was attributed to an app.
CREATE INDEX attribution_by_app ON attribution (app_id);
