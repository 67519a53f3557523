// Package explain says errors to people: what happened, in Chinese, and what to do next. Errors travel as values, with
// their next step and their kind; a Speaker makes the text once, where a person reads it, in the words of the packages
// that it knows.
package explain

import (
	"context"
	"errors"
	"fmt"
)

// ErrUsage marks what the user has to write differently, and ErrFaults what a check has found and told.
var (
	ErrUsage  = errors.New("用法")
	ErrFaults = errors.New("检查发现问题")
)

// usageError is an error of the command line, the environment or a file of settings, with its cause.
type usageError struct{ error }

func (usageError) Is(target error) bool { return target == ErrUsage }
func (e usageError) Unwrap() error      { return e.error }

// BadUsage marks err as one of the command line, the environment or a file of settings: it is ErrUsage.
func BadUsage(err error) error { return usageError{err} }

// Usagef is BadUsage of fmt.Errorf.
func Usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// nextStep is an error together with what the user should do about it.
type nextStep struct {
	error
	step string
}

func (e nextStep) Unwrap() error { return e.error }

// WithStep is err together with what the user should do about it. Its text is that of err; Speaker.Step gives the step.
func WithStep(err error, step string) error { return nextStep{err, step} }

// Undone is the error of work that was not done to its end. Where it was interrupted, how far it had come inside is no
// matter.
func Undone(what string, err error, step string) error {
	if errors.Is(err, context.Canceled) {
		err = context.Canceled
	}
	return WithStep(fmt.Errorf("%s没有做完：%w", what, err), step)
}
