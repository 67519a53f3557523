// Package cli is the commands of the sender's side: their flags, their help, and their output. The work is done by
// the packages beside it.
package cli

import (
	"net/http"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/explain"
)

// Vocabulary is the words for the errors of the client, and of HTTP.
func Vocabulary() explain.Vocabulary {
	return explain.Vocabulary{Words: func(err error, words func(error) string) (string, bool) {
		if err == http.ErrSchemeMismatch {
			return "该端口应答的不是 HTTPS", true
		}
		e, ok := err.(*client.Error)
		if !ok || e.Call != api.Login {
			return "", false
		}
		login := *e
		login.Call = "登录"
		return words(&login), true
	}}
}

// senderSpeaker words errors for people.
func senderSpeaker() explain.Speaker { return explain.Speaker{Vocabulary()} }
