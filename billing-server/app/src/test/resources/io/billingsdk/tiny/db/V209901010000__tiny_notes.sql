CREATE TABLE tiny_note (text text NOT NULL);
GRANT SELECT, INSERT ON tiny_note TO billing_server;
