package cases

// refusedForm is what was written in a form that could not be taken.
type refusedForm struct{ Form, Kind, Text, Rows, Picked string }

// Typed is the text of a form's field: what was written in it before.
func (d caseData) Typed(form string) string {
	if d.Refused.Form == form {
		return d.Refused.Text
	}
	return ""
}

// Unsaved is what was written in a form that the page does not have any more: "" where there is none.
func (d caseData) Unsaved() string {
	fields := map[string]bool{"note": d.May.Note, "check": d.May.Check, "reopen": d.May.Reopen,
		"unpublish": d.May.Unpublish, "propose": d.MayPropose(d.Refused.Kind), "checkfirms": d.May.CheckFirms,
		"correctday": d.May.CorrectDay}
	if shown, has := fields[d.Refused.Form]; shown || !has {
		return ""
	}
	return d.Refused.Text
}
