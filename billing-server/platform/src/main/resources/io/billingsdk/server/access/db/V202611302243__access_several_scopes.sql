-- A token may have several scopes, with commas between them: metering,catalog.
ALTER TABLE access_token DROP CONSTRAINT access_token_scope_check;
ALTER TABLE access_token ADD CONSTRAINT access_token_scope_check CHECK (
  string_to_array(scope, ',') <@
    ARRAY['intake', 'read', 'write', 'metering', 'catalog', 'finance', 'refund', 'admin']
  AND scope <> '');
