-- Steps of before are removed; the ledger keeps their events.
GRANT DELETE ON performance_step TO billing_server;
