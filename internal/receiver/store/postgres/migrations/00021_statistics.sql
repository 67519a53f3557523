-- +goose Up
-- 统计: the numbers of each month that is closed, written once, and its digest, which the audit has too.
CREATE TABLE stat_month (
    month_no BIGINT PRIMARY KEY, -- yyyyMM
    as_of     TEXT COLLATE "C" NOT NULL,    -- the last day that counts
    closed_ms BIGINT NOT NULL,
    digest    BYTEA NOT NULL,               -- SHA-256 of content
    total     TEXT COLLATE "C" NOT NULL,    -- of all of the month, JSON
    content   TEXT COLLATE "C" NOT NULL     -- by app and organ, canonical JSON
);

-- The same as it was last computed, of open months and of closed ones. It is computed anew where it is missing.
CREATE TABLE stat_now (
    month_no BIGINT PRIMARY KEY,
    as_of    TEXT COLLATE "C" NOT NULL,
    made_ms  BIGINT NOT NULL,
    event_no BIGINT NOT NULL, -- the last event on a case then
    digest   BYTEA NOT NULL,
    total    TEXT COLLATE "C" NOT NULL,
    content  TEXT COLLATE "C" NOT NULL
);
