-- Usage is watched by service, customer, key and meter, too -------------------------------------------

ALTER TABLE anomaly_series DROP CONSTRAINT anomaly_series_dimension_check;
-- An empty name is all values that are not watched by name.
ALTER TABLE anomaly_series ADD CONSTRAINT anomaly_series_dimension_check
  CHECK (dimension IN ('app', 'service', 'customer', 'key', 'meter'));

-- The incident that explains it; people hear of that one alone.
ALTER TABLE anomaly_incident ADD COLUMN part_of bigint REFERENCES anomaly_incident;
ALTER TABLE anomaly_incident ADD CONSTRAINT anomaly_incident_heard_once
  CHECK (part_of IS NULL OR alerted_at IS NULL);
CREATE INDEX anomaly_incident_part_of ON anomaly_incident (part_of) WHERE part_of IS NOT NULL;
