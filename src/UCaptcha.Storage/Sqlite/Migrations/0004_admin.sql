-- Accounts that were added at run time. The settings hold no secret; the secret is sealed, its key is named beside it.
CREATE TABLE accounts (
    slug TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    secret BLOB NOT NULL,
    secret_key TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Accounts, from the configuration or from above, that an administrator rests.
CREATE TABLE resting_accounts (
    slug TEXT NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The admin key that was made at the first start, as SHA-256.
CREATE TABLE admin_key (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counters (name, value) VALUES ('accounts_version', 0);
