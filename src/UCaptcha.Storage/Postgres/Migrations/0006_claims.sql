-- The node that is sending a callback: when it is gone, so is its claim.
ALTER TABLE callbacks ADD COLUMN claimed_by bigint;
CREATE INDEX callbacks_claimed ON callbacks (claimed_by) WHERE state = 0 AND claimed = 1;
