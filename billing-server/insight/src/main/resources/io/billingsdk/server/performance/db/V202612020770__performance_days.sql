-- Sketches of days of UTC, beside those of hours: part -1 of the first hour of a day. Those that are
-- there have no days yet, and are made again with them; until then questions read the steps.
INSERT INTO performance_stale (hour, task_type, step_name, part)
SELECT hour, task_type, step_name, nextval('performance_sketch_part')
FROM performance_sketch WHERE part = 0;

-- Each duration of an hour beside its sketch, for percentiles that are exact; NULL for too many.
ALTER TABLE performance_sketch ADD COLUMN durations bytea;
