-- What is over is deleted after a while.
GRANT DELETE ON quota_lease, quota_holder, quota_refusal TO billing_server;

-- A lease is deleted by its end; whether an instance has one is asked for each holder.
CREATE INDEX quota_lease_by_end ON quota_lease (expires_at);
CREATE INDEX quota_lease_of_instance ON quota_lease (instance) WHERE instance IS NOT NULL;
CREATE INDEX quota_holder_by_time ON quota_holder (first_seen);
