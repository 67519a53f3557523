package main

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

func newSubmitCommand(env *cli.Environment) *cobra.Command {
	s := submission{env: env}
	var from senderFlags
	cmd := &cobra.Command{Use: "submit FILE…", Short: "报送文件中的案件，可随时中断和重来",
		Long: `把 CSV、XLSX、JSON、NDJSON 文件中的案件报送给接收方。先按接口的要求检查全部文件，逐处
指出问题；再把案件存入发件箱，然后报送，受理号存入发件箱后才显示。有问题的案件不报送，
不妨碍其他案件。

任何时候中断（包括断电、强行结束），再次运行同一命令即可继续：不会漏报，也不会重报。
同一案件编号、同样的内容只报一次；内容不同而原案可能已受理的，不报送并说明。

有严重提示的案件，和有存疑之处的（多半有误，又不能断定，例如案件编号与已报送的只差一个
空格），要有人确认才报送：在终端上逐项列出后询问；没有终端时不报送，留在发件箱中待确认，
其余案件照常报送。--yes 不再询问，一并报送。

--dry-run 只检查，不连接接收方，也不写发件箱：列出接收方会拒绝的、存疑的和核验时会提示
的，以及各案件将要发送的编号、日期、机关、首末两户。--json 时同一案件有两行的，以后一行
为准。

退出码：0 全部受理；1 无法进行（连不上、磁盘）；2 用法；3 有被拒绝、未报送、待确认或结果
未知的。`,
		Example: `  diaoxiao submit template 模板.xlsx
  diaoxiao submit 清单.csv --dry-run
  diaoxiao submit 清单.csv --caseid 呼市监处罚〔2026〕2号 --penaltydate 2026-03-16`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return explain.Usagef("缺少 FILE")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd, args) }}
	s.flags(cmd.Flags())
	from.flags(cmd.Flags())
	cmd.AddCommand(newSubmitTemplateCommand())
	return cmd
}

func (s *submission) flags(f *pflag.FlagSet) {
	for _, m := range []struct {
		to         *string
		name, what string
	}{{&s.text.CaseID, "caseid", "案件编号"}, {&s.text.CaseName, "casename", "案件名称"}, {&s.text.CaseIntroduction, "caseintroduction", "案由"},
		{&s.text.Illegality, "illegality", "违法行为"}, {&s.text.Penalty, "penalty", "处罚内容"},
		{&s.text.PenaltyDate, "penaltydate", "处罚决定日期，yyyy-MM-dd"}, {&s.text.PenaltyOrg, "penaltyorg", "处罚决定机关"}} {
		f.StringVar(m.to, m.name, "", m.what+"；文件中没有时用它")
	}
	f.StringVar(&s.sheet, "sheet", "", "清单所在的`工作表`；不给出时自动查找")
	f.BoolVar(&s.dry, "dry-run", false, "只检查，不报送")
	f.BoolVar(&s.yes, "yes", false, yesFlag)
	f.BoolVar(&s.asJSON, "json", false, "以 JSON Lines 输出，每件一行，最后一行为合计")
}

// submission is one run of submit.
type submission struct {
	env              *cli.Environment
	text             api.Case
	sheet            string
	dry, yes, asJSON bool

	ctx    context.Context
	out    *submitPrinter
	box    *outbox.Outbox
	target outbox.Target
	client *client.Client
	seen   map[string]*seenCase // by caseid
	alike  map[string]*seenCase // the first, by the fold of its caseid
	queue  outbox.Queue
	views  map[int64]*submitView // of what is in the queue, or waits
	fit    int                   // cases that can be sent
	paths  map[string]string     // of files, absolute

	severe, doubtful int // findings and doubts of what waits

	waiting   []outbox.Entry // for consent
	withdrawn map[int64]bool // entries that are not sent after all
	tally
}

