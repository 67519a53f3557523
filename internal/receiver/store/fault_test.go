package store

import (
	"errors"
	"fmt"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// A fault is of its kinds and of its cause, and gives the cause without a look at its text.
func TestCauseOf(t *testing.T) {
	cause := errors.New("a: b")
	room := &fault{[]error{intake.ErrUnavailable, ErrNoRoom}, cause}
	for _, err := range []error{unavailableFor(cause), room, fmt.Errorf("while writing: %w", room)} {
		if !errors.Is(err, intake.ErrUnavailable) || !errors.Is(err, cause) || CauseOf(err) != cause {
			t.Errorf("%v: cause %v", err, CauseOf(err))
		}
	}
	if ReasonOf(room) != NoRoom || room.Error() != intake.ErrUnavailable.Error()+": "+ErrNoRoom.Error()+": a: b" {
		t.Errorf("reason %d, %s", ReasonOf(room), room)
	}
	if CauseOf(cause) != cause {
		t.Errorf("%v", CauseOf(cause))
	}
}
