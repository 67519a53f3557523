package register

import (
	"diaoxiao/internal/rules"
)

// comparePripID: where the code led to the firm, the pripid should be its own. A placeholder says nothing, and one of
// the firm's other codes nothing wrong.
func (c *comparison) comparePripID() {
	if c.byPripID || c.swapped || c.twoFirms || c.Firm.PripID == "" {
		return
	}
	if rules.IsPlaceholder(c.pripID.folded) || c.pripID.isOf(c.firm) ||
		c.pripID.usable && c.pripID.folded == c.uniscID.folded {
		return
	}
	c.Fields |= FieldPripID
	c.find(fieldPripID, rules.RegisterPripID, rules.DetailBesideRegister(c.e.PripID, c.Firm.PripID))
}

func (c *comparison) compareUniscID() {
	if c.swapped || c.twoFirms || c.former || c.uniscID.isOf(c.firm) {
		return
	}
	if rules.IsPlaceholder(c.uniscID.folded) && codeOf(c.firm) == "" {
		return
	}
	c.Fields |= c.codeField()
	c.find(fieldUniscID, rules.RegisterUniscID, uniscIDDetail(&c.uniscID, c.firm))
}

// codeOf is the credit code of a firm, or else its registration number.
func codeOf(f *Firm) string {
	if f.UniscID != "" && !rules.IsPlaceholder(f.UniscID) {
		return f.UniscID
	}
	if f.RegNo != "" && !rules.IsPlaceholder(f.RegNo) {
		return f.RegNo
	}
	return ""
}

func (c *comparison) compareLegal() {
	switch {
	case isNoName(c.Firm.Legal):
		c.find(fieldLegal, rules.RegisterLegalNotThere, rules.Detail{}.Words("报送").Value(c.e.Legal).Words("，主体库为空"))
	case !sameName(c.e.Legal, c.Firm.Legal):
		c.Fields |= FieldLegal
		c.find(fieldLegal, rules.RegisterLegal, rules.DetailNameBesideRegister(c.e.Legal, c.Firm.Legal))
	}
}

func isNoName(name string) bool { return name == "" || rules.IsPlaceholder(rules.FoldCode(name)) }

func (c *comparison) compareEntType() {
	rule := 0
	switch nearness(c.e.EntType, c.Firm.EntType) {
	case apart:
		rule = rules.RegisterEntType
	case near:
		rule = rules.RegisterEntTypeNear
	default:
		return
	}
	c.Fields |= FieldEntType
	c.find(fieldEntType, rule, entTypeDetail(c.e.EntType, c.Firm.EntType))
}

// compareState judges the state as of the day of the decision. A revocation that was registered on that day or later is
// most likely the one that the case reports. A state without a day counts as from before the decision. An unknown word
// of a state counts as abnormal, because it may mean 吊销.
func (c *comparison) compareState(decided string) {
	f := c.firm
	known := f.Approved != "" && decided != ""
	rule := rules.RegisterState
	switch {
	case f.State == Live:
		return
	case f.State == StateUnknown:
		rule = rules.RegisterStateUnknown
	case f.State == Revoked && known && f.Approved >= decided:
		rule = rules.RegisterRevokedAfter
	case f.State != Revoked && known && f.Approved > decided:
		rule = rules.RegisterStateAfter
	}
	c.find(fieldPripID, rule, stateDetail(f, decided))
}
