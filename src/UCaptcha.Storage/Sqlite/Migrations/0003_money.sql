-- Customers pay. The balance of a limited customer is kept here; what the others owe is the sum of their rows in the ledger,
-- so that the tasks of one large customer need not wait for each other.
CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    limited INTEGER NOT NULL,
    balance_micros INTEGER NOT NULL DEFAULT 0,
    reserved_micros INTEGER NOT NULL DEFAULT 0 CHECK (reserved_micros >= 0),
    created_at INTEGER NOT NULL,
    CHECK (balance_micros >= reserved_micros)
) STRICT;
INSERT INTO customers (id, name, limited, created_at) VALUES (1, 'default', 0, unixepoch() * 1000);

ALTER TABLE api_keys ADD COLUMN customer_id INTEGER NOT NULL DEFAULT 1;
ALTER TABLE api_keys ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE api_keys ADD COLUMN previous_hash BLOB;
ALTER TABLE api_keys ADD COLUMN previous_until INTEGER;
CREATE INDEX api_keys_customer ON api_keys (customer_id, id);
INSERT INTO counters (name, value) VALUES ('keys_version', 0);

DROP TRIGGER ledger_no_update;
DROP TRIGGER ledger_no_delete;
ALTER TABLE ledger RENAME TO ledger_before;
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    key_id INTEGER,
    task_id BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('deposit', 'adjustment', 'charge', 'refund', 'operator_loss')),
    account TEXT,
    amount_micros INTEGER NOT NULL CHECK (amount_micros <> 0 AND (amount_micros > 0 OR kind = 'adjustment')),
    reference TEXT,
    note TEXT
) STRICT;
INSERT INTO ledger (id, at, customer_id, key_id, task_id, kind, account, amount_micros)
    SELECT id, at, 1, coalesce(key_id, (SELECT t.key_id FROM tasks t WHERE t.id = ledger_before.task_id)), task_id, kind, account, amount_micros
    FROM ledger_before;
DROP TABLE ledger_before;
CREATE INDEX ledger_customer ON ledger (customer_id, id);
-- Nobody is charged twice for a task, nor given back twice.
CREATE UNIQUE INDEX ledger_once ON ledger (task_id, kind) WHERE kind IN ('charge', 'refund');
CREATE UNIQUE INDEX ledger_reference ON ledger (customer_id, reference) WHERE reference IS NOT NULL;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Every sum that is kept beside what proves it: SELECT * FROM ledger_proof WHERE kept <> proven has no rows.
CREATE VIEW ledger_proof AS
SELECT 'customer.balance' AS what, c.id AS id, c.name AS name, c.balance_micros AS kept, coalesce(l.sum, 0) AS proven
FROM customers c LEFT JOIN (
    SELECT customer_id, CAST(sum(CASE kind WHEN 'charge' THEN -amount_micros WHEN 'operator_loss' THEN 0 ELSE amount_micros END) AS bigint) AS sum
    FROM ledger GROUP BY customer_id) l ON l.customer_id = c.id
WHERE c.limited = 1
UNION ALL
SELECT 'customer.reserved', c.id, c.name, c.reserved_micros, coalesce(t.sum, 0)
FROM customers c LEFT JOIN (
    SELECT k.customer_id, CAST(sum(u.reserved_micros) AS bigint) AS sum
    FROM tasks u JOIN api_keys k ON k.id = u.key_id WHERE u.state < 3 GROUP BY k.customer_id) t ON t.customer_id = c.id
WHERE c.limited = 1
UNION ALL
SELECT 'key.spent', k.id, k.name, k.spent_micros, coalesce(l.sum, 0)
FROM api_keys k LEFT JOIN (
    SELECT key_id, CAST(sum(CASE kind WHEN 'charge' THEN amount_micros ELSE -amount_micros END) AS bigint) AS sum
    FROM ledger WHERE kind IN ('charge', 'refund') GROUP BY key_id) l ON l.key_id = k.id
UNION ALL
SELECT 'key.reserved', k.id, k.name, k.reserved_micros, coalesce(t.sum, 0)
FROM api_keys k LEFT JOIN (
    SELECT key_id, CAST(sum(reserved_micros) AS bigint) AS sum FROM tasks WHERE state < 3 GROUP BY key_id) t ON t.key_id = k.id;

-- How a task ended, filled when its result is purged: a repeated request is still told.
ALTER TABLE request_ids ADD COLUMN state INTEGER;
ALTER TABLE request_ids ADD COLUMN short_id INTEGER;
ALTER TABLE request_ids ADD COLUMN attempts INTEGER;
ALTER TABLE request_ids ADD COLUMN created_at INTEGER;
ALTER TABLE request_ids ADD COLUMN finished_at INTEGER;
ALTER TABLE request_ids ADD COLUMN cost_micros INTEGER;
ALTER TABLE request_ids ADD COLUMN error_code TEXT;
ALTER TABLE request_ids ADD COLUMN error_description TEXT;

CREATE INDEX attempts_lost ON attempts (task_id) WHERE state = 4;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