func (s *submission) run(cmd *cobra.Command, paths []string) (err error) {
	s.ctx, s.views, s.paths, s.withdrawn = cmd.Context(), make(map[int64]*submitView), make(map[string]string), make(map[int64]bool)
	s.seen, s.alike = make(map[string]*seenCase), make(map[string]*seenCase)
	s.out = newSubmitPrinter(cmd, s.asJSON)
	if err := s.checkUsage(cmd, paths); err != nil {
		return err
	}
	if !s.dry {
		if err := s.open(cmd); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.box.Close()) }()
		defer leave(s.ctx, s.client)
	}
	began := time.Now()
	err = s.check(paths)
	s.withoutWithdrawn()
	if err == nil {
		err = s.agree(cmd.InOrStdin())
	}
	if err == nil {
		err = s.send()
	}
	s.Seconds = time.Since(began).Seconds()
	return s.end(err)
}

// end tells what became of all, and returns what the run comes to. Where it was broken off, err says why.
func (s *submission) end(err error) error {
	if !s.dry || s.asJSON {
		left := s.leftOver()
		if s.Held > 0 {
			s.Next = heldStep(s.out.box)
		}
		if s.box != nil {
			left = errors.Join(left, s.findOthers())
		}
		left = errors.Join(left, s.out.others(s.Others))
		if told := s.out.end(&s.tally, s.box); err == nil {
			err = errors.Join(left, told)
		}
	}
	switch {
	case errors.Is(err, errDeclined):
		return explain.ErrFaults
	case err != nil:
		return s.interrupted(err)
	case s.Blocked+s.Held+s.Refused+s.Unknown+s.Pending+s.Returned+s.Differing > 0 || s.dry && s.Severe+s.Warnings+s.Notices+s.Doubts > 0:
		return explain.ErrFaults
	}
	return nil
}

// checkUsage refuses what needs no reading of files.
func (s *submission) checkUsage(cmd *cobra.Command, paths []string) error {
	if err := forSender(s.env, cmd.Flags()); err != nil {
		return err
	}
	for _, text := range []string{s.text.CaseID, s.text.CaseName, s.text.CaseIntroduction, s.text.Illegality, s.text.Penalty, s.text.PenaltyDate, s.text.PenaltyOrg} {
		if !utf8.ValidString(text) {
			return explain.Usagef("命令行给出的 %q 不是有效的 UTF-8", text)
		}
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return explain.BadUsage(err)
		}
	}
	s.Files = len(paths)
	return nil
}

func (s *submission) open(cmd *cobra.Command) error {
	to, err := openSender(s.env, cmd)
	if err != nil {
		return err
	}
	return s.openTo(cmd, to)
}

// boxFlag is what has to be added to other commands to have them use the same outbox.
func boxFlag(cmd *cobra.Command, to *sender) string {
	switch {
	case cmd.Flags().Changed("outbox") || to.Profile == "":
		return " --outbox " + display.ShellQuote(to.Outbox)
	case cmd.Flags().Changed("profile"):
		return " --profile " + display.ShellQuote(to.Profile)
	}
	return ""
}

// openTo makes ready to send to a receiver.
func (s *submission) openTo(cmd *cobra.Command, to *sender) (err error) {
	s.target = outbox.Target{URL: to.URL, AppKey: to.AppKey}
	if s.client, err = to.client(func(c *client.Config) { c.Observe, c.Sleep = s.out.observe, s.out.wait }); err != nil {
		return err
	}
	s.out.box = boxFlag(cmd, to)
	s.box, err = openOutbox(to.Outbox)
	return err
}

// check reads all files, and records what can be sent.
func (s *submission) check(paths []string) error {
	r := reading{box: s.box, options: sheet.Options{Case: s.text, Sheet: s.sheet}, least: rules.Severe,
		today: time.Now().In(beijingtime.Zone).Format(time.DateOnly), maxBody: defaults().MaxBody}
	if s.dry {
		r.least = rules.Notice
	}
	done := s.out.watchChecks()
	err := r.files(s.ctx, paths, s.take)
	done()
	s.broken = err != nil
	if err == nil {
		err = s.out.checked(&s.tally, s.fit, s.dry)
	}
	return err
}

