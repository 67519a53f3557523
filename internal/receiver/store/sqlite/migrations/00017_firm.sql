-- +goose Up
-- The latest outcome of a person's comparison of one firm with the registry.
CREATE TABLE firm_check (
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL, -- zero-based index in penaltylist
    outcome INTEGER NOT NULL, -- 1: 一致, 2: 不一致, 3: 待查
    remark  TEXT    NOT NULL,
    actor   TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    basis   INTEGER NOT NULL, -- identifies the doubts that the person saw
    PRIMARY KEY (case_no, pos)
) STRICT, WITHOUT ROWID;

-- Consecutive firms of a list on which two persons decided the same.
CREATE TABLE firm_span (
    case_no     INTEGER NOT NULL,
    from_pos    INTEGER NOT NULL,
    to_pos      INTEGER NOT NULL, -- included
    decision    INTEGER NOT NULL, -- 1: 放行, 2: 不予公示
    published   TEXT    NOT NULL, -- the day; '': not
    proposal_no INTEGER NOT NULL, -- 0: by the case, before firms had states
    PRIMARY KEY (case_no, from_pos)
) STRICT, WITHOUT ROWID;

-- The doubts about a firm on which two persons decided, as they saw them. A firm without doubts has no row.
CREATE TABLE firm_basis (
    case_no INTEGER NOT NULL,
    pos     INTEGER NOT NULL,
    basis   INTEGER NOT NULL,
    PRIMARY KEY (case_no, pos)
) STRICT, WITHOUT ROWID;

-- Derived: the firms of a verified case by state.
CREATE TABLE firm_tally (
    case_no   INTEGER PRIMARY KEY,
    clear     INTEGER NOT NULL, -- 可放行 while the register is new
    ready     INTEGER NOT NULL, -- 可放行
    held      INTEGER NOT NULL, -- 暂缓
    released  INTEGER NOT NULL, -- 放行
    withheld  INTEGER NOT NULL, -- 不予公示
    published INTEGER NOT NULL, -- of the released ones
    alarmed   INTEGER NOT NULL, -- released ones with new doubts
    flagged   INTEGER NOT NULL, -- with doubts
    checked   INTEGER NOT NULL  -- of those: compared by a person
) STRICT;

-- What one person proposed for an exact set of firms of a case, and what another answered.
CREATE TABLE proposal (
    proposal_no INTEGER PRIMARY KEY,
    case_no     INTEGER NOT NULL REFERENCES cases,
    kind        INTEGER NOT NULL, -- 1: 放行, 2: 不予公示, 3: 退回, 4: 存疑公示, 5: 撤回放行
    row_nos     TEXT    NOT NULL, -- counted from one
    row_count   INTEGER NOT NULL,
    held        INTEGER NOT NULL, -- of them held or alarmed
    day         TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    digest      BLOB    NOT NULL, -- of what was shown; zeros: not known
    asked_ms    INTEGER NOT NULL,
    asked_by    TEXT    NOT NULL,
    answer      INTEGER NOT NULL, -- 0: waits
    answered_ms INTEGER NOT NULL,
    answered_by TEXT    NOT NULL,
    reply       TEXT    NOT NULL
) STRICT;
CREATE INDEX proposal_case ON proposal (case_no);
CREATE INDEX proposal_waiting ON proposal (proposal_no) WHERE answer = 0;

-- The firms that an event concerns, counted from one; '': the case as a whole.
ALTER TABLE case_event ADD COLUMN row_nos TEXT NOT NULL DEFAULT '';
ALTER TABLE case_event ADD COLUMN proposal_no INTEGER NOT NULL DEFAULT 0;

-- What was published before firms had states was released.
INSERT INTO firm_span (case_no, from_pos, to_pos, decision, published, proposal_no)
SELECT w.case_no, 0, c.items - 1, 1, w.published, 0
FROM case_work w JOIN cases c ON c.case_no = w.case_no WHERE w.published <> '' AND c.items > 0;

UPDATE compatible SET oldest = 17;
