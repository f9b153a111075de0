-- What is owed to the receivers of callbacks. A row outlives its task, and so holds how that ended, but never a solution.

CREATE TABLE callbacks (
    id BLOB NOT NULL PRIMARY KEY,
    task_id BLOB NOT NULL UNIQUE,
    short_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    receiver TEXT NOT NULL,
    dialect TEXT NOT NULL,
    task_state INTEGER NOT NULL,
    error_code TEXT,
    error_description TEXT,
    ended_at INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    claimed INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    step INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    last_outcome TEXT,
    CHECK ((state = 0) = (settled_at IS NULL))
) STRICT;
CREATE INDEX callbacks_due ON callbacks (due_at, receiver, key_id, id) WHERE state = 0;
CREATE INDEX callbacks_by_key ON callbacks (key_id, id);
CREATE INDEX callbacks_settled ON callbacks (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE callback_tries (
    callback_id BLOB NOT NULL REFERENCES callbacks (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (callback_id, number)
) STRICT, WITHOUT ROWID;
