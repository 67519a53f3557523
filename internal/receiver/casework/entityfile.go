package casework

import (
	"context"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// EntityFile (主体档案) is everything that was ever sent about one entity: all rows that share a credit code or a pripid
// with one another, whoever sent them.
type EntityFile struct {
	Hits   []EntityHit // in order of case and position
	Alarms []EntityAlarm
	More   bool // there is more than was read
}

// EntityAlarm is why the rows should be compared with the registry before work goes on. Rows of returned cases raise
// none.
type EntityAlarm struct {
	Kind   AlarmKind
	Value  string   // the credit code or the pripid,
	Others []string // and the acceptids, pripids or credit codes that go with it
}

// AlarmKind is what an alarm is about.
type AlarmKind int

// The kinds, the most dangerous first.
const (
	CodesOfPripID AlarmKind = iota + 1 // one pripid goes with several credit codes
	PripIDsOfCode                      // one credit code goes with several pripids
	CasesOfCode                        // one credit code stands in several cases
	CasesOfPripID                      // one pripid stands in several cases
)

// The bounds of an entity file: who is found under more keys or rows than these is no entity but a placeholder.
const (
	fileKeys = 48
	fileRows = 200
)

// EntityFile returns what was sent about the entity with a credit code or a pripid. The other code of each row that has
// it is followed, and so on: an entity under two codes is seen whole. A credit code is also looked for where the pripid
// belongs, because senders put it there. No rows: it was never sent. ErrInvalid: the kind is none of the two.
func (d *Cases) EntityFile(
	ctx context.Context,
	by intake.By,
	kind intake.KeyKind,
	value string,
) (f EntityFile, err error) {
	if kind == intake.ByLegal {
		return f, intake.Invalid("市场主体须以统一社会信用代码或身份代码查看")
	}
	q := EntityQuery{Kind: kind, Text: value}
	if _, _, err := q.bounds(); err != nil {
		return f, err
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		r := fileReader{hitReader: newHitReader(d.desk, tx)}
		r.alsoFollow(kind, intake.FoldKey(kind, value))
		f = EntityFile{}
		if err := r.readAll(&f); err != nil {
			return err
		}
		f.Alarms = alarms(f.Hits)
		return nil
	})
	return f, err
}

// fileReader follows keys until there are no more.
type fileReader struct {
	hitReader
	follow []intake.Key // of kind and value alone; those before at are done
	at     int
}

func (r *fileReader) readAll(f *EntityFile) error {
	for ; r.at < len(r.follow); r.at++ {
		if r.at == fileKeys || len(f.Hits) >= fileRows {
			f.More = true
			break
		}
		if err := r.readKey(f, r.follow[r.at]); err != nil {
			return err
		}
	}
	slices.SortFunc(f.Hits, func(a, b EntityHit) int {
		return intake.Key{CaseNo: a.CaseNo, Pos: a.Pos}.Compare(intake.Key{CaseNo: b.CaseNo, Pos: b.Pos})
	})
	return nil
}

// readKey adds the rows of a key that are not there yet, and has their other keys followed.
func (r *fileReader) readKey(f *EntityFile, k intake.Key) error {
	keys, err := r.tx.Holders(k.Kind, k.Value, 0, fileRows+1)
	if err != nil {
		return err
	}
	if len(keys) > fileRows {
		f.More, keys = true, keys[:fileRows]
	}
	keys = slices.DeleteFunc(keys, func(k intake.Key) bool {
		return slices.ContainsFunc(f.Hits, func(h EntityHit) bool { return h.CaseNo == k.CaseNo && h.Pos == k.Pos })
	})
	hits, err := r.read(keys)
	for _, h := range hits {
		for _, k := range []intake.Key{
			{Kind: intake.ByUniscID, Value: rules.FoldCode(h.UniscID)},
			{Kind: intake.ByPripID, Value: rules.FoldCode(h.PripID)},
		} {
			if tells(k.Value) {
				r.alsoFollow(k.Kind, k.Value)
			}
		}
	}
	f.Hits = append(f.Hits, hits...)
	return err
}

// alsoFollow has a code followed, a credit code as both kinds.
func (r *fileReader) alsoFollow(kind intake.KeyKind, code string) {
	kinds := []intake.KeyKind{kind}
	if rules.ValidCreditCode(code) {
		kinds = []intake.KeyKind{intake.ByUniscID, intake.ByPripID}
	}
	for _, kind := range kinds {
		if k := (intake.Key{Kind: kind, Value: code}); !slices.Contains(r.follow, k) {
			r.follow = append(r.follow, k)
		}
	}
}

// tells reports whether a code says which entity it is.
func tells(code string) bool { return code != "" && !rules.IsPlaceholder(code) }

// alarms compares rows of cases that were not returned.
func alarms(hits []EntityHit) (as []EntityAlarm) {
	codes, pripids, codeCases, pripidCases := values{}, values{}, values{}, values{}
	for _, h := range hits {
		if !h.Case.Returned.IsZero() {
			continue
		}
		code, pripid := rules.FoldCode(h.UniscID), rules.FoldCode(h.PripID)
		codes.add(pripid, code)
		pripids.add(code, pripid)
		codeCases.add(code, h.Case.AcceptID)
		if rules.ValidCreditCode(pripid) {
			codeCases.add(pripid, h.Case.AcceptID)
		}
		pripidCases.add(pripid, h.Case.AcceptID)
	}
	as = codes.alarms(as, CodesOfPripID)
	as = pripids.alarms(as, PripIDsOfCode)
	as = codeCases.alarms(as, CasesOfCode)
	return slices.DeleteFunc(pripidCases.alarms(as, CasesOfPripID), func(a EntityAlarm) bool {
		return a.Kind == CasesOfPripID && told(as, a.Others) // by the credit code
	})
}

func told(as []EntityAlarm, cases []string) bool {
	return slices.ContainsFunc(as, func(a EntityAlarm) bool {
		return a.Kind == CasesOfCode && slices.Equal(a.Others, cases)
	})
}

// values are what goes with a value, each once, in the order in which it came.
type values map[string][]string

func (v values) add(value, other string) {
	if tells(value) && tells(other) && !slices.Contains(v[value], other) {
		v[value] = append(v[value], other)
	}
}

// alarms appends one for each value that has several others.
func (v values) alarms(as []EntityAlarm, kind AlarmKind) []EntityAlarm {
	begin := len(as)
	for value, others := range v {
		if len(others) > 1 {
			as = append(as, EntityAlarm{kind, value, others})
		}
	}
	slices.SortFunc(as[begin:], func(a, b EntityAlarm) int { return strings.Compare(a.Value, b.Value) })
	return as
}
