-- What the plan of its customer allows all keys of an app, beside their own terms; null without one.
ALTER TABLE app ADD COLUMN plan jsonb;
