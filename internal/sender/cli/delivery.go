package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/diskroom"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/profile"
	"diaoxiao/internal/sender/receipt"
	"diaoxiao/internal/sender/submission"
)

// delivery is one run of submit or of outbox retry: a submission and its printer.
type delivery struct {
	cmd    *cobra.Command
	out    *submitPrinter
	run    *submission.Run
	to     *profile.Sender // nil in a dry run, as the two that follow
	box    *outbox.Outbox  // of to
	client *client.Client  // of to

	policy   *evidence.Policy // that receipts are verified by; nil: none are asked for
	receipts receipt.Tally
}

func newDelivery(cmd *cobra.Command, asJSON bool) *delivery {
	return &delivery{cmd: cmd, out: newSubmitPrinter(cmd, asJSON)}
}

// open prepares the sending to a receiver, and puts that into conf.
func (d *delivery) open(to *profile.Sender, conf *submission.Config) (err error) {
	d.to = to
	if d.policy, err = readPolicy(to.Receipts); err != nil {
		return err
	}
	if d.client, err = to.Client(func(c *client.Config) {
		c.Observe, c.Sleep = d.out.observe, d.out.wait
	}); err != nil {
		return err
	}
	d.out.box = boxFlag(d.cmd, to)
	if d.box, err = openOutbox(to.Outbox); err != nil {
		return err
	}
	conf.Box, conf.Client, conf.Target = d.box, d.client, outbox.Target{URL: to.URL, AppKey: to.AppKey}
	conf.Account = to.Account
	return nil
}

// boxFlag is the flag with which other commands use the same outbox; "" where they need none.
func boxFlag(cmd *cobra.Command, to *profile.Sender) string {
	switch {
	case cmd.Flags().Changed("outbox") || to.Profile == "":
		return " --outbox " + display.ShellQuote(to.Outbox)
	case cmd.Flags().Changed("profile"):
		return " --profile " + display.ShellQuote(to.Profile)
	}
	return ""
}

// check reads all files, and records the cases that can be sent.
func (d *delivery) check(paths []string) error {
	done := d.out.watchChecks()
	err := d.run.Check(d.cmd.Context(), paths)
	done()
	if err == nil {
		err = d.out.checked(d.run.Tally(), d.box == nil)
	}
	return err
}

// errDeclined ends a submission that the user has not agreed to.
var errDeclined = errors.New("没有报送")

// agree asks whether the cases that wait for consent are to be sent, unless the answer is given beforehand. Without a
// terminal it asks nobody: these cases stay waiting, and the others are sent.
func (d *delivery) agree(yes bool) error {
	cases, severe, doubts := d.run.Waiting()
	switch {
	case cases == 0:
		return nil
	case yes:
		return d.run.Release()
	case !d.out.terminal || !cli.IsTerminal(d.cmd.InOrStdin()):
		return nil
	}
	fmt.Fprintf(d.out.errw, "有%s，仍要报送吗？[y/N] ", reasons(severe, doubts))
	yes, err := answerOf(d.cmd.Context(), d.cmd.InOrStdin())
	switch {
	case err != nil:
		return err
	case yes:
		return d.run.Release()
	}
	fmt.Fprintln(d.out.errw, "没有报送。案件在发件箱中待发送：核对、改正清单后再次运行；确认无误的，再次运行并回答 y")
	return errDeclined
}

// reasons counts the reasons for which cases wait.
func reasons(severe, doubts int) string {
	var parts []string
	if severe > 0 {
		parts = append(parts, fmt.Sprintf(" %s 条严重提示", display.Count(severe)))
	}
	if doubts > 0 {
		parts = append(parts, fmt.Sprintf(" %s 处存疑", display.Count(doubts)))
	}
	return strings.Join(parts, "、")
}

// answerOf reads a line; its end, and the end of ctx, are no consent.
func answerOf(ctx context.Context, in io.Reader) (yes bool, _ error) {
	text, err := cli.Interruptible(ctx, func() (string, error) { return bufio.NewReader(in).ReadString('\n') })
	if err != nil && err != io.EOF {
		return false, ctx.Err()
	}
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "y" || text == "yes" || text == "是", nil
}

// send sends the queue, after a login during which a line says why it takes long.
func (d *delivery) send() error {
	n := d.run.Queued()
	if n == 0 {
		return nil
	}
	d.out.loggingIn.Store(true)
	err := d.client.Login(d.cmd.Context())
	d.out.loggingIn.Store(false)
	if err != nil {
		return err
	}
	done := d.out.watchSending(n)
	err = d.run.Send(d.cmd.Context())
	done()
	return err
}

// end prints the sum, and returns the error of the run: err where the run ended early, explain.ErrFaults where a case
// was not accepted.
func (d *delivery) end(err error, took time.Duration) error {
	if d.box != nil || d.out.asJSON {
		if failed := d.sum(took); err == nil {
			err = failed
		}
	}
	t := d.run.Tally()
	switch {
	case errors.Is(err, errDeclined):
		return explain.ErrFaults
	case err != nil:
		return d.interrupted(err)
	case t.Blocked+d.receipts.Faulty+t.Held+t.Refused+t.Unknown+t.Pending+t.Returned+t.Differing > 0,
		d.box == nil && t.Severe+t.Warnings+t.Notices+t.Doubts > 0:
		return explain.ErrFaults
	}
	return nil
}

// sum prints the cases without an outcome, those of other receivers, and the sum.
func (d *delivery) sum(took time.Duration) error {
	err := d.run.LeftOver()
	v := viewSum(d.run.Tally(), took)
	if v.Held > 0 {
		v.Next = heldStep(d.out.box)
	}
	if d.policy != nil {
		v.Receipts = viewReceipts(d.receipts)
	}
	if d.box != nil {
		others, failed := d.box.Others(outbox.Target{URL: d.to.URL, AppKey: d.to.AppKey})
		v.Others = viewReceivers(others, d.to.AppKey, d.out.box)
		err = errors.Join(err, submission.BoxError(failed))
	}
	return errors.Join(err, d.out.others(v.Others), d.out.end(v, d.box))
}

// interrupted says how to go on after an error.
func (d *delivery) interrupted(err error) error {
	switch {
	case errors.Is(err, outbox.ErrFull):
		if free, failed := diskroom.Free(d.box.Dir()); failed == nil {
			err = fmt.Errorf("%w（剩余 %s）", err, display.Bytes(free))
		}
		return explain.WithStep(err, "腾出空间后再次运行同一命令即可继续")
	case errors.Is(err, context.Canceled):
		return explain.WithStep(context.Canceled, "再次运行同一命令即可继续")
	case errors.Is(err, client.ErrUnreachable), errors.Is(err, client.ErrNotInterface),
		errors.Is(err, outbox.ErrNoAnswers):
		return explain.WithStep(err, "用 diaoxiao doctor 查明原因；案件已在发件箱中，再次运行同一命令即可继续")
	}
	if refusal, ok := errors.AsType[*api.Refusal](err); ok && len(refusal.Problems) > 0 {
		return explain.WithStep(err, refusal.Problems[0].Code.Info().Advice+"案件已在发件箱中，改正后再次运行同一命令即可继续")
	}
	return err
}
