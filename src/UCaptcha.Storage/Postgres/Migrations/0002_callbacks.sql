-- What is owed to the receivers of callbacks. A row outlives its task, and so holds how that ended, but never a solution.

CREATE TABLE callbacks (
    id bytea NOT NULL PRIMARY KEY,
    task_id bytea NOT NULL UNIQUE,
    short_id integer NOT NULL,
    key_id bigint NOT NULL,
    url text NOT NULL,
    receiver text NOT NULL,
    dialect text NOT NULL,
    task_state integer NOT NULL,
    error_code text,
    error_description text,
    ended_at bigint NOT NULL,
    state integer NOT NULL DEFAULT 0,
    due_at bigint NOT NULL,
    claimed integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    step integer NOT NULL DEFAULT 0,
    settled_at bigint,
    last_outcome text,
    CHECK ((state = 0) = (settled_at IS NULL))
);
CREATE INDEX callbacks_due ON callbacks (due_at, receiver, key_id, id) WHERE state = 0;
CREATE INDEX callbacks_by_key ON callbacks (key_id, id);
CREATE INDEX callbacks_settled ON callbacks (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE callback_tries (
    callback_id bytea NOT NULL REFERENCES callbacks (id) ON DELETE CASCADE,
    number integer NOT NULL,
    at bigint NOT NULL,
    took_ms bigint NOT NULL,
    outcome text NOT NULL,
    PRIMARY KEY (callback_id, number)
);
