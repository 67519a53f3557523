package intake

import (
	"errors"
	"fmt"
	"strings"

	"diaoxiao/api"
)

// The errors of the desk, for errors.Is. Anything else is an internal fault.
var (
	// ErrNotFound: there is no such app, account, session or case.
	ErrNotFound = errors.New("not found")
	// ErrExists: a name that must be unique is taken.
	ErrExists = errors.New("already exists")
	// ErrUnavailable: the outcome is unknown or the store is too busy; the identical request may be repeated (S21).
	ErrUnavailable = errors.New("busy or outcome unknown")
	// ErrInvalid: an administrator's input is not acceptable; the text says what to change.
	ErrInvalid = errors.New("无效的输入")
)

// Refusal is a request refused for reasons that its sender is told.
type Refusal struct{ Problems []api.Problem }

func (r *Refusal) Error() string {
	var b strings.Builder
	for i, p := range r.Problems {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s %s", p.Code, p.Message())
	}
	return b.String()
}

func refuse(code api.Code, field, detail string) error {
	return &Refusal{[]api.Problem{{Code: code, Field: field, Detail: detail}}}
}
