-- Tokens that send usage, and see nothing.
ALTER TABLE access_token DROP CONSTRAINT access_token_scope_check;
ALTER TABLE access_token ADD CONSTRAINT access_token_scope_check
  CHECK (scope IN ('intake', 'read', 'write'));
