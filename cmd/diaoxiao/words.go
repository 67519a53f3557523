package main

import (
	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/explain"
)

// clientWords are the errors of the client.
var clientWords = explain.Vocabulary{Words: func(err error, words func(error) string) (string, bool) {
	e, ok := err.(*client.Error)
	if !ok || e.Call != api.Login {
		return "", false
	}
	login := *e
	login.Call = "登录"
	return words(&login), true
}}

func senderSpeaker() explain.Speaker { return explain.Speaker{clientWords} }
