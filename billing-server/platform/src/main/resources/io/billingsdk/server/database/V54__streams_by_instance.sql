-- The stream that took an instance over from another one is looked for with each scrape.
CREATE INDEX stream_by_instance ON stream (instance, stream_id);
