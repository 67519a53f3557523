package store

import (
	"errors"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/intake"
)

// fault is the error of a store that cannot do its work now: what kind of fault that is, and the cause as it was met.
type fault struct {
	kinds []error
	cause error
}

func (f *fault) Error() string {
	var b strings.Builder
	for _, k := range f.kinds {
		b.WriteString(k.Error() + ": ")
	}
	return b.String() + f.cause.Error()
}

func (f *fault) Unwrap() []error { return append(slices.Clip(f.kinds), f.cause) }

// unavailableFor is intake.ErrUnavailable because of a cause.
func unavailableFor(cause error) error { return &fault{[]error{intake.ErrUnavailable}, cause} }

// CauseOf is the cause of an error of the store, without the kind of fault that ReasonOf and errors.Is know; an error
// of another kind is its own cause.
func CauseOf(err error) error {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.cause
	}
	return err
}
