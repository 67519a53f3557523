package rules

import (
	"strings"
	"time"
	"unicode"

	"diaoxiao/api"
)

// adder takes one finding: the member's name, the rule and what the finding says.
type adder = func(field string, rule int, d Detail)

// The members that findings name.
const (
	fieldPripID      = "pripid"
	fieldUniscID     = "uniscid"
	fieldLegal       = "legal"
	fieldEntType     = "enttype"
	fieldPenaltyDate = "penaltydate"
	fieldCaseID      = "caseid"
)

// CheckEntity applies every rule that one row of penaltylist can be judged by on its own and calls add for each
// finding, in document order of the members. It never refuses anything (S20), keeps nothing and may be called at once
// from anywhere; for a row without findings it does not allocate. The duplicate rules (4xx) need other rows and are not
// applied here.
func CheckEntity(e api.Entity, add func(field string, rule int, d Detail)) {
	checkPripID(e.PripID, e.UniscID, add)
	checkUniscID(e.UniscID, add)
	checkLegal(e.Legal, add)
	checkEntType(e.EntType, creditCategory(FoldCode(e.UniscID)), add)
}

// firstDay is the day from which on an organ of the People's Republic can have decided anything.
const firstDay = "1949-10-01"

// CheckCase applies the rules on the caseid and the date of the penalty (S14). Both days are yyyy-MM-dd; receivedDay is
// that of the receipt in Beijing time. A value that is no such day raises nothing: receiving has refused it already.
func CheckCase(caseID, penaltyDate, receivedDay string, add func(field string, rule int, d Detail)) {
	if harm, what := CaseIDHarm(caseID); harm == Certain {
		add(fieldCaseID, SpreadsheetNumber, value(caseID).words("，"+what))
	}
	if !isDate(penaltyDate) || !isDate(receivedDay) {
		return
	}
	if penaltyDate > receivedDay {
		add(fieldPenaltyDate, PenaltyDateFuture, words("处罚决定日期"+penaltyDate+"，收到日期"+receivedDay))
	}
	if penaltyDate < firstDay {
		add(fieldPenaltyDate, PenaltyDateOld, words("处罚决定日期"+penaltyDate))
	}
}

// CheckTexts applies the rules on the texts of a case: one that says nothing, and one that is mojibake, which comes
// from an export that has spoiled more.
func CheckTexts(c api.Case, add func(field string, rule int, d Detail)) {
	for _, t := range [...]struct{ field, text string }{{fieldCaseID, c.CaseID}, {"casename", c.CaseName}, {
		"caseintroduction",
		c.CaseIntroduction,
	},
		{"illegality", c.Illegality}, {"penalty", c.Penalty}, {"penaltyorg", c.PenaltyOrg}} {
		if what := noText(t.field, t.text); what != "" {
			add(t.field, CaseTextMissing, value(t.text).words(what))
			continue
		}
		how := Mojibake(t.text)
		if at := strings.IndexRune(t.text, '\ufffd'); how == "" && at >= 0 {
			how = "含替代字符U+FFFD，原字已丢失"
		}
		if how != "" {
			add(t.field, MojibakeText, value(t.text).words(how))
		}
	}
}

func isDate(s string) bool {
	if len(s) != len(time.DateOnly) { // an error of time.Parse takes its time
		return false
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// checkPripID: the code is opaque and of many shapes (24 digits, UUID, 32 hexadecimal digits), so only what it cannot
// be is reported.
func checkPripID(raw, uniscid string, add adder) {
	plain := isPlainPripID(raw) && !strings.Contains(raw, "_x") // _x000D_ is a line break of a workbook
	if plain && len(raw) >= 24 && !IsPlaceholder(raw) && !wasNumber(raw, raw) {
		return // longer than any code it could be confused with
	}
	code := FoldCode(raw)
	switch {
	case IsPlaceholder(code):
		add(fieldPripID, Placeholder, value(raw))
	case ValidPersonID(code):
		add(fieldPripID, PersonIDMisplaced, value(raw))
	case hasHan(code):
		add(fieldPripID, HanInCode, value(raw))
	case wasNumber(raw, code):
		add(fieldPripID, SpreadsheetNumber, numberDetail(raw))
	case ValidCreditCode(code) && creditCategory(code) != "":
		checkPripIDCreditCode(code, FoldCode(uniscid), add)
	case !plain:
		add(fieldPripID, PripIDForm, oddCharacters(raw).detail("", escapes(raw)))
	}
}

// checkPripIDCreditCode takes a pripid that is a credit code, and the row's uniscid, both folded.
func checkPripIDCreditCode(code, uniscid string, add adder) {
	switch {
	case uniscid == code:
		add(fieldPripID, PripIDSameAsCreditCode, value(code))
	case creditCategory(uniscid) == "":
		add(fieldPripID, PripIDSwapped, words("身份代码栏").value(code).words("，信用代码栏").value(uniscid))
	default:
		differ := difference(code, uniscid)
		add(
			fieldPripID,
			PripIDOtherFirm,
			words("身份代码栏").value(code, differ...).words("，信用代码栏").value(uniscid, differ...).
				words(differenceText(differ)).at(differ),
		)
	}
}

// isPlainPripID: letters, digits, underscore and hyphen, which is all that the known shapes are made of.
func isPlainPripID(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '_' && c != '-' {
			return false
		}
	}
	return s != ""
}

// wasNumber reports whether a code, as sent and folded, has been a number on its way.
func wasNumber(raw, code string) bool {
	harm, _ := NumberHarm(raw)
	return harm == Certain || isSpreadsheetNumber(code) || isCutNumber(code)
}

func numberDetail(raw string) Detail {
	if harm, what := NumberHarm(raw); harm != Unharmed {
		return value(raw).words("，" + what)
	}
	return value(raw)
}

// isSpreadsheetNumber: a code that a spreadsheet took for a number, as 1.50102E+23 or 1130.0. Anything that was cut off
// is lost.
func isSpreadsheetNumber(s string) bool {
	return strings.ContainsAny(s, ".+") && '0' <= s[0] && s[0] <= '9' && strings.Trim(s, "0123456789.+E") == ""
}

// isCutNumber: a number of 19 digits and more whose digits from the 16th on are all 0, as a spreadsheet leaves it. By
// chance one in 10,000 is like that, and fewer the longer they are.
func isCutNumber(s string) bool {
	return len(s) >= 19 && strings.Trim(s[15:], "0") == "" && strings.Trim(s[:15], "0123456789") == ""
}

// looksLikeCode: a folded value made of ASCII that is mostly digits, or long with digits in it.
func looksLikeCode(s string) bool {
	digits := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
		if '0' <= s[i] && s[i] <= '9' {
			digits++
		}
	}
	return digits > 0 && (2*digits >= len(s) || len(s) >= 12 && digits >= 4)
}

func hasHan(s string) bool {
	for _, r := range s {
		if r >= 0x80 && unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
