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
	// ErrExists: a name that must be unique is taken. Its text is for people: pages show it behind what exists.
	ErrExists = errors.New("已存在")
	// ErrUnavailable: the outcome is unknown or the store is too busy; the identical request may be repeated (S21).
	ErrUnavailable = errors.New("busy or outcome unknown")
	// ErrInvalid: an administrator's input is not acceptable; the text says what to change.
	ErrInvalid = errors.New("无效的输入")
)

// DeskError is an error of the desk with a text for people. What an edge makes of a kind, and the next step that it
// names, is a table at the edge.
type DeskError struct {
	Kind error // one of the errors above
	Text string
	why  error // what the text was made of
}

// Error is the text; that of an input says that it is one.
func (r DeskError) Error() string {
	if r.Kind == ErrInvalid {
		return ErrInvalid.Error() + "：" + r.Text
	}
	return r.Text
}

// Unwrap is the kind and whatever the text was made of.
func (r DeskError) Unwrap() []error { return []error{r.Kind, r.why} }

func deskError(kind error, format string, args ...any) error {
	why := fmt.Errorf(format, args...)
	return DeskError{kind, why.Error(), why}
}

// Invalid is ErrInvalid in words that say what to change. The format may wrap an error with %w.
func Invalid(format string, args ...any) error { return deskError(ErrInvalid, format, args...) }

func invalid(format string, args ...any) error { return Invalid(format, args...) }

// InvalidAll is ErrInvalid in the words of all errors that are not nil, one behind the other; nil where all are nil. An
// error of another kind is returned as it is.
func InvalidAll(errs ...error) error {
	var texts []string
	for _, err := range errs {
		if r, ok := errors.AsType[DeskError](err); ok && r.Kind == ErrInvalid {
			texts = append(texts, r.Text)
		} else if err != nil {
			return err
		}
	}
	if texts == nil {
		return nil
	}
	return DeskError{ErrInvalid, strings.Join(texts, "；"), errors.Join(errs...)}
}

// Exists is ErrExists in words that say what is there already.
func Exists(format string, args ...any) error { return deskError(ErrExists, format, args...) }

func refuse(code api.Code, field, detail string) error {
	return &api.Refusal{Problems: []api.Problem{{Code: code, Field: field, Detail: detail}}}
}
