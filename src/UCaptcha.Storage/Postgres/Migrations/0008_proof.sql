-- The reserves of unfinished tasks are found by the indexes that have no other: those ask when a task was finished.
CREATE OR REPLACE VIEW ledger_proof AS
SELECT 'customer.balance' AS what, c.id AS id, c.name AS name, c.balance_micros AS kept, coalesce(l.sum, 0) AS proven
FROM customers c LEFT JOIN (
    SELECT customer_id, CAST(sum(CASE kind WHEN 'charge' THEN -amount_micros WHEN 'operator_loss' THEN 0 ELSE amount_micros END) AS bigint) AS sum
    FROM ledger GROUP BY customer_id) l ON l.customer_id = c.id
WHERE c.limited = 1
UNION ALL
SELECT 'customer.reserved', c.id, c.name, c.reserved_micros, coalesce(t.sum, 0)
FROM customers c LEFT JOIN (
    SELECT k.customer_id, CAST(sum(u.reserved_micros) AS bigint) AS sum
    FROM tasks u JOIN api_keys k ON k.id = u.key_id WHERE u.state < 3 AND u.finished_at IS NULL GROUP BY k.customer_id) t ON t.customer_id = c.id
WHERE c.limited = 1
UNION ALL
SELECT 'key.spent', k.id, k.name, k.spent_micros, coalesce(l.sum, 0)
FROM api_keys k LEFT JOIN (
    SELECT key_id, CAST(sum(CASE kind WHEN 'charge' THEN amount_micros ELSE -amount_micros END) AS bigint) AS sum
    FROM ledger WHERE kind IN ('charge', 'refund') GROUP BY key_id) l ON l.key_id = k.id
UNION ALL
SELECT 'key.reserved', k.id, k.name, k.reserved_micros, coalesce(t.sum, 0)
FROM api_keys k LEFT JOIN (
    SELECT key_id, CAST(sum(reserved_micros) AS bigint) AS sum FROM tasks WHERE state < 3 AND finished_at IS NULL GROUP BY key_id) t ON t.key_id = k.id;
