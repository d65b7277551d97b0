-- What an endpoint is sent: a notice with its fields, or a text for people as Slack takes it.
ALTER TABLE webhook_endpoint ADD COLUMN format text NOT NULL DEFAULT 'standard'
  CHECK (format IN ('standard', 'slack'));
