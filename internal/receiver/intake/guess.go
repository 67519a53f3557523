package intake

import (
	"strings"
	"time"
)

// Guess (登录失败) counts the sign-ins for an operator that failed in a row from one place: one of the operator's known
// browsers, or a network.
type Guess struct {
	OperatorID int64
	Place      string // browserPlace or a network
	Failures   int
	Locked     time.Time // until then; zero: not
	At         time.Time // the last failure
}

// BrowserPlace is the prefix of the place of a known browser. The first digits of the hash of its token follow, and
// tell several browsers apart.
const BrowserPlace = "browser "

// FromBrowser reports whether the failed sign-ins came from a known browser.
func (g Guess) FromBrowser() bool { return strings.HasPrefix(g.Place, BrowserPlace) }

// GuessTx reads and writes failed sign-ins within a transaction.
type GuessTx interface {
	PutGuess(Guess) error // replaces
	Guess(operatorID int64, place string) (Guess, error)
	Guesses(operatorID int64) ([]Guess, error) // 0: everybody's, by operator; the latest first, at most 1000
	DeleteGuess(operatorID int64, place string) error
	DeleteGuesses(operatorID int64) error
	SweepGuesses(before time.Time) error
}
