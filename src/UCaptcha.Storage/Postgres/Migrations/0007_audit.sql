-- The address that an administrator's call came from.
ALTER TABLE audit ADD COLUMN address text;

-- A database that came to version 6 before this index was part of it has none.
CREATE INDEX IF NOT EXISTS ledger_by_hand ON ledger (customer_id, kind, amount_micros) WHERE kind IN ('deposit', 'adjustment');
