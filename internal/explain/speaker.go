package explain

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
)

// Vocabulary is what the errors of some packages are called before people.
type Vocabulary struct {
	// Words are those of one error; words says what it wraps. ok is false for an error that has no words of its own.
	Words func(err error, words func(error) string) (text string, ok bool)
	Steps []Step
}

// Step is what the user should do about a cause that has no next step of its own.
type Step struct {
	Cause error
	Do    string
}

// Speaker says errors in the words of some vocabularies, and always in those of the system and the network.
type Speaker []Vocabulary

// Explain says an error, with the next step where there is one.
func (s Speaker) Explain(err error) string {
	text := s.Words(err)
	if step := s.Step(err); step != "" {
		text += "；" + step
	}
	return text
}

// Step is what the user should do about an error; "" where that is not known.
func (s Speaker) Step(err error) string {
	if e, ok := errors.AsType[nextStep](err); ok && e.step != "" {
		return e.step
	}
	for _, v := range append(s[:len(s):len(s)], Vocabulary{Steps: ofSystem}) {
		for _, step := range v.Steps {
			if errors.Is(err, step.Cause) {
				return step.Do
			}
		}
	}
	return ""
}

var ofSystem = []Step{
	{syscall.EADDRINUSE, "停止占用该地址的程序，或用 --listen、--ops-listen 换一个地址"},
	{syscall.ENOSPC, "清理磁盘后再试"},
	{fs.ErrPermission, "换用有权限的用户或路径"},
}

// Words says an error without its next step. Anything that no vocabulary knows keeps its own text around the words of
// what it wraps; what is left in English is for the log of a fault.
func (s Speaker) Words(err error) string {
	for _, v := range s {
		if v.Words == nil {
			continue
		}
		if text, ok := v.Words(err, s.Words); ok {
			return text
		}
	}
	if text, ok := systemWords(err); ok {
		return text
	}
	return s.around(err.Error(), wrapped(err))
}

// wrapped are the errors that err wraps, in their order.
func wrapped(err error) []error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	}
	return nil
}

// around is the text of an error with the words of each error that it wraps in the place of that one's text. Where the
// text does not have that as a whole, as in errors that write what they wrap in a way of their own, it may have the
// parts of it.
func (s Speaker) around(text string, inner []error) string {
	var b strings.Builder
	var place func([]error)
	place = func(inner []error) {
		for _, e := range inner {
			before, after, found := strings.Cut(text, e.Error())
			if !found {
				place(wrapped(e))
			} else if e.Error() != "" {
				b.WriteString(before + s.Words(e))
				text = after
			}
		}
	}
	place(inner)
	return b.String() + text
}
