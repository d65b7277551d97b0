#!/bin/sh
# Run once by the image of PostgreSQL, in an empty data directory: the two logins of docs/server.md.
set -eu

psql --username=postgres --dbname=postgres --set=ON_ERROR_STOP=1 \
  --set=app="$(cat /run/secrets/database-password)" \
  --set=owner="$(cat /run/secrets/database-owner-password)" <<'SQL'
CREATE ROLE billing_server NOLOGIN;
CREATE ROLE billing_owner LOGIN PASSWORD :'owner';
CREATE ROLE billing LOGIN NOINHERIT PASSWORD :'app' IN ROLE billing_server;
CREATE DATABASE billing OWNER billing_owner;
SQL
