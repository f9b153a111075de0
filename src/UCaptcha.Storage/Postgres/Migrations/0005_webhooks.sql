-- The sealed secrets that sign the callbacks of a key made at run time, as a JSON array, newest first.
ALTER TABLE api_keys ADD COLUMN webhook_secrets text NOT NULL DEFAULT '[]';

-- The callbacks of one key to one receiver wait together, and are given up together.
CREATE INDEX callbacks_lane ON callbacks (receiver, key_id, due_at) WHERE state = 0;
