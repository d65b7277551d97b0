CREATE TABLE tiny_note (text text NOT NULL);
GRANT SELECT, INSERT ON tiny_note TO billing_server;

CREATE TABLE tiny_usage (app_id text PRIMARY KEY, usage numeric NOT NULL);
GRANT SELECT, INSERT, UPDATE ON tiny_usage TO billing_server;
