package casework

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// EntityQuery selects entities by one of their keys; the text is folded as the keys are. Zero fields do not bound.
type EntityQuery struct {
	Kind   intake.KeyKind
	Text   string
	Prefix bool // the value begins with the text, which has two characters at least; otherwise it is the text
	// Before and After turn pages: the last before Before, or the first after After. Either comes in order.
	Before, After intake.Key
	Limit         int // 0: 50
}

// EntityHit is one entity that a search came by, with its case.
type EntityHit struct {
	intake.EntityRow
	Key   intake.Key // by which it was found
	Case  intake.CaseRow
	Worst rules.Severity // of the findings of this entity; 0: none

	Judged Judged // what the register says of it
}

// prefixLeast is how many characters a prefix has at least: with less, it is no search.
const prefixLeast = 2

// SearchEntities lists the entities that q selects, in order of value, case and position. ErrInvalid: there is no such
// kind, no text, or too little of it for a prefix.
func (d *Cases) SearchEntities(ctx context.Context, by intake.By, q EntityQuery) (hits []EntityHit, err error) {
	low, high, err := q.bounds()
	if err != nil {
		return nil, err
	}
	after, back := q.After, q.Before != intake.Key{}
	if back {
		after = q.Before
	}
	if q.Limit <= 0 {
		q.Limit = casesPage
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		keys, err := tx.Keys(q.Kind, low, high, after, back, q.Limit)
		if err != nil {
			return err
		}
		if back {
			slices.Reverse(keys)
		}
		hits, err = newHitReader(d.desk, tx).read(keys)
		return err
	})
	return hits, err
}

// CountEntities counts the keys that q selects, up to a number. more: there are others beyond.
func (d *Cases) CountEntities(
	ctx context.Context,
	by intake.By,
	q EntityQuery,
	most int,
) (n int, more bool, err error) {
	low, high, err := q.bounds()
	if err != nil {
		return 0, false, err
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		n, err = tx.CountKeys(q.Kind, low, high, most+1)
		return err
	})
	return min(n, most), n > most, err
}

// KeyOf returns the key of a kind of one entity; position is zero-based. ErrNotFound: there is no such entity.
func (d *Cases) KeyOf(
	ctx context.Context,
	by intake.By,
	kind intake.KeyKind,
	caseNo int64,
	pos int,
) (k intake.Key, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		rows, err := tx.Entities(caseNo, pos, 1)
		if err == nil && (len(rows) == 0 || rows[0].Pos != pos) {
			err = intake.ErrNotFound
		}
		if err != nil {
			return err
		}
		for _, of := range rows[0].SearchKeys(nil) {
			if of.Kind == kind {
				k = of
			}
		}
		return nil
	})
	return k, err
}

// bounds is between which values the keys lie, the latter not included.
func (q EntityQuery) bounds() (low, high string, err error) {
	low = intake.FoldKey(q.Kind, q.Text)
	switch n := utf8.RuneCountInString(low); {
	case q.Kind < intake.ByUniscID || q.Kind > intake.ByLegal:
		return "", "", intake.Invalid("不能按第%d种代码查询", q.Kind)
	case strings.ContainsFunc(low, intake.IsControl) || !utf8.ValidString(q.Text):
		return "", "", intake.Invalid("查询的内容含有控制字符或不是UTF-8")
	case n == 0:
		return "", "", intake.Invalid("请填写要查询的内容")
	case !q.Prefix:
		return low, low + "\x01", nil // no folded value holds it
	case n < prefixLeast:
		return "", "", intake.Invalid("按前缀查询至少填写%d个字", prefixLeast)
	}
	return low, afterPrefix(low), nil
}

// afterPrefix is the first text, in order of code points, after all that begin with a prefix.
func afterPrefix(s string) string {
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		switch s = s[:len(s)-size]; r {
		case utf8.MaxRune:
			continue
		case 0xd7ff:
			return s + "\ue000"
		}
		return s + string(r+1)
	}
	return string(utf8.MaxRune)
}

// hitReader reads entities with their cases, each case once.
type hitReader struct {
	tx    intake.Tx
	cases map[int64]intake.CaseRow
	judge *judge
}

func newHitReader(d *intake.Desk, tx intake.Tx) hitReader {
	return hitReader{tx, make(map[int64]intake.CaseRow), newJudge(d, tx)}
}

// read leaves out keys without their row; the check of the store reports them.
func (r hitReader) read(keys []intake.Key) (hits []EntityHit, err error) {
	for _, k := range keys {
		h := EntityHit{Key: k}
		rows, err := r.tx.Entities(k.CaseNo, k.Pos, 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 || rows[0].Pos != k.Pos {
			continue
		}
		h.EntityRow = rows[0]
		if h.Case, err = r.caseRow(k.CaseNo); err != nil {
			return nil, err
		}
		if h.Worst, err = r.worst(h); err != nil {
			return nil, err
		}
		if h.Judged, err = r.judge.hit(h.EntityRow, h.Case.Snapshot); err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

func (r hitReader) caseRow(no int64) (intake.CaseRow, error) {
	if c, ok := r.cases[no]; ok {
		return c, nil
	}
	c, err := caseOfNo(r.tx, no)
	if err != nil {
		return c, err
	}
	if c, err = r.judge.countedCase(c); err == nil {
		r.cases[no] = c
	}
	return c, err
}

// rowFindings is more than one entity can have: a few for each of its members.
const rowFindings = 64

// worst is the severity of the worst finding of an entity, its own or of a later row about it.
func (r hitReader) worst(h EntityHit) (worst rules.Severity, err error) {
	if h.Case.Findings == 0 && h.Case.Marks.Newest == 0 {
		return 0, nil
	}
	marks, err := r.tx.MarksOf(h.CaseNo, h.Pos, marksShown)
	if err != nil {
		return 0, err
	}
	for _, m := range marks {
		rule, _ := rules.ByNo(m.Rule)
		worst = max(worst, rule.Severity)
	}
	fs, err := r.tx.Findings(h.CaseNo, h.Pos, rowFindings)
	for _, f := range fs {
		if f.Pos != h.Pos {
			break
		}
		rule, _ := rules.ByNo(f.Rule)
		worst = max(worst, rule.Severity)
	}
	return worst, err
}
