package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
)

// selection is which cases a command is about.
type selection struct{ since, until, app, caseID string }

func (s *selection) flags(f *pflag.FlagSet) {
	f.StringVar(&s.since, "since", "", "起始接收`时间`：yyyy-MM-dd（北京时间，含当日）或 RFC 3339（含）")
	f.StringVar(&s.until, "until", "", "截止接收`时间`：yyyy-MM-dd（北京时间，含当日）或 RFC 3339（不含）")
	f.StringVar(&s.app, "app", "", "接入`应用`的 appKey 或名称")
	f.StringVar(&s.caseID, "caseid", "", "案件`编号`（完全一致）")
}

// filter turns the flags into a filter of the desk.
func (s *selection) filter(cmd *cobra.Command, desk *intake.Desk) (f intake.CaseFilter, err error) {
	for _, name := range []string{"since", "until", "app", "caseid"} {
		if l := cmd.Flags().Lookup(name); l.Changed && l.Value.String() == "" {
			return f, explain.Usagef("--%s 的值为空；不筛选时请去掉该参数", name)
		}
	}
	f.CaseID = s.caseID
	if f.Since, err = parseTime(s.since, 0); err != nil {
		return f, explain.Usagef("--since：%w", err)
	}
	if f.Until, err = parseTime(s.until, 1); err != nil {
		return f, explain.Usagef("--until：%w", err)
	}
	if s.app != "" {
		a, err := desk.App(cmd.Context(), s.app)
		if err != nil {
			return f, err
		}
		f.AppID = a.ID
	}
	if !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return f, explain.Usagef("--until 须晚于 --since")
	}
	return f, nil
}

// words say for the audit what was selected, and whether the bodies go with it.
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

// parseTime reads a day, to which it adds days, or an instant. "" is the zero time.
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
func (s *selection) each(cmd *cobra.Command, desk *intake.Desk, f func(intake.Case) error) error {
	filter, err := s.filter(cmd, desk)
	if err != nil {
		return err
	}
	return eachCase(cmd.Context(), desk, filter, f)
}

func eachCase(ctx context.Context, desk *intake.Desk, filter intake.CaseFilter, f func(intake.Case) error) error {
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
