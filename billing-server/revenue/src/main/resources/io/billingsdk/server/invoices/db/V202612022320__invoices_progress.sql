-- Usage that is invoiced before the end of a period ------------------------------------------------

-- A progress span has the number of the span of its period, and millions in front of it. It holds no
-- event, and ends with the period: a plan says at which amounts of usage there is one.
ALTER TABLE invoice_span DROP CONSTRAINT invoice_span_kind_check;
ALTER TABLE invoice_span ADD CONSTRAINT invoice_span_kind_check
  CHECK (kind IN ('period', 'closing', 'progress'));
ALTER TABLE invoice_span ADD CONSTRAINT invoice_span_progress
  CHECK ((kind = 'progress') = (number > 1000000));
ALTER TABLE invoice_span DROP CONSTRAINT invoice_span_events;
ALTER TABLE invoice_span ADD CONSTRAINT invoice_span_events
  CHECK ((kind IN ('closing', 'progress') AND last_event = after_event)
    OR last_event > after_event);
DROP INDEX invoice_span_of_event;
CREATE UNIQUE INDEX invoice_span_of_event ON invoice_span (subscription_id, last_event, kind)
  WHERE kind <> 'progress';
