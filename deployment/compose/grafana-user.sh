#!/bin/sh
# Makes Grafana's user when the database is made. It may read what Tidecast will write, and nothing else: the queries of a dashboard are the
# viewer's to change.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$GRAFANA_POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create user grafana password :'password';
alter default privileges for role tidecast grant usage on schemas to grafana;
alter default privileges for role tidecast grant select on tables to grafana;
SQL
