package register

import (
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Keys are the values by which one entity is looked up.
type Keys struct {
	PripID []string // values that may be a pripid
	Codes  []string // values that may be a credit code, a registration number or an organisation code
}

// KeysOf are the values by which an entity is looked up, folded as the register has them. None: there is nothing to
// look up by.
func KeysOf(e api.Entity) (k Keys) {
	pripID, uniscID := readCode(e.PripID), readCode(e.UniscID)
	if pripID.usable {
		k.PripID = append(k.PripID, pripID.folded)
	}
	if uniscID.mayBePripID() && uniscID.folded != pripID.folded {
		k.PripID = append(k.PripID, uniscID.folded)
	}
	k.Codes = uniscID.appendCodes(k.Codes)
	if pripID.isCode() && pripID.folded != uniscID.folded {
		k.Codes = pripID.appendCodes(k.Codes)
	}
	return k
}

// form is what a value looks like.
type form int8

const (
	other  form = iota // a pripid, or nothing known
	credit             // 18 characters
	regNo              // 15 or 13 digits
	org                // 9 characters, GB 11714
	tax                // the number of a taxpayer: 6 digits of a region and an organisation code, or more
)

// sentCode is a pripid or a uniscid as it was sent.
type sentCode struct {
	raw, folded string
	form        form
	usable      bool   // it can be looked up
	within      string // the organisation code, or the credit code, that is within it
}

// readCode: a placeholder, a personal ID number, and a number that has lost its digits are nothing to look up by.
func readCode(raw string) sentCode {
	c := sentCode{raw: raw, folded: bareCode(rules.FoldCode(raw))}
	c.usable = isPlain(c.folded) && !rules.IsPlaceholder(c.folded) && !isPersonID(c.folded)
	if !c.usable {
		return c
	}
	switch n := len(c.folded); {
	case n == 18:
		c.form = credit
	case (n == 15 || n == 13) && rules.AllDigits(c.folded):
		c.form = regNo
		if n == 15 { // or the number of a taxpayer
			c.within = orgWithin(c.folded)
		}
	case n == 9 && isOrg(c.folded):
		c.form = org
	case n == 15 || n == 17 || n == 20:
		c.readTax()
	}
	return c
}

// bareCode is a folded code without the mark by which a spreadsheet keeps it a text, and without the number of the copy
// of a licence that is printed behind it, as in 91150203MA0N00024Y(1-1).
func bareCode(folded string) string {
	folded = strings.TrimLeft(folded, "'‘’`")
	if code, copyNo, ok := strings.Cut(folded, "("); ok && strings.HasSuffix(copyNo, ")") &&
		rules.AllDigits(strings.TrimSuffix(copyNo, ")")) {
		return code
	}
	return folded
}

// isPersonID: a misprinted number is still somebody's, and so is one with two digits behind it, of a taxpayer.
func isPersonID(s string) bool {
	return 18 <= len(s) && len(s) <= 20 && !isEntityCode(s[:18]) && rules.MaskPersonIDs(s[:18]) != s[:18]
}

// readTax: numbers of taxpayers were made of an organisation code until 2015, and are the credit code since, sometimes
// with two characters behind it.
func (c *sentCode) readTax() {
	if len(c.folded) == 20 && rules.ValidCreditCode(c.folded[:18]) {
		c.form, c.within = tax, c.folded[:18]
		return
	}
	if c.within = orgWithin(c.folded); c.within != "" {
		c.form = tax
	}
}

// orgWithin is the organisation code behind the six digits of a region, "" where there is none.
func orgWithin(s string) string {
	if rules.AllDigits(s[:6]) && isOrg(s[6:15]) {
		return s[6:15]
	}
	return ""
}

func isOrg(s string) bool {
	check := rules.OrgCodeCheck(s[:8])
	return check != 0 && check == s[8]
}

// isCode: the value is a code of the form that the member uniscid has.
func (c *sentCode) isCode() bool {
	switch c.form {
	case credit:
		return rules.ValidCreditCode(c.folded) || isEntityCode(c.folded)
	case regNo:
		return len(c.folded) == 13 || rules.ValidRegNo(c.folded)
	}
	return c.form != other
}

// mayBePripID: of a value in the member uniscid. Credit codes of market entities are none.
func (c *sentCode) mayBePripID() bool {
	return c.usable && !(c.form == credit && isEntityCode(c.folded))
}

// isEntityCode: the outline of a credit code of a market entity.
func isEntityCode(s string) bool {
	return len(s) == 18 && s[0] == '9' && s[1] >= '1' && s[1] <= '3' && rules.AllDigits(s[2:8])
}

func (c *sentCode) appendCodes(codes []string) []string {
	if !c.usable {
		return codes
	}
	if c.form == credit || c.form == regNo || c.form == org || c.form == tax {
		codes = append(codes, c.folded)
	}
	if c.within != "" {
		codes = append(codes, c.within)
	}
	return codes
}

// lead are the firms that the value leads to as a code.
func (c *sentCode) lead(found Found) []Firm {
	if !c.usable || c.form == other {
		return nil
	}
	if firms := found.ByCode[c.folded]; len(firms) > 0 || c.within == "" {
		return firms
	}
	return found.ByCode[c.within]
}

// isOf reports whether the value is a code of the firm.
func (c *sentCode) isOf(f *Firm) bool {
	if !c.usable {
		return false
	}
	if c.folded == f.UniscID || c.folded == f.RegNo {
		return true
	}
	if len(f.UniscID) != 18 || c.form == other {
		return false
	}
	key := c.within
	if c.form == org {
		key = c.folded
	}
	return key != "" && (key == f.UniscID || key == f.UniscID[8:17])
}

// isPlain: letters, digits and underscore, which is all that the known shapes are made of.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && c != '_' {
			return false
		}
	}
	return s != ""
}
