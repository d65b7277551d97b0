-- Who numbers the events of a stream: of those that this server numbers itself nothing can be
-- missing, and of v1 nobody says how far it goes. Null: of before, and of no instance.
ALTER TABLE stream ADD COLUMN origin text
  CHECK (origin IN ('v2', 'v1', 'v1-unnumbered', 'http'));
UPDATE stream s SET origin = 'v2'
  WHERE stream_id <> 0
    AND (instance IS NOT NULL OR EXISTS (SELECT FROM stream_hello h WHERE h.stream_id = s.stream_id));

-- By the clock of who said it: one that comes late must not replace what was said after it.
ALTER TABLE stream_hello ADD COLUMN sent_at_ms bigint NOT NULL DEFAULT 0;

-- A rotation and its new key have versions that follow each other: both are of one transaction,
-- which is alone with the keys.
ALTER TABLE api_key ADD COLUMN successor text REFERENCES api_key;
UPDATE api_key k SET successor = (
  SELECT made.key_id FROM key_change rotated
    JOIN key_change made ON made.version = rotated.version + 1 AND made.what = 'create'
  WHERE rotated.key_id = k.key_id AND rotated.what = 'rotate'
  ORDER BY rotated.version DESC LIMIT 1)
WHERE EXISTS (
  SELECT FROM key_change rotated WHERE rotated.key_id = k.key_id AND rotated.what = 'rotate');
