-- By how much the time of an event was moved when it was taken in again; 0: it is as it was kept.
-- What its producer sends again, with the time it had first, is a duplicate then.
ALTER TABLE replay ADD COLUMN offset_ms bigint NOT NULL DEFAULT 0;
