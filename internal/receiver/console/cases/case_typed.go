package cases

import (
	"strings"
)

// refusedDeed is what was written for a deed that was not done.
type refusedDeed struct{ Deed, Text, Rows, Choice string }

// Typed is what stands in the field of a deed: what was written for it before.
func (d caseData) Typed(deed string) string {
	if d.Refused.Deed == deed {
		return d.Refused.Text
	}
	return ""
}

// TypedRows is what stands in the field of the rows of a return: what was written for it before, or else the rows with
// severe findings.
func (d caseData) TypedRows() string {
	if d.Refused.Deed == "ask" {
		return d.Refused.Rows
	}
	return strings.ReplaceAll(string(d.SevereRows), ",", "、")
}

// Chosen is what was chosen in the form of a deed before.
func (d caseData) Chosen(deed string) string {
	if d.Refused.Deed == deed {
		return d.Refused.Choice
	}
	return ""
}

// Unsaved is what was written for a deed that cannot be done any more, so that it has no field: "" where there is none.
func (d caseData) Unsaved() string {
	fields := map[string]bool{"note": d.May.Note, "check": d.May.Check, "reopen": d.May.Reopen,
		"unpublish": d.May.Unpublish, "ask": d.May.Ask, "decide": d.May.Decide,
		"askpublish": d.May.AskPublish, "agree": d.May.Agree}
	if shown, has := fields[d.Refused.Deed]; shown || !has {
		return ""
	}
	return d.Refused.Text
}
