package server

import (
	"cmp"
	"log/slog"
	"path/filepath"

	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
)

// callsDir is the folder of calls that wait to be recorded, in the data folder.
const callsDir = "calls"

// newCalls is the log of calls. Those that wait to be recorded take a tenth of log_bytes at most; with PostgreSQL there
// is no folder that they could be kept in.
func newCalls(d *intake.Desk, log *slog.Logger, c *config.Settings) *calllog.Log {
	dir := ""
	if c.Database == "" {
		dir = filepath.Join(c.Data, callsDir)
	}
	return calllog.NewLog(d, log, c.LogDays).Bound(c.LogBytes).Spool(dir, c.LogBytes/10)
}

// callOf is the record of a request in the database; ok is false for a page, which has none.
func callOf(r httpapi.Record) (c intake.Call, ok bool) {
	return intake.Call{At: r.At, Name: cmp.Or(string(r.Call), r.Path), AppID: r.AppID, AppKey: r.AppKey,
		Account: r.Account, CaseID: r.CaseID, AcceptID: r.AcceptID, Outcome: r.Outcome, Codes: r.Codes,
		Told: r.Told, Cause: r.Cause, Status: r.Status, Bytes: r.Bytes, Items: r.Items, Took: r.Duration,
		RequestID: r.RequestID, Source: r.Source,
	}, r.Outcome != httpapi.Page
}
