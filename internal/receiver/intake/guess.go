package intake

import (
	"strings"
	"time"
)

// Guess (登录失败) counts the sign-ins for an operator that failed in a row from one place: a known browser of his, or a
// network.
type Guess struct {
	OperatorID int64
	Place      string // browserPlace or a network
	Failures   int
	Locked     time.Time // until then; zero: not
	At         time.Time // the last failure
}

// BrowserPlace begins the place of a known browser; the first digits of its hash tell several from each other.
const BrowserPlace = "browser "

// FromBrowser reports whether the failures were those of a known browser.
func (g Guess) FromBrowser() bool { return strings.HasPrefix(g.Place, BrowserPlace) }

// GuessTx is what a transaction does for failed sign-ins.
type GuessTx interface {
	PutGuess(Guess) error // replaces
	Guess(operatorID int64, place string) (Guess, error)
	Guesses(operatorID int64) ([]Guess, error) // 0: everybody's, by operator; the latest first, at most 1000
	DeleteGuess(operatorID int64, place string) error
	DeleteGuesses(operatorID int64) error
	SweepGuesses(before time.Time) error
}
