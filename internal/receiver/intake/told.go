package intake

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Told is what the answer to a failed call said, as it is recorded: the first errors and the number of all. It takes
// at most MaxTold bytes. Read it with Errors.
type Told string

// The bounds of what is recorded of one answer.
const (
	MaxTold       = 1200 // bytes
	mostToldError = 5
	toldMessage   = 160 // code points
	toldField     = 100
)

// ToldError is one error of an answer. The message is as it was sent, but for values that may be personal or secret.
type ToldError struct {
	Code    string `json:"code"`
	Field   string `json:"field,omitempty"`
	Row     int    `json:"row,omitempty"` // of the list, from 1; 0: of none
	Message string `json:"message"`
}

type told struct {
	Total  int         `json:"total"`
	Errors []ToldError `json:"errors"`
}

// NewTold records the problems of an answer.
func NewTold(ps []api.Problem) Told {
	t := told{Total: len(ps)}
	var kept Told
	for _, p := range ps[:min(len(ps), mostToldError)] {
		t.Errors = append(t.Errors, toldError(p))
		next := t.encode()
		if len(next) > MaxTold {
			break
		}
		kept = next
	}
	return kept
}

func (t told) encode() Told {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(t) != nil {
		return ""
	}
	return Told(strings.TrimSuffix(b.String(), "\n"))
}

func toldError(p api.Problem) ToldError {
	p.Quote = recordedQuote(p.Quote)
	return ToldError{
		Code:    string(p.Code),
		Field:   Clip(api.KnownField(p.Field), toldField),
		Row:     p.Item,
		Message: Clip(p.Message(), toldMessage),
	}
}

// Errors are the first errors, and the number of all that the answer had. Nothing is known where another version wrote
// what this one cannot read.
func (t Told) Errors() (first []ToldError, all int) {
	var read told
	if t == "" || json.Unmarshal([]byte(t), &read) != nil {
		return nil, 0
	}
	return read.Errors, max(read.Total, len(read.Errors))
}

// First are the first errors, for pages.
func (t Told) First() []ToldError {
	first, _ := t.Errors()
	return first
}

var (
	unseen    = regexp.MustCompile(`U\+[0-9A-F]{4,6}`)
	longDigit = regexp.MustCompile(`\d{11,}`)
)

// recordedQuote is a value that a message quotes, as a record may keep it: as it is where days are written so. Anything
// else may be a name or a secret, of which the first character stays; many digits in a row may be the number of a
// person or of a telephone.
func recordedQuote(value string) string {
	folded := rules.FoldCode(unseen.ReplaceAllString(value, ""))
	if longDigit.MatchString(folded) {
		return longDigit.ReplaceAllStringFunc(rules.FoldCode(value), rules.MaskPersonID)
	}
	if strings.IndexFunc(folded, func(r rune) bool { return !writesDays(r) }) < 0 {
		return value
	}
	_, first := utf8.DecodeRuneInString(value)
	return value[:first] + "***"
}

// writesDays reports whether days and times are written with a character.
func writesDays(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsPunct(r) || strings.ContainsRune("TZ+*…年月日号时分秒〇零一二三四五六七八九十廿元", r)
}
