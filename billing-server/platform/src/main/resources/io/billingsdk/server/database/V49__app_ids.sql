-- Ids of apps beyond ASCII: a new one is held against each of them, since it must not look like one.
CREATE INDEX app_beyond_ascii ON app (app_id) WHERE octet_length(app_id) <> char_length(app_id);
