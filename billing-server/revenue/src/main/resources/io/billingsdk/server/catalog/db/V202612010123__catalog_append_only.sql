-- Also for the owner of the tables: invoices are made again of published plans and their meters.
CREATE FUNCTION plan_version_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published plan cannot be changed or deleted; publish another version'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER plan_version_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_version
  FOR EACH STATEMENT EXECUTE FUNCTION plan_version_is_published();
CREATE TRIGGER plan_version_meter_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE
  ON plan_version_meter FOR EACH STATEMENT EXECUTE FUNCTION plan_version_is_published();

CREATE FUNCTION meter_is_published() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT FROM plan_version_meter WHERE slug = OLD.slug)
      AND (TG_OP = 'DELETE' OR NEW.slug <> OLD.slug OR NEW.content::text <> OLD.content::text) THEN
    RAISE EXCEPTION 'a published plan has the meter %, which cannot be changed', OLD.slug
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER meter_unchanged BEFORE UPDATE OR DELETE ON meter
  FOR EACH ROW EXECUTE FUNCTION meter_is_published();

ALTER TABLE plan_version ENABLE ALWAYS TRIGGER plan_version_unchanged;
ALTER TABLE plan_version_meter ENABLE ALWAYS TRIGGER plan_version_meter_unchanged;
ALTER TABLE meter ENABLE ALWAYS TRIGGER meter_unchanged;
