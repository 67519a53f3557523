package server

import (
	"cmp"

	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
)

// callOf is the record of a request in the database; ok is false for a page, which has none.
func callOf(r httpapi.Record) (c intake.Call, ok bool) {
	return intake.Call{At: r.At, Name: cmp.Or(string(r.Call), r.Path), AppID: r.AppID, AppKey: r.AppKey,
		Account: r.Account, CaseID: r.CaseID, AcceptID: r.AcceptID, Outcome: r.Outcome, Codes: r.Codes,
		Told: r.Told, Cause: r.Cause, Status: r.Status, Bytes: r.Bytes, Items: r.Items, Took: r.Duration,
		RequestID: r.RequestID, Source: r.Source,
	}, r.Outcome != httpapi.Page
}
