-- The sealed secrets that sign the callbacks of a key made at run time, as a JSON array, newest first.
ALTER TABLE api_keys ADD COLUMN webhook_secrets TEXT NOT NULL DEFAULT '[]';
