package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
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

	session *intake.Session // found last
}

// questions are what an engine may ask before the group begins: what it has not answered is looked up when it is
// needed.
func (n *numbers) questions() []engine.Question {
	return []engine.Question{{Query: lastReceivedQuery, To: &n.lastAt}, {Query: lastNoQuery, To: &n.lastNo},
		{Query: lastPackQuery, To: &n.lastPack}}
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
	return t.Flush()
}
