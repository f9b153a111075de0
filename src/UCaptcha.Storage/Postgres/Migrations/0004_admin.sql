-- Accounts that were added at run time. The settings hold no secret; the secret is sealed, its key is named beside it.
CREATE TABLE accounts (
    slug text NOT NULL PRIMARY KEY,
    settings text NOT NULL,
    secret bytea NOT NULL,
    secret_key text NOT NULL,
    revision bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

-- Accounts, from the configuration or from above, that an administrator rests.
CREATE TABLE resting_accounts (
    slug text NOT NULL PRIMARY KEY,
    since bigint NOT NULL
);

-- The admin key that was made at the first start, as SHA-256.
CREATE TABLE admin_key (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    hash bytea NOT NULL,
    created_at bigint NOT NULL
);

INSERT INTO counters (name, value) VALUES ('accounts_version', 0);
