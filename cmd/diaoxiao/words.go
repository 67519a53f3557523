package main

import (
	"errors"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
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

// onNotFound adds the next step to an error about something that is not there.
func onNotFound(err error, step string) error {
	if errors.Is(err, intake.ErrNotFound) {
		return explain.WithStep(err, step)
	}
	return err
}
