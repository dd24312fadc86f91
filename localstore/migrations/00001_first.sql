-- +goose Up

-- Columns hold only what SQL has to find, order or join by: ids, times, keyed hashes.
-- Everything else of a row is in its column "sealed".

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

-- A stream is a long sealed text in chunks. It belongs to whoever names it; done is 0
-- while it is being written.
CREATE TABLE stream (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    done INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE chunk (
    stream INTEGER NOT NULL REFERENCES stream ON DELETE CASCADE,
    n      INTEGER NOT NULL,
    sealed BLOB    NOT NULL,
    UNIQUE (stream, n)
);

CREATE TABLE connection (
    id      TEXT PRIMARY KEY,
    name    BLOB    NOT NULL UNIQUE, -- keyed hash
    created INTEGER NOT NULL,
    sealed  BLOB    NOT NULL
);

CREATE TABLE sync (
    id      TEXT PRIMARY KEY,
    name    BLOB    NOT NULL UNIQUE, -- keyed hash
    source  TEXT REFERENCES connection ON DELETE SET NULL,
    target  TEXT REFERENCES connection ON DELETE SET NULL,
    updated INTEGER NOT NULL,
    memory  INTEGER REFERENCES stream,
    sealed  BLOB    NOT NULL
);
CREATE INDEX sync_source ON sync (source);
CREATE INDEX sync_target ON sync (target);

CREATE TABLE snapshot (
    id         TEXT PRIMARY KEY,
    connection TEXT REFERENCES connection ON DELETE CASCADE,
    sync       TEXT REFERENCES sync ON DELETE SET NULL,
    taken      INTEGER NOT NULL,
    stream     INTEGER NOT NULL REFERENCES stream,
    sealed     BLOB    NOT NULL
);
CREATE INDEX snapshot_connection ON snapshot (connection);
CREATE INDEX snapshot_sync ON snapshot (sync);
CREATE INDEX snapshot_taken ON snapshot (taken);

CREATE TABLE plan (
    id       TEXT PRIMARY KEY,
    source   TEXT REFERENCES connection ON DELETE CASCADE,
    target   TEXT REFERENCES connection ON DELETE CASCADE,
    sync     TEXT REFERENCES sync ON DELETE SET NULL,
    made     INTEGER NOT NULL,
    stream   INTEGER NOT NULL REFERENCES stream,
    sealed   BLOB    NOT NULL,
    approval BLOB
);
CREATE INDEX plan_source ON plan (source);
CREATE INDEX plan_target ON plan (target);
CREATE INDEX plan_sync ON plan (sync);
CREATE INDEX plan_made ON plan (made);

CREATE TABLE run (
    id       TEXT PRIMARY KEY,
    plan     TEXT    NOT NULL REFERENCES plan ON DELETE CASCADE,
    opening  TEXT    NOT NULL, -- the opening of the store that works on it
    started  INTEGER NOT NULL,
    ended    INTEGER,
    sealed   BLOB    NOT NULL,
    approval BLOB    NOT NULL
);
CREATE INDEX run_plan ON run (plan);
CREATE INDEX run_started ON run (started);

CREATE TABLE journal (
    run     TEXT    NOT NULL REFERENCES run ON DELETE CASCADE,
    n       INTEGER NOT NULL,
    row     INTEGER NOT NULL,
    second  INTEGER NOT NULL,
    entry   BLOB    NOT NULL,
    outcome BLOB,
    PRIMARY KEY (run, n)
);
CREATE INDEX journal_open ON journal (run) WHERE outcome IS NULL;

CREATE TABLE setting (
    key    TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
);

CREATE TABLE shelf (
    connection TEXT NOT NULL REFERENCES connection ON DELETE CASCADE,
    bucket     BLOB NOT NULL, -- keyed hash
    key        BLOB NOT NULL, -- keyed hash
    sealed     BLOB NOT NULL,
    PRIMARY KEY (connection, bucket, key)
) WITHOUT ROWID;

-- A stream goes with its owner, also where the owner goes by a cascade.

-- +goose StatementBegin
CREATE TRIGGER snapshot_gone AFTER DELETE ON snapshot BEGIN
    DELETE FROM stream WHERE id = OLD.stream;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER plan_gone AFTER DELETE ON plan BEGIN
    DELETE FROM stream WHERE id = OLD.stream;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER sync_gone AFTER DELETE ON sync WHEN OLD.memory IS NOT NULL BEGIN
    DELETE FROM stream WHERE id = OLD.memory;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER memory_replaced AFTER UPDATE OF memory ON sync WHEN OLD.memory IS NOT NULL BEGIN
    DELETE FROM stream WHERE id = OLD.memory AND id IS NOT NEW.memory;
END;
-- +goose StatementEnd
