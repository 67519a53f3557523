package register

import (
	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Found are the firms that values lead to. Values that lead to none are not in it.
type Found struct {
	ByPripID map[string][]Firm
	ByCode   map[string][]Firm // by credit code, registration number, or organisation code (positions 9 to 17 of it)
}

// Match compares an entity with the firms that its keys lead to. decided is the decision date, yyyy-MM-dd: the state of
// a firm counts as of that day. Snapshot of the result is left to the caller. add takes each finding of the rules 8xx.
// It depends on nothing else, so the same values give the same result.
func Match(e api.Entity, decided string, found Found, add func(field string, rule int, d rules.Detail)) Result {
	c := comparison{e: e, add: add, pripID: readCode(e.PripID), uniscID: readCode(e.UniscID)}
	if !c.pripID.usable && !c.uniscID.usable {
		c.find(fieldPripID, rules.RegisterNoKey, noKeyDetail(e))
		return c.Result
	}
	c.lead(found)
	if c.firm == nil {
		return c.Result
	}
	c.Firm = *c.firm
	c.comparePripID()
	c.compareUniscID()
	c.compareLegal()
	c.compareEntType()
	c.compareState(decided)
	return c.Result
}

// The members that findings name.
const (
	fieldPripID  = "pripid"
	fieldUniscID = "uniscid"
	fieldLegal   = "legal"
	fieldEntType = "enttype"
)

// comparison is one entity on its way to a result.
type comparison struct {
	Result
	e               api.Entity
	add             func(field string, rule int, d rules.Detail)
	pripID, uniscID sentCode
	firm            *Firm
	byPripID        bool // the pripid led to the firm
	swapped         bool // the uniscid is its pripid
	twoFirms        bool
	former          bool // the uniscid is a number that the firm had at another place
}

// verdicts are the rules that decide, in the order of their weight, with the verdict of each. Other rules only say
// something.
var verdicts = [...]struct {
	rule    int
	verdict Verdict
}{
	{rules.RegisterNoKey, NotCompared},
	{rules.RegisterTwoFirms, Different},
	{rules.RegisterSwapped, Different},
	{rules.RegisterNotFound, NotFound},
	{rules.RegisterShared, Shared},
	{rules.RegisterUniscID, Different},
	{rules.RegisterState, Abnormal},
	{rules.RegisterPripID, Different},
	{rules.RegisterLegal, Different},
	{rules.RegisterEntType, Different},
	{rules.RegisterStateUnknown, Abnormal},
	{rules.RegisterEntTypeNear, Different},
}

// find adds a finding. The heaviest of all decides.
func (c *comparison) find(field string, rule int, d rules.Detail) {
	c.add(field, rule, d)
	for _, v := range verdicts {
		if v.rule == c.Rule && c.Rule != 0 {
			return
		}
		if v.rule == rule {
			c.Rule, c.Verdict = rule, v.verdict
			return
		}
	}
}

// lead finds the firm that the identifiers lead to, and says where they do not lead to one.
func (c *comparison) lead(found Found) {
	c.Verdict = Consistent
	if c.pripID.usable {
		if own := found.ByPripID[c.pripID.folded]; len(own) > 0 {
			c.firm, c.byPripID = &own[0], true
		}
	}
	firms := c.uniscID.lead(found)
	switch {
	case c.byPripID:
		c.leadBoth(firms, found)
	case len(firms) > 0:
		c.leadByCode(firms, found)
	default:
		c.leadElse(found)
	}
}

// leadBoth: the pripid led to a firm, so the code must lead to it too, or to none.
func (c *comparison) leadBoth(firms []Firm, found Found) {
	if len(firms) == 0 && c.uniscID.mayBePripID() {
		firms = found.ByPripID[c.uniscID.folded]
	}
	switch {
	case len(firms) == 0:
	case contains(firms, c.firm) || c.uniscID.isOf(c.firm):
		c.findShared(firms)
	case isFormer(firms, c.firm):
		c.former = true
	default:
		c.findTwoFirms(&c.pripID, &c.uniscID, firms)
	}
}

// isFormer reports whether the firms are ended rows with the credit code of f: it has moved, and its number is in the
// row that it left.
func isFormer(firms []Firm, f *Firm) bool {
	for i := range firms {
		if !firms[i].State.Ended() || firms[i].UniscID != f.UniscID || len(f.UniscID) != 18 {
			return false
		}
	}
	return true
}

// leadByCode: the pripid is in no row, but the code is.
func (c *comparison) leadByCode(firms []Firm, found Found) {
	c.firm = choose(firms, c.e.Legal)
	if own := c.codesOfPripID(found); len(own) > 0 && !contains(own, c.firm) {
		c.firm = choose(own, c.e.Legal)
		c.findTwoFirms(&c.pripID, &c.uniscID, firms)
		return
	}
	c.findShared(firms)
}

// leadElse: neither is in a row as what it should be.
func (c *comparison) leadElse(found Found) {
	own := c.codesOfPripID(found)
	var swapped []Firm
	if c.uniscID.mayBePripID() {
		swapped = found.ByPripID[c.uniscID.folded]
	}
	switch {
	case len(swapped) > 0 && len(own) > 0 && !contains(own, &swapped[0]):
		c.firm = &swapped[0]
		c.findTwoFirms(&c.uniscID, &c.pripID, own)
	case len(swapped) > 0:
		c.firm, c.swapped = &swapped[0], true
		c.Fields |= FieldPripID | FieldUniscID
		c.find(fieldPripID, rules.RegisterSwapped, swappedDetail(c.e, c.firm))
	case len(own) > 0:
		c.firm = choose(own, c.e.Legal)
		c.findShared(own)
	default:
		c.find(c.keyField(), rules.RegisterNotFound, notFoundDetail(&c.pripID, &c.uniscID))
	}
}

func (c *comparison) codesOfPripID(found Found) []Firm {
	if !c.pripID.isCode() {
		return nil
	}
	return c.pripID.lead(found)
}

func (c *comparison) keyField() string {
	if c.pripID.usable {
		return fieldPripID
	}
	return fieldUniscID
}

// findTwoFirms: id led to the firm, and code to others.
func (c *comparison) findTwoFirms(id, code *sentCode, firms []Firm) {
	c.twoFirms = true
	c.Others = len(firms)
	c.Fields |= FieldPripID | c.codeField()
	c.find(fieldPripID, rules.RegisterTwoFirms, twoFirmsDetail(id, code, c.firm, firms))
}

// findShared counts the live firms beside the one that was chosen.
func (c *comparison) findShared(firms []Firm) {
	live := 0
	for i := range firms {
		if !firms[i].State.Ended() {
			live++
			if !same(&firms[i], c.firm) {
				c.Others++
			}
		}
	}
	if live > 1 {
		c.find(fieldUniscID, rules.RegisterShared, sharedDetail(c.e, c.firm, firms, live, c.byPripID))
	}
}

// codeField is what the member uniscid was sent as.
func (c *comparison) codeField() Fields {
	if c.uniscID.form == regNo {
		return FieldRegNo
	}
	return FieldUniscID
}

func contains(firms []Firm, f *Firm) bool {
	for i := range firms {
		if same(&firms[i], f) {
			return true
		}
	}
	return false
}

func same(a, b *Firm) bool { return a.RowNo == b.RowNo && a.PripID == b.PripID }

// choose is the firm of several to compare with: the only live one, or of several the first with the legal
// representative that was sent, which decides nothing, or the first; without a live one the last that ended.
func choose(firms []Firm, legal string) *Firm {
	if len(firms) == 1 {
		return &firms[0]
	}
	best := &firms[0]
	for i := range firms[1:] {
		if f := &firms[i+1]; before(f, best, legal) {
			best = f
		}
	}
	return best
}

func before(a, b *Firm, legal string) bool {
	if a.State.Ended() != b.State.Ended() {
		return b.State.Ended()
	}
	if a.State.Ended() && a.Approved != b.Approved {
		return a.Approved > b.Approved
	}
	if ofA, ofB := sameName(legal, a.Legal), sameName(legal, b.Legal); ofA != ofB {
		return ofA
	}
	return a.RowNo < b.RowNo
}
