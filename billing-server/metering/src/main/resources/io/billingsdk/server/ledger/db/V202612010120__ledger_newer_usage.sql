-- Finds what came after a cut, of one app: an invoice asks so for each of its earlier times.
CREATE INDEX usage_rollup_shard_newer ON usage_rollup_shard (app_id, cut_no, hour);
