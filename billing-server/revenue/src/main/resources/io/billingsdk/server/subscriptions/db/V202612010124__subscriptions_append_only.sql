-- Also for the owner of the tables: invoices are made again of the history.
CREATE FUNCTION subscription_event_is_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of a subscription cannot be changed or deleted'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER subscription_event_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE
  ON subscription_event FOR EACH STATEMENT EXECUTE FUNCTION subscription_event_is_history();
ALTER TABLE subscription_event ENABLE ALWAYS TRIGGER subscription_event_unchanged;
