-- A tax may consist of named components, such as the GST of Canada and the PST of a province, each
-- on the net amount and rounded by itself. As JSON; rows without components stay as they are.
ALTER TABLE invoice_line ADD COLUMN tax_components text;
ALTER TABLE invoice_tax ADD COLUMN components text NOT NULL DEFAULT '';

-- Two taxes of a document may have the same rate and other components.
ALTER TABLE invoice_tax DROP CONSTRAINT invoice_tax_pkey;
ALTER TABLE invoice_tax ADD PRIMARY KEY (number, category, percent, components);

-- The components of a tax add up to its rate and to its amount; so the sums of BR-CO-14 are those of
-- the components, too.
CREATE FUNCTION invoice_tax_components_agree(components text, percent numeric, tax numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
  SELECT components = '' OR coalesce((
    SELECT sum((part ->> 'percent')::numeric) = percent AND sum((part ->> 'tax')::numeric) = tax
    FROM jsonb_array_elements(nullif(components, '')::jsonb) AS part), false)
$$;
ALTER TABLE invoice_tax ADD CONSTRAINT invoice_tax_components
  CHECK (invoice_tax_components_agree(components, percent, tax));
