package cli

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/store"
)

// statsView is the statistics of a month as --json shows them.
type statsView struct {
	statistics.Numbers
	Closed    string              `json:"closed,omitempty"` // when
	Digest    string              `json:"digest,omitempty"`
	Damaged   bool                `json:"damaged,omitempty"`
	Corrected *statistics.Numbers `json:"corrected,omitempty"` // what the closed month would be now
	Total     statistics.Summary  `json:"total"`
	Apps      map[int64]string    `json:"apps"`
}

func newStatsCommand(env *cli.Environment) *cobra.Command {
	var month string
	var asJSON bool
	cmd := &cobra.Command{Use: "stats", Short: "按月统计受理、退回、核验提示和公示及时率", Args: cli.Args(),
		Long: `按受理月份统计：案件、户数、重复报送、被拒调用、退回率、每千户核验提示、决定至受理和
公示的天数、及时率，按报送应用和处罚决定机关分列。口径见 docs/statistics.md。
已结账的月份显示结账时的数字；现在重新计算不同的，另列“更正为”。
可在服务运行时执行。`,
		Example: `  diaoxiao stats
  diaoxiao stats --month 2026-11 --json > 2026年11月.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStats(env, cmd, func(s *statistics.Statistics) error {
				return printStats(cmd, s, actorOf(env), month, asJSON)
			})
		}}
	cmd.Flags().StringVar(&month, "month", "", "受理的`月份`，如 2026-11；默认当月")
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// withStats calls f with the statistics of the database, by the calendar of the settings.
func withStats(env *cli.Environment, cmd *cobra.Command, f func(*statistics.Statistics) error) error {
	conf, err := config.Read(env, cmd.Flags())
	if err != nil {
		return err
	}
	calendar, err := server.OpenCalendar(&conf)
	if err != nil {
		return err
	}
	return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
		return f(statistics.New(desk, calendar))
	})
}

func printStats(cmd *cobra.Command, s *statistics.Statistics, by intake.By, month string, asJSON bool) error {
	m := statistics.MonthOf(time.Now())
	if month != "" {
		var err error
		if m, err = statistics.ParseMonth(month); err != nil {
			return err
		}
	}
	r, err := s.Report(cmd.Context(), by, m)
	if err != nil {
		return err
	}
	if asJSON {
		return cli.PrintJSON(cmd.OutOrStdout(), viewStats(r))
	}
	return printReport(cmd.OutOrStdout(), r)
}

func viewStats(r statistics.Report) statsView {
	v := statsView{Numbers: r.Numbers, Damaged: r.Damaged, Corrected: r.Now, Total: r.Total, Apps: r.Apps}
	if !r.Closed.IsZero() {
		v.Closed = r.Closed.In(beijingtime.Zone).Format(time.RFC3339)
		v.Digest = hex.EncodeToString(r.Digest[:])
	}
	return v
}

func printReport(w io.Writer, r statistics.Report) error {
	state := "未结，计算于" + cli.Beijing(r.At)
	if !r.Closed.IsZero() {
		state = "已结，截至" + r.AsOf
	}
	if _, err := fmt.Fprintf(w, "%s（%s）\n\n", r.Month, state); err != nil {
		return err
	}
	if r.Damaged {
		fmt.Fprintln(w, "注意：本月已结数字的存储内容与其摘要不符，可能被改动，不得使用；请执行 diaoxiao db check")
	}
	return errors.Join(printFigures(w, r), printApps(w, r))
}

func printFigures(w io.Writer, r statistics.Report) error {
	t := display.NewTable(w)
	t.Add("指标", "数字", "更正为")
	s := r.Total
	p := statistics.Part{Counts: s.Counts, Refused: s.Refused}
	for _, f := range statistics.Figures() {
		if f.NotFinal && r.Final {
			continue
		}
		corrected := ""
		if r.Now != nil {
			now := r.NowTotal
			if is := f.Of(statistics.Part{Counts: now.Counts, Refused: now.Refused}); is.String() != f.Of(p).String() {
				corrected = is.String()
			}
		}
		if err := t.Add(f.Title, f.Of(p).String()+f.Unit, corrected); err != nil {
			return err
		}
	}
	return t.Flush()
}

func printApps(w io.Writer, r statistics.Report) error {
	fmt.Fprintln(w)
	t := display.NewTable(w)
	keys := []string{"cases", "firms", "repeats", "refused", "returnrate", "published", "timely20"}
	heads := []string{"报送应用"}
	for _, key := range keys {
		heads = append(heads, statistics.FigureCalled(key).Title)
	}
	t.Add(heads...)
	for _, p := range r.ByApp() {
		row := []string{r.Apps[p.App]}
		if p.App == 0 {
			row[0] = "不能识别的应用"
		}
		for _, key := range keys {
			row = append(row, statistics.FigureCalled(key).Of(p).String())
		}
		if err := t.Add(row...); err != nil {
			return err
		}
	}
	return t.Flush()
}
