package store

import (
	"time"

	"diaoxiao/internal/receiver/intake"
)

// numbers are the last ones given out; 0: not yet read.
type numbers struct {
	lastNo, lastPack int64
	lastAt           int64 // when the last case came in
}

// group is what the writer's transaction gathers for its commit.
type group struct {
	writes int // statements that changed something
	numbers
	packNo   int64 // of the pack being filled; 0: none
	pack     []byte
	zipped   []byte
	attempts []intake.Attempt // written together

	postpones bool // cases are written together too
	cases     []intake.Case
	new       map[caseKey]bool // those of cases

	now time.Time // the engine's clock at the beginning; zero: it has none

	session *intake.Session // found last
}

// finish writes what was gathered.
func (g *group) finish(t *handle) error {
	if err := t.insertPostponed(); err != nil {
		return err
	}
	if err := g.finishPack(t); err != nil {
		return err
	}
	if err := t.insertAttempts(g.attempts); err != nil {
		return err
	}
	return t.flush()
}
