-- What was booked by hand, of which there is little beside the charges.
CREATE INDEX ledger_by_hand ON ledger (customer_id, kind, amount_micros) WHERE kind IN ('deposit', 'adjustment');
