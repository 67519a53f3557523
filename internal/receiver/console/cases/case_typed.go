package cases

import (
	"slices"
	"strings"
)

// refusedForm is what was written in a form that could not be taken.
type refusedForm struct{ Form, Text, Rows, Choice string }

// Typed is the text of a form's field: what was written in it before.
func (d caseData) Typed(form string) string {
	if d.Refused.Form == form {
		return d.Refused.Text
	}
	return ""
}

// TypedRows is the text of the field with the rows of a return: what was written in it before, or else the rows with
// severe findings.
func (d caseData) TypedRows() string {
	if d.Refused.Form == "ask" {
		return d.Refused.Rows
	}
	return strings.ReplaceAll(string(d.SevereRows), ",", "、")
}

// Chosen is what was chosen in a form before.
func (d caseData) Chosen(form string) string {
	if d.Refused.Form == form {
		return d.Refused.Choice
	}
	return ""
}

// Unsaved is what was written in a form that the page does not have any more: "" where there is none.
func (d caseData) Unsaved() string {
	fields := map[string]bool{"note": d.May.Note, "check": d.May.Check, "reopen": d.May.Reopen,
		"unpublish": d.May.Unpublish, "ask": d.MayPropose("return"), "release": d.MayPropose("release"),
		"decide": slices.ContainsFunc(d.Proposals, func(w waitingOne) bool { return w.Decide })}
	if shown, has := fields[d.Refused.Form]; shown || !has {
		return ""
	}
	return d.Refused.Text
}
