package outbox

import (
	"context"
	"fmt"

	"diaoxiao/internal/rules"
)

// schemaVersion is kept in the database. A later version adds a step to steps; what is released never changes.
const schemaVersion = 4

// steps make the schema, each the version of its number.
var steps = [schemaVersion]string{`
CREATE TABLE target (
	id      INTEGER PRIMARY KEY,
	url     TEXT NOT NULL,
	app_key TEXT NOT NULL,
	UNIQUE (url, app_key)
) STRICT;

CREATE TABLE entry (
	no            INTEGER PRIMARY KEY,
	target        INTEGER NOT NULL REFERENCES target,
	caseid        TEXT NOT NULL,
	casename      TEXT NOT NULL,
	digest        BLOB NOT NULL,             -- of the values, api.Digest
	sha256        BLOB NOT NULL,             -- of the body as sent
	bytes         INTEGER NOT NULL,          -- of the body as sent
	items         INTEGER NOT NULL,
	body          INTEGER NOT NULL,          -- its parts, at body_offset once decompressed
	body_offset   INTEGER NOT NULL,
	file          TEXT NOT NULL,
	sheet         TEXT NOT NULL,
	row           INTEGER NOT NULL,
	recorded_at   INTEGER NOT NULL,          -- times are milliseconds, UTC
	superseded    INTEGER NOT NULL DEFAULT 0, -- by this entry; 0: current
	state         INTEGER NOT NULL,
	doubt         INTEGER NOT NULL DEFAULT 0, -- an attempt ended without an outcome
	tries         INTEGER NOT NULL DEFAULT 0,
	settled_at    INTEGER NOT NULL DEFAULT 0,
	acceptid      TEXT NOT NULL DEFAULT '',
	request_id    TEXT NOT NULL DEFAULT '',
	codes         TEXT NOT NULL DEFAULT '',
	message       TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX entry_current ON entry (target, caseid) WHERE superseded = 0;

CREATE INDEX entry_open ON entry (no) WHERE state IN (1, 2, 5);

CREATE TABLE attempt (
	no         INTEGER PRIMARY KEY,
	entry      INTEGER NOT NULL,
	began_at   INTEGER NOT NULL,
	took_us    INTEGER NOT NULL,
	tries      INTEGER NOT NULL,             -- requests made
	outcome    INTEGER NOT NULL,             -- the state it led to
	status     INTEGER NOT NULL,             -- HTTP
	codes      TEXT NOT NULL,
	request_id TEXT NOT NULL,
	message    TEXT NOT NULL
) STRICT;

CREATE INDEX attempt_entry ON attempt (entry);

CREATE TABLE body_part (
	body INTEGER NOT NULL,
	part INTEGER NOT NULL,
	data BLOB NOT NULL,                      -- zstd: one stream over the parts
	UNIQUE (body, part)
) STRICT;

CREATE TABLE unfinished (body INTEGER PRIMARY KEY) STRICT; -- bodies whose case is not recorded yet
`, `
-- A receiver that was restored gives a number twice.
CREATE INDEX entry_acceptid ON entry (acceptid) WHERE acceptid <> '';
`, `
-- folded is rules.FoldCaseID of the caseid: equal where two are one decision.
ALTER TABLE entry ADD COLUMN folded TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN held TEXT NOT NULL DEFAULT '';       -- why it waits for consent; '': it does not
-- origin is the target the case was recorded for, before that was merged; 0: its own.
ALTER TABLE entry ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target ADD COLUMN same_as INTEGER NOT NULL DEFAULT 0; -- the target that it was declared to be; 0: itself

CREATE INDEX entry_folded ON entry (target, folded) WHERE superseded = 0;

CREATE TABLE merge (
	no          INTEGER PRIMARY KEY,
	at          INTEGER NOT NULL,
	from_target INTEGER NOT NULL,
	to_target   INTEGER NOT NULL,
	moved       INTEGER NOT NULL,            -- cases
	joined      INTEGER NOT NULL             -- of them: were there under both
) STRICT;
`, `
ALTER TABLE entry ADD COLUMN account TEXT NOT NULL DEFAULT ''; -- that it was accepted from; '': not recorded

CREATE TABLE receipt (
	entry      INTEGER PRIMARY KEY,
	checked_at INTEGER NOT NULL,
	fault      TEXT NOT NULL,                -- why it does not hold; '': it was verified
	file       BLOB NOT NULL
) STRICT;
`}

// withFolds is the version from which entries have what is looked for here: a fold, a hold, an origin.
const withFolds = 3

// withReceipts is the version from which entries have an account and may have a receipt.
const withReceipts = 4

// version of the schema; ErrNewer where this program does not know it. 0: empty.
func (b *Outbox) version() (version int, err error) {
	if err := b.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if version > schemaVersion {
		return version, fmt.Errorf("%w：%s（格式 %d，本程序支持到 %d）", ErrNewer, b.dir, version, schemaVersion)
	}
	return version, nil
}

func (b *Outbox) migrate() error {
	version, err := b.version()
	if err != nil || version == schemaVersion {
		return err
	}
	return b.update(func() error {
		for _, step := range steps[version:] {
			if _, err := b.conn.ExecContext(context.Background(), step); err != nil {
				return err
			}
		}
		if err := b.fillFolds(); err != nil {
			return err
		}
		_, err := b.conn.Exec(fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
		return err
	})
}

// fillFolds folds the caseids of entries that a version without folds has recorded.
func (b *Outbox) fillFolds() error {
	for after := int64(0); ; {
		page, err := b.unfolded(after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if _, err := b.conn.Exec(
				"UPDATE entry SET folded = ? WHERE no = ?",
				rules.FoldCaseID(e.CaseID),
				e.No,
			); err != nil {
				return err
			}
			after = e.No
		}
	}
}

// unfolded is a page of entries without a fold, of which only number and caseid are read.
func (b *Outbox) unfolded(after int64) (page []Entry, err error) {
	rows, err := b.conn.Query(
		"SELECT no, caseid FROM entry WHERE no > ? AND folded = '' ORDER BY no LIMIT ?",
		after,
		pageSize,
	)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.No, &e.CaseID); err != nil {
			return nil, err
		}
		page = append(page, e)
	}
	return page, rows.Err()
}
