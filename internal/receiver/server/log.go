package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/httpapi"
)

// NewLogger writes log lines of a format and from a level on to w.
func NewLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	l, err := config.ParseLevel(level)
	if err != nil {
		return nil, err
	}
	o := &slog.HandlerOptions{Level: l}
	if format == "text" {
		return slog.New(slog.NewTextHandler(w, o)), nil
	}
	return slog.New(slog.NewJSONHandler(w, o)), nil
}

// logRequest writes the one line of a request: Info for a good one, Warn for a fault of its sender, Error for a fault
// of ours.
func logRequest(log *slog.Logger, r httpapi.Record) {
	level := slog.LevelInfo
	if r.Codes != "" {
		level = slog.LevelWarn
	}
	attrs := make([]slog.Attr, 0, 16)
	attrs = append(attrs, slog.String("id", r.RequestID), slog.String("call", string(r.Call)),
		slog.Int("status", r.Status), slog.String("outcome", r.Outcome),
		slog.Float64("ms", float64(r.Duration.Microseconds())/1000), slog.Int64("bytes", r.Bytes),
		slog.String("source", r.Source))
	for _, a := range []struct{ key, value string }{{"app", r.AppKey}, {"account", r.Account}, {"caseid", r.CaseID},
		{"acceptid", r.AcceptID}, {"codes", r.Codes}, {"path", r.Path}} {
		if a.value != "" {
			attrs = append(attrs, slog.String(a.key, clip(display.Plain(a.value))))
		}
	}
	if r.Items > 0 {
		attrs = append(attrs, slog.Int("items", r.Items))
	}
	if r.Err != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("err", r.Err.Error()))
	}
	log.LogAttrs(context.Background(), level, "request", attrs...)
}

// logPage writes the one line of a request at the console.
func logPage(log *slog.Logger, r console.Record) {
	level := slog.LevelInfo
	switch {
	case r.Status >= http.StatusInternalServerError:
		level = slog.LevelError
	case r.Status >= http.StatusBadRequest:
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{slog.String("method", display.Plain(clip(r.Method))), slog.String("route", r.Route),
		slog.Int("status", r.Status), slog.Float64("ms", float64(r.Duration.Microseconds())/1000),
		slog.String("source", r.Source)}
	if r.Operator != "" {
		attrs = append(attrs, slog.String("operator", r.Operator))
	}
	log.LogAttrs(context.Background(), level, "console request", attrs...)
}

// clip shortens a text of a sender for a log line.
func clip(s string) string {
	if len(s) > 1000 {
		return strings.ToValidUTF8(s[:1000], "")
	}
	return s
}
