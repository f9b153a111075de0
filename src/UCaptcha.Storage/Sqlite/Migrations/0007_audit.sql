-- The address that an administrator's call came from.
ALTER TABLE audit ADD COLUMN address TEXT;
