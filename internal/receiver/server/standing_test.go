package server

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// Every reason for which nothing is acknowledged has Chinese words for the fault, the next step and the cause.
func TestStanding(t *testing.T) {
	for reason := store.Unreachable; reason <= store.Silent; reason++ {
		words, known := standingWords[reason]
		if !known || words.what == "" || words.step == "" {
			t.Errorf("reason %d has no words", reason)
		}
	}
	for _, err := range []error{store.ErrNoRoom, store.ErrSchema, store.ErrUnfinished, store.ErrWeak,
		errors.New("其他")} {
		text := standing(fmt.Errorf("%w: %w", intake.ErrUnavailable, err))
		lines := strings.Split(text, "\n")
		if len(lines) != 3 || !strings.HasPrefix(lines[1], "下一步：") || !strings.HasPrefix(lines[2], "原因：") {
			t.Errorf("%v: %s", err, text)
		}
		if english := regexp.MustCompile(`busy or outcome`).FindString(text); english != "" {
			t.Errorf("%v: English %q in %s", err, english, text)
		}
	}
}
