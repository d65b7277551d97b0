-- Credits: what a payment bought ------------------------------------------------------------------

CREATE INDEX credit_grant_top_up ON credit_grant (reference) WHERE source = 'top_up';
