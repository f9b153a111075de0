-- The node that is sending a callback: when it is gone, so is its claim.
ALTER TABLE callbacks ADD COLUMN claimed_by bigint;
CREATE INDEX callbacks_claimed ON callbacks (claimed_by) WHERE state = 0 AND claimed = 1;

-- What was booked by hand, of which there is little beside the charges.
CREATE INDEX ledger_by_hand ON ledger (customer_id, kind, amount_micros) WHERE kind IN ('deposit', 'adjustment');
