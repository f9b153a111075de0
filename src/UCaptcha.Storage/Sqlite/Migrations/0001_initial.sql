-- Times are unix milliseconds, money is micro-dollars, ids are 16 bytes in big-endian order, so that byte order is time order.

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    configured INTEGER NOT NULL,
    budget_micros INTEGER,
    spent_micros INTEGER NOT NULL DEFAULT 0,
    reserved_micros INTEGER NOT NULL DEFAULT 0 CHECK (reserved_micros >= 0),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_live_hash ON api_keys (hash) WHERE revoked_at IS NULL;

CREATE TABLE tasks (
    id BLOB NOT NULL PRIMARY KEY,
    key_id INTEGER NOT NULL REFERENCES api_keys (id),
    short_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    request BLOB NOT NULL,
    speed_weight INTEGER NOT NULL,
    provider TEXT,
    callback_url TEXT,
    dialect TEXT NOT NULL,
    request_id TEXT,
    fingerprint BLOB,
    created_at INTEGER NOT NULL,
    deadline_at INTEGER NOT NULL,
    reserved_micros INTEGER NOT NULL CHECK (reserved_micros >= 0),
    state INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    sequence INTEGER,
    finished_at INTEGER,
    solution BLOB,
    cost_micros INTEGER NOT NULL DEFAULT 0,
    error_code TEXT,
    error_description TEXT,
    CHECK ((state < 3) = (sequence IS NULL)),
    CHECK ((state < 3) = (finished_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX tasks_short_id ON tasks (key_id, short_id);
CREATE INDEX tasks_unfinished ON tasks (created_at, id) WHERE state < 3;
CREATE UNIQUE INDEX tasks_sequence ON tasks (sequence) WHERE sequence IS NOT NULL;
CREATE INDEX tasks_finished_by_key ON tasks (key_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX tasks_finished_at ON tasks (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE attempts (
    task_id BLOB NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    state INTEGER NOT NULL,
    decision TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    submitted_at INTEGER,
    finished_at INTEGER,
    upstream_id TEXT,
    error_code TEXT,
    error_class TEXT,
    cost_micros INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (task_id, number)
) STRICT;

-- Outlives the task it points at: a repeated request still gets its id.
CREATE TABLE request_ids (
    key_id INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    task_id BLOB NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (key_id, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_ids_used_at ON request_ids (used_at);

CREATE TABLE statistics (
    account TEXT NOT NULL,
    family TEXT NOT NULL,
    cost_micros REAL,
    solve_time_ms REAL,
    successes REAL NOT NULL,
    failures REAL NOT NULL,
    samples INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account, family)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    key_id INTEGER,
    task_id BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('charge', 'refund', 'operator_loss')),
    account TEXT,
    amount_micros INTEGER NOT NULL CHECK (amount_micros > 0)
) STRICT;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE feedback (
    task_id BLOB NOT NULL PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    invalid INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last place given in the commit order of ended tasks; it must not fall back when those tasks are purged.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('task_sequence', 0);