// take decides on cases that were checked.
func (s *submission) take(ks []*candidate) error {
	for _, k := range ks {
		if err := s.look(k); err != nil {
			return err
		}
	}
	var fit []*candidate
	for _, k := range ks {
		ok, err := s.isFit(k)
		if err != nil {
			return err
		}
		if ok {
			fit = append(fit, k)
		}
	}
	if s.dry || len(fit) == 0 {
		return nil
	}
	return s.record(fit)
}

// look holds k against what the input had before.
func (s *submission) look(k *candidate) (err error) {
	if _, ok := errors.AsType[*sheet.Problem](k.failed); ok {
		return nil
	}
	first, again := s.seen[k.text.CaseID]
	if again && len(k.problems) == 0 {
		k.problems = append(k.problems, sameCaseID(first, k))
	}
	k.me = &seenCase{caseID: k.text.CaseID, digest: k.decoded.Digest, where: k.where, at: k.placeOfText("caseid"), fit: k}
	if l := s.unlike(k, k.me); l != nil {
		p, failed := s.bar(l)
		k.me.barred, k.problems, err = true, append(k.problems, p), failed
	}
	if !again && len(k.problems) == 0 {
		s.seen[k.text.CaseID] = k.me
	}
	return err
}

// sameCaseID is the problem of k where an earlier case of the input has its caseid.
func sameCaseID(first *seenCase, k *candidate) sheet.Problem {
	if first.digest == k.decoded.Digest {
		return sheet.Problem{Place: k.where, Text: "与" + first.where.String() + "是同一案件", Next: "删去其中一处；前一处照常报送", Fatal: true}
	}
	return sheet.Problem{Place: k.where, Field: "caseid", Text: "案件编号与" + first.where.String() + "相同而内容不同", Next: "改正其中一处；前一处照常报送", Fatal: true}
}

// isFit tells a case that must not be sent, and reports whether k may. In a dry run that is told too.
func (s *submission) isFit(k *candidate) (bool, error) {
	if p, ok := errors.AsType[*sheet.Problem](k.failed); ok {
		s.Blocked++
		return false, s.out.unreadable(*p)
	}
	v := s.view(k)
	k.me.fit = nil
	if len(k.problems) > 0 {
		s.Blocked++
		v.State, v.Problems, v.Codes = stateBlocked, viewProblems(k.problems), api.CodeList(k.codes)
		return false, s.out.blocked(v, k)
	}
	if s.dry {
		k.me.toSend, v.State, v.Held = true, stateFit, k.held(nil)
		s.fit++
		return true, errors.Join(s.out.findings(k), s.out.fit(v, k))
	}
	return true, nil
}

// view begins what is told of a case, and counts it.
func (s *submission) view(k *candidate) *submitView {
	s.Cases++
	s.Items += k.decoded.Items
	n := k.found.n
	s.Severe, s.Warnings, s.Notices = s.Severe+n[rules.Severe], s.Warnings+n[rules.Warning], s.Notices+n[rules.Notice]
	s.Doubts += len(k.doubts)
	s.out.cases.Store(int64(s.Cases))
	s.out.items.Store(int64(s.Items))
	return k.view()
}

// view begins what is told of a case.
func (k *candidate) view() *submitView {
	v := &submitView{placeView: viewPlace(k.where), CaseID: k.text.CaseID, Items: k.decoded.Items, Notes: viewProblems(k.notes), Doubts: viewProblems(k.doubts), Digest: hex.EncodeToString(k.decoded.Digest[:]), Bytes: k.bytes}
	if n := k.found.n; k.found.total() > 0 {
		v.Found = &foundView{n[rules.Severe], n[rules.Warning], n[rules.Notice], k.views()}
	}
	return v
}
