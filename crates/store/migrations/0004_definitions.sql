-- What a customer added to the types of records: types of their own, columns and keys for the standard ones, lists of
-- choices, what roles may do. The setting `definitions` counts how often that changed.

CREATE TABLE definition (
    kind TEXT NOT NULL,         -- entity, extension, options or grants
    name TEXT NOT NULL,
    body TEXT NOT NULL,         -- JSON
    changedon BIGINT NOT NULL,
    changedby BYTEA NOT NULL,
    PRIMARY KEY (kind, name)
);
