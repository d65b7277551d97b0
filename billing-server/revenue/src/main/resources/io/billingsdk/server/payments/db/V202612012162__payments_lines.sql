-- Lines of statements are matched one by one, after their file was taken in.
ALTER TABLE bank_line ADD COLUMN is_return boolean NOT NULL DEFAULT false;
ALTER TABLE bank_line DROP CONSTRAINT bank_line_state_check;
ALTER TABLE bank_line ADD CONSTRAINT bank_line_state_check
  CHECK (state IN ('waiting', 'matched', 'unmatched', 'ignored'));
CREATE INDEX bank_line_waiting ON bank_line (line_id) WHERE state = 'waiting';
