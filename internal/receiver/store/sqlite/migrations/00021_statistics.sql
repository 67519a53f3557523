-- +goose Up
-- 统计: the numbers of each month that is closed, written once, and its digest, which the audit has too.
CREATE TABLE stat_month (
    month_no INTEGER PRIMARY KEY, -- yyyyMM
    as_of     TEXT    NOT NULL,    -- the last day that counts
    closed_ms INTEGER NOT NULL,
    digest    BLOB    NOT NULL,    -- SHA-256 of content
    total     TEXT    NOT NULL,    -- of all of the month, JSON
    content   TEXT    NOT NULL     -- by app and organ, canonical JSON
) STRICT;

-- The same as it was last computed, of open months and of closed ones. It is computed anew where it is missing.
CREATE TABLE stat_now (
    month_no INTEGER PRIMARY KEY,
    as_of    TEXT    NOT NULL,
    made_ms  INTEGER NOT NULL,
    event_no INTEGER NOT NULL, -- the last event on a case then
    digest   BLOB    NOT NULL,
    total    TEXT    NOT NULL,
    content  TEXT    NOT NULL
) STRICT;
