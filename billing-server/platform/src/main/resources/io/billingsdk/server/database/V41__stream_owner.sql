-- SHA-256 of the secret that the journal of a stream holds: who knows it may send events of the
-- stream under another name. Null: none was said yet, and the instance alone is known.
ALTER TABLE stream ADD COLUMN secret_sha256 bytea CHECK (octet_length(secret_sha256) = 32);

-- Reports of protocol v1 name no instance. They are taken for streams that began with one, whoever
-- goes on with them by v2: some may still be on their way then.
ALTER TABLE stream ADD COLUMN begun_by_v1 boolean NOT NULL DEFAULT false;
UPDATE stream SET begun_by_v1 = true WHERE origin = 'v1' OR (origin IS NULL AND instance IS NULL);
