package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"diaoxiao/internal/intake"
)

// selection is which cases a command is about.
type selection struct{ since, until, app, caseID string }

func (s *selection) flags(f *pflag.FlagSet) {
	f.StringVar(&s.since, "since", "", "起始接收时间：yyyy-MM-dd（北京时间，含当日）或 RFC 3339")
	f.StringVar(&s.until, "until", "", "截止接收时间：yyyy-MM-dd（北京时间，含当日）或 RFC 3339（不含）")
	f.StringVar(&s.app, "app", "", "接入应用的 appKey 或名称")
	f.StringVar(&s.caseID, "caseid", "", "案件编号")
}

// filter turns the flags into a filter of the desk.
func (s *selection) filter(ctx context.Context, desk *intake.Desk) (f intake.CaseFilter, err error) {
	f.CaseID = s.caseID
	if f.Since, err = parseTime(s.since, 0); err != nil {
		return f, usageError{fmt.Errorf("--since：%w", err)}
	}
	if f.Until, err = parseTime(s.until, 1); err != nil {
		return f, usageError{fmt.Errorf("--until：%w", err)}
	}
	if s.app != "" {
		a, err := desk.App(ctx, s.app)
		if err != nil {
			return f, err
		}
		f.AppID = a.ID
	}
	return f, nil
}

// parseTime reads a day, to which it adds days, or an instant. "" is the zero time.
func parseTime(s string, days int) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, intake.Beijing); err == nil {
		return t.AddDate(0, 0, days), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q不是日期，应为 2026-03-15 或 2026-03-15T08:00:00+08:00", s)
	}
	return t, nil
}

// each calls f for every selected case in order of acceptance.
func (s *selection) each(ctx context.Context, desk *intake.Desk, f func(intake.Case) error) error {
	filter, err := s.filter(ctx, desk)
	if err != nil {
		return err
	}
	for {
		cs, err := desk.Cases(ctx, filter)
		if err != nil || len(cs) == 0 {
			return err
		}
		for _, c := range cs {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f(c); err != nil {
				return err
			}
			filter.After = c.No
		}
	}
}
