package page

// purposes are why somebody sees whole names, the usual one first; another is written out.
var purposes = []string{"与登记系统核对", "核实送达和当事人情况", "答复信访、投诉或复议"}

// otherPurpose is the choice of one that is written out.
const otherPurpose = "其他"

// PurposeForm is what a form that asks for a purpose shows.
type PurposeForm struct {
	ID, Action, Button, Hint string
	Choices                  []string
	Download                 bool
}

// NewPurposeForm is a form that asks for a purpose and posts it to a path.
func NewPurposeForm(id, action, button, hint string) PurposeForm {
	return PurposeForm{ID: id, Action: action, Button: button, Hint: hint,
		Choices: append(purposes[:len(purposes):len(purposes)], otherPurpose)}
}

// Purpose is why the form says that names are to be seen: the choice, what was written, or both. "" where neither says
// it.
func (q *Request) Purpose() string {
	choice, text := q.Field("why"), q.Field("text")
	switch {
	case choice == "" || choice == otherPurpose:
		return text
	case text == "":
		return choice
	}
	return choice + "：" + text
}
