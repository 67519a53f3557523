package intake

import (
	"errors"
	"fmt"

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

// worded is an error of the desk in words of its own.
type worded struct {
	kind  error
	words string
}

func (w worded) Error() string { return w.words }

func (w worded) Unwrap() error { return w.kind }

// exists is ErrExists in words that say what is there already.
func exists(format string, args ...any) error { return worded{ErrExists, fmt.Sprintf(format, args...)} }

func refuse(code api.Code, field, detail string) error {
	return &api.Refusal{Problems: []api.Problem{{Code: code, Field: field, Detail: detail}}}
}
