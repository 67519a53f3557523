package main

import (
	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/explain"
)

// clientWords are the words for the errors of the client.
func clientWords() explain.Vocabulary {
	return explain.Vocabulary{Words: func(err error, words func(error) string) (string, bool) {
		e, ok := err.(*client.Error)
		if !ok || e.Call != api.Login {
			return "", false
		}
		login := *e
		login.Call = "登录"
		return words(&login), true
	}}
}

// senderSpeaker says errors to people.
func senderSpeaker() explain.Speaker { return explain.Speaker{clientWords()} }
