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

// DeskError is an error of the desk with a text for people. Each edge has a table that maps a kind to its answer and to
// the next step it names.
type DeskError struct {
	Kind error // one of the errors above
	Text string
	why  error // the error that the text was made of
}

// Error is the text. For ErrInvalid it begins with the text of ErrInvalid.
func (r DeskError) Error() string {
	if r.Kind == ErrInvalid {
		return ErrInvalid.Error() + "：" + r.Text
	}
	return r.Text
}

// Unwrap returns the kind and the error that the text was made of.
func (r DeskError) Unwrap() []error { return []error{r.Kind, r.why} }

func deskError(kind error, format string, args ...any) error {
	why := fmt.Errorf(format, args...)
	return DeskError{kind, why.Error(), why}
}

// Invalid returns an ErrInvalid whose text says what to change. The format may wrap an error with %w.
func Invalid(format string, args ...any) error { return deskError(ErrInvalid, format, args...) }

func invalid(format string, args ...any) error { return Invalid(format, args...) }

// InvalidAll joins the texts of all errors that are not nil into one ErrInvalid; nil where all are nil. An error of
// another kind is returned as it is.
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

// Exists returns an ErrExists whose text says what is there already.
func Exists(format string, args ...any) error { return deskError(ErrExists, format, args...) }

func refuse(code api.Code, field, detail string) error {
	return &api.Refusal{Problems: []api.Problem{{Code: code, Field: field, Detail: detail}}}
}
