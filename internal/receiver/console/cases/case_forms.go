package cases

import (
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// caseForm answers one form of the case's page: do does something with the case, and the page is shown again.
func caseForm(notice string, do func(*page.Request, string) error) func(*page.Request) (page.Answer, error) {
	return func(q *page.Request) (page.Answer, error) {
		id := q.PathValue("acceptid")
		err := do(q, id)
		if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) ||
			errors.Is(err, intake.ErrSamePerson) || errors.Is(err, casework.ErrUnchecked) {
			return showCase(q, err)
		}
		if err != nil {
			return nil, err
		}
		return page.Done(q.Selecting("/cases/"+id), notice), nil
	}
}

func noteCase(q *page.Request, id string) error {
	return q.Cases.AddNote(q.Context(), q.Who, id, q.Field("text"))
}

// checkCase takes the findings that the page showed for read, and no others.
func checkCase(q *page.Request, id string) error {
	read, err := readSeen(q)
	if err != nil {
		return err
	}
	return q.Cases.Check(q.Context(), q.Who, id, q.Field("text"), read)
}

// seenText writes what the page shows as known of the case into a form; request.seen reads it.
func seenText(s intake.Seen) string {
	return fmt.Sprintf("%d.%d.%d.%d.%d", milliseconds(s.Verified), s.Newest, s.Severe, s.Warnings,
		milliseconds(s.Worse))
}

// milliseconds is 0 for the zero time.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func readSeen(q *page.Request) (*intake.Seen, error) {
	var s intake.Seen
	var at, worse int64
	_, err := fmt.Sscanf(q.Field("seen"), "%d.%d.%d.%d.%d", &at, &s.Newest, &s.Severe, &s.Warnings, &worse)
	if err != nil {
		return nil, intake.Invalid("不知道依据的是哪一次核验的提示，请在案件页上办理")
	}
	if at != 0 {
		s.Verified = time.UnixMilli(at)
	}
	if worse != 0 {
		s.Worse = time.UnixMilli(worse)
	}
	return &s, nil
}

func reopenCase(q *page.Request, id string) error {
	return q.Cases.Reopen(q.Context(), q.Who, id, q.Field("text"))
}
func publishCase(q *page.Request, id string) error {
	return q.Cases.Publish(q.Context(), q.Who, id, q.Field("day"))
}
func unpublishCase(q *page.Request, id string) error {
	return q.Cases.Unpublish(q.Context(), q.Who, id, q.Field("text"))
}

// revealNames shows the names of the case's list to this session for a while.
func revealNames(q *page.Request, id string) error {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return err
	}
	return q.Cases.RevealNames(q.Context(), q.Who, q.Who.Token, id, q.Purpose(),
		time.Duration(ps[intake.RevealMinutes])*time.Minute)
}
