package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// selection holds the flags that select the cases of a command.
type selection struct{ since, until, app, caseID string }

func (s *selection) flags(f *pflag.FlagSet) {
	f.StringVar(&s.since, "since", "", "起始接收`时间`：yyyy-MM-dd（北京时间，含当日）或 RFC 3339（含）")
	f.StringVar(&s.until, "until", "", "截止接收`时间`：yyyy-MM-dd（北京时间，含当日）或 RFC 3339（不含）")
	f.StringVar(&s.app, "app", "", "接入`应用`的 appKey 或名称")
	f.StringVar(&s.caseID, "caseid", "", "案件`编号`（完全一致）")
}

// query turns the flags into a query of the desk.
func (s *selection) query(cmd *cobra.Command, desk *intake.Desk, by intake.By) (f intake.CaseQuery, err error) {
	for _, name := range []string{"since", "until", "app", "caseid"} {
		if l := cmd.Flags().Lookup(name); l.Changed && l.Value.String() == "" {
			return f, explain.Usagef("--%s 的值为空；不筛选时请去掉该参数", name)
		}
	}
	f.CaseID = s.caseID
	if f.ReceivedFrom, err = parseTime(s.since, 0); err != nil {
		return f, explain.Usagef("--since：%w", err)
	}
	if f.ReceivedTo, err = parseTime(s.until, 1); err != nil {
		return f, explain.Usagef("--until：%w", err)
	}
	if s.app != "" {
		a, err := desk.App(cmd.Context(), by, s.app)
		if err != nil {
			return f, err
		}
		f.AppID = a.ID
	}
	if !f.ReceivedTo.IsZero() && !f.ReceivedFrom.Before(f.ReceivedTo) {
		return f, explain.Usagef("--until 须晚于 --since")
	}
	return f, nil
}

// words describes the selection for the audit, and says whether the bodies are exported too.
func (s *selection) words(raw string) string {
	text := "jsonl"
	if raw != "" {
		text += "，同时导出报文原文"
	}
	for _, f := range [][2]string{{"起", s.since}, {"止", s.until}, {"应用", s.app}, {"案件编号", s.caseID}} {
		if f[1] != "" {
			text += "；" + f[0] + "：" + f[1]
		}
	}
	return text
}

// parseTime reads a day, to which it adds a number of days, or an instant. "" gives the zero time.
func parseTime(s string, days int) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, beijingtime.Zone); err == nil {
		return t.AddDate(0, 0, days), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q 不是日期，应为 2026-03-15 或 2026-03-15T08:00:00+08:00", s)
	}
	return t, nil
}

// each calls f for every selected case in order of acceptance.
func (s *selection) each(cmd *cobra.Command, desk *intake.Desk, by intake.By, f func(intake.Case) error) error {
	query, err := s.query(cmd, desk, by)
	if err != nil {
		return err
	}
	return eachCase(cmd.Context(), desk, by, query, f)
}

func eachCase(
	ctx context.Context, desk *intake.Desk, by intake.By, q intake.CaseQuery, f func(intake.Case) error) error {
	for row, err := range casework.New(desk).AllCases(ctx, by, q) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if err := f(row.Case); err != nil {
			return err
		}
	}
	return nil
}
