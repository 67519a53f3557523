package casework

import (
	"slices"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// Place is where a row is that another one has something in common with.
type Place struct {
	CaseNo           int64
	AcceptID, CaseID string
	Pos              int  // -1: the case itself
	Own              bool // in the same list
	AppID            int64
}

// String names it to people, as findings do.
func (p Place) String() string {
	if p.Own {
		return rules.PlaceInList(p.Pos)
	}
	return rules.PlaceInCase(p.CaseID, p.AcceptID, p.Pos)
}

// Lead is to which earlier row a finding leads.
type Lead struct {
	Rule int
	Place
}

// Mark (另一条指向本条) is what a later row says of this one: the finding as it reads from here, and where that row is. Rows
// of returned cases are left out.
type Mark struct {
	Found
	Place Place
}

// MarkedBy is a later case that says something of this one.
type MarkedBy struct {
	intake.Pair
	AcceptID, CaseID, AppName string
}

// marksShown bounds the marks of one row that are read, casesShown the cases that a case is marked by.
const (
	marksShown = 4
	casesShown = 20
)

// marker reads marks and leads, each case that they name once.
type marker struct {
	tx    intake.Tx
	cases map[int64]intake.Case
}

func newMarker(tx intake.Tx) *marker { return &marker{tx, make(map[int64]intake.Case)} }

func (m *marker) one(no int64) (intake.Case, error) {
	if c, ok := m.cases[no]; ok {
		return c, nil
	}
	c, err := m.tx.Case(no)
	if intake.IgnoreMissing(err) == nil {
		m.cases[no], err = c, nil
	}
	return c, err
}

func (m *marker) place(no int64, pos int, own bool) (Place, error) {
	c, err := m.one(no)
	return Place{no, c.AcceptID, c.CaseID, pos, own, c.AppID}, err
}

// add adds to entities of one case, in order, what they lead to and how they are marked.
func (m *marker) add(es []DoubtedEntity) error {
	if len(es) == 0 {
		return nil
	}
	caseNo, first, last := es[0].CaseNo, es[0].Pos, es[len(es)-1].Pos
	marked, err := m.tx.MarkedRows(caseNo, first, last-first+1)
	if err != nil {
		return err
	}
	for i := range es {
		e := &es[i]
		e.sayOwn()
		if err := m.sayRegister(e); err != nil {
			return err
		}
		e.sayRegister()
		if slices.ContainsFunc(e.Findings, func(f Found) bool { return intake.DependsOnOthers(f.Rule) }) {
			if err := m.leads(e); err != nil {
				return err
			}
			if err := m.sayOthers(e); err != nil {
				return err
			}
		}
		if _, is := slices.BinarySearch(marked, e.Pos); is {
			if err := m.marks(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *marker) leads(e *DoubtedEntity) error {
	cs, err := m.tx.Counterparts(e.CaseNo, e.Pos, findingsOfOne)
	for _, c := range cs {
		if err != nil || c.Pos != e.Pos {
			return err
		}
		var p Place
		p, err = m.place(c.OtherNo, c.OtherPos, c.OtherNo == c.CaseNo)
		e.Leads = append(e.Leads, Lead{c.Rule, p})
	}
	return err
}

func (m *marker) marks(e *DoubtedEntity) error {
	cs, err := m.tx.MarksOf(e.CaseNo, e.Pos, marksShown)
	for _, c := range cs {
		if err != nil {
			return err
		}
		var mark Mark
		mark, err = m.mark(e.EntityRow, c)
		e.Marks = append(e.Marks, mark)
	}
	e.MoreMarks = len(cs) == marksShown
	return err
}

// mark says of a row what a later one does, as it reads from there.
func (m *marker) mark(mine intake.EntityRow, c intake.Counterpart) (k Mark, err error) {
	k.Pos, k.Rule = mine.Pos, c.Rule
	if k.Place, err = m.place(c.CaseNo, c.Pos, c.CaseNo == c.OtherNo); err != nil {
		return k, err
	}
	if c.Rule == rules.LikeCaseID {
		own, err := m.one(mine.CaseNo)
		k.Field = "caseid"
		k.say(rules.DetailLikeCaseID(own.CaseID, k.Place.CaseID, k.Place.AcceptID))
		return k, err
	}
	k.Field = sharedMember(c.Rule)
	its, err := m.entity(c.CaseNo, c.Pos)
	_, said := rules.Shared(k.Field, mine.Entity, its, k.Place.Own, k.Place.String())
	k.say(said)
	return k, err
}

// entity is a row, zero where it is missing.
func (m *marker) entity(caseNo int64, pos int) (e api.Entity, err error) {
	rows, err := m.tx.Entities(caseNo, pos, 1)
	if len(rows) == 1 && rows[0].Pos == pos {
		e = rows[0].Entity
	}
	return e, err
}

// sharedMember is the member that two rows have in common by a rule.
func sharedMember(rule int) string {
	switch rule {
	case rules.TwiceByCreditCode, rules.OtherCaseByCreditCode:
		return "uniscid"
	}
	return "pripid"
}

// markedBy lists the later cases that say something of a case, those first that are not returned, of each kind the
// newest.
func markedBy(tx intake.Tx, no int64) (ms []MarkedBy, err error) {
	ps, err := tx.PairsWith(no, casesShown)
	for _, p := range ps {
		if err != nil {
			return nil, err
		}
		var rows []intake.CaseRow
		rows, err = tx.CaseRows(p.CaseNo, p.CaseNo)
		for _, r := range rows {
			ms = append(ms, MarkedBy{p, r.AcceptID, r.CaseID, r.AppName})
		}
	}
	return ms, err
}
