-- Calls a second as exact decimals. By way of the text: a cast from double precision keeps 15 digits.
ALTER TABLE api_key ALTER COLUMN rate_per_second TYPE numeric USING rate_per_second::text::numeric;
