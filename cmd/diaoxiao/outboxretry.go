package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/reconcile"
)

func newOutboxRetryCommand(env *cli.Environment) *cobra.Command {
	var from senderFlags
	s := submission{env: env}
	cmd := &cobra.Command{Use: "retry [CASEID…]", Short: "再次发送没有结果的案件",
		Long: `以完全相同的内容发送待发送和结果未知的案件；已受理过的得到原受理号，不会重报。指明案件
编号时只发送这些，被拒绝的也再发送；已受理的先向接收方查询，已退回的按原内容重报并得到新的
受理号，没有退回的不发送；接收方没有该案件或受理号不同的，指出来（退出码 3）。

待确认的案件（有严重提示或存疑）不发送，逐件列出原因（退出码 3）；核对无误的加 --yes。`,
		RunE: func(cmd *cobra.Command, args []string) error { return s.retry(cmd, args) }}
	from.flags(cmd.Flags())
	cmd.Flags().BoolVar(&s.yes, "yes", false, yesFlag)
	cmd.Flags().BoolVar(&s.asJSON, "json", false, "以 JSON Lines 输出，每件一行，最后一行为合计")
	return cmd
}

// retry sends what the outbox has.
func (s *submission) retry(cmd *cobra.Command, caseIDs []string) (err error) {
	s.ctx, s.views, s.out = cmd.Context(), make(map[int64]*submitView), newSubmitPrinter(cmd, s.asJSON)
	to, err := openSender(s.env, cmd)
	if err != nil {
		return err
	}
	if b, err := outbox.OpenToRead(to.Outbox); err != nil { // retry makes none
		return boxError(err)
	} else if err := b.Close(); err != nil {
		return err
	}
	if err := s.openTo(cmd, to); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.box.Close()) }()
	defer leave(s.ctx, s.client)
	began := time.Now()
	if err = s.choose(caseIDs); err == nil {
		err = s.release()
	}
	if err == nil {
		err = s.send()
	}
	s.Seconds = time.Since(began).Seconds()
	return s.end(err)
}

// choose fills the queue.
func (s *submission) choose(caseIDs []string) error {
	if len(caseIDs) == 0 {
		f := outbox.Filter{Target: s.target, States: []outbox.State{outbox.Pending, outbox.Unknown}}
		return s.box.Entries(s.ctx, f, s.enqueue)
	}
	for _, id := range caseIDs {
		found := false
		err := s.box.Entries(s.ctx, outbox.Filter{Target: s.target, CaseID: id}, func(e outbox.Entry) error {
			found = true
			if e.State == outbox.Accepted || e.State == outbox.Returned {
				return s.sendReturned(e)
			}
			return s.enqueue(e)
		})
		if err == nil && !found {
			err = explain.BadUsage(explain.WithStep(fmt.Errorf("%w：%s", outbox.ErrNotFound, id), "用 diaoxiao outbox list 查看已有的案件"))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *submission) enqueue(e outbox.Entry) error {
	if e.Held != "" && !s.yes {
		return s.tellHeld(e)
	}
	v := &submitView{placeView: viewPlace(placeOf(e.Source))}
	v.takeEntry(e)
	if e.Held != "" {
		s.hold(e)
	} else {
		s.queue.Add(e)
	}
	s.views[e.No] = v
	s.Cases++
	s.Items += e.Items
	return nil
}

// sendReturned sends an accepted case anew if the receiver says that it has given it back.
func (s *submission) sendReturned(e outbox.Entry) error {
	now, err := s.client.Query(s.ctx, api.QueryRequest{AcceptID: e.AcceptID, CaseID: e.CaseID})
	if errors.Is(err, api.NoSuchCase) {
		return s.tellMissing(e)
	}
	if err != nil {
		return fmt.Errorf("查询受理号 %s：%w", e.AcceptID, err)
	}
	if now.AcceptID != e.AcceptID || now.CaseID != e.CaseID {
		return s.tellDiffering(e, reconcile.Different, fmt.Sprintf("接收方为受理号 %s、案件编号 %s", now.AcceptID, now.CaseID))
	}
	if now.State != api.StateReturned {
		v := s.viewOf(e)
		v.Skipped = true
		s.Skipped++
		return s.out.tell(v, "", fmt.Sprintf("－ 案件 %s 已受理（受理号 %s，接收方状态：%s），没有退回，不再发送", display.Plain(e.CaseID), e.AcceptID, display.Plain(now.State)))
	}
	if err := s.box.MarkReturned(e.No); err != nil {
		return boxError(err)
	}
	again, err := s.box.Again(e.No)
	if err != nil {
		return boxError(err)
	}
	return s.enqueue(again)
}

// tellMissing tells an accepted case that the receiver has not got under its acceptid: not at all, or under another.
func (s *submission) tellMissing(e outbox.Entry) error {
	now, err := s.client.Query(s.ctx, api.QueryRequest{CaseID: e.CaseID})
	switch {
	case errors.Is(err, api.NoSuchCase):
		return s.tellDiffering(e, reconcile.Missing, "接收方没有")
	case err != nil:
		return fmt.Errorf("查询案件 %s：%w", e.CaseID, err)
	}
	return s.tellDiffering(e, reconcile.Different, fmt.Sprintf("接收方为受理号 %s、案件编号 %s", now.AcceptID, now.CaseID))
}

// tellDiffering tells a case on which the two ends disagree, with the advice that reconcile has. It is not sent.
func (s *submission) tellDiffering(e outbox.Entry, kind reconcile.Kind, what string) error {
	v := s.viewOf(e)
	v.Difference, v.Message = string(kind), what
	s.Differing++
	return s.out.tell(v, "", fmt.Sprintf("✘ %s：案件 %s 本地记为%s（受理号 %s），%s，没有发送", kind, display.Plain(e.CaseID), e.State, e.AcceptID, display.Plain(what)),
		"    "+kind.Step())
}

// viewOf begins what is told of a case that is not sent, and counts it.
func (s *submission) viewOf(e outbox.Entry) *submitView {
	v := &submitView{placeView: viewPlace(placeOf(e.Source))}
	v.takeEntry(e)
	s.Cases++
	return v
}
