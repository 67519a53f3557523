package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/profile"
	"diaoxiao/internal/sender/submission"
)

// An outbox may hold cases of several receivers: of a test and a formal one, of one whose address has changed, of an
// address that was mistyped. Which of these it is only the user knows.

// receiverView is another receiver of the outbox as --json shows it.
type receiverView struct {
	URL    string `json:"url"`
	AppKey string `json:"appKey"`
	Cases  int    `json:"cases"`
	Open   int    `json:"withoutOutcome"`
	Next   string `json:"next"`
}

func viewReceivers(others []outbox.Receiver, appKey, box string) (views []receiverView) {
	for _, r := range others {
		views = append(views, receiverView{r.URL, r.AppKey, r.Cases, r.Open, otherStep(r, appKey, box)})
	}
	return views
}

// otherStep is the step that a person takes about cases of another receiver than the one that appKey is for.
func otherStep(r outbox.Receiver, appKey, box string) string {
	if r.AppKey != appKey {
		return "属于另一个应用，用它的接入配置（appKey " + r.AppKey + "）处理"
	}
	step := "接收方换了地址的，声明是同一接收方：diaoxiao outbox merge --from " + display.ShellQuote(r.URL) + box
	if r.Never > 0 {
		step += fmt.Sprintf("；地址写错、没有发出过的 %s 件，放弃：diaoxiao outbox drop --url ", display.Count(r.Never)) +
			display.ShellQuote(r.URL) + box
	}
	return step + "；另有接收方的，用它的接入配置"
}

func (v receiverView) text() string {
	text := fmt.Sprintf(
		"注意：发件箱中另有 %s 件在别的接收方名下：%s  appKey %s", display.Count(v.Cases), display.Plain(v.URL), display.Plain(v.AppKey),
	)
	if v.Open > 0 {
		text += fmt.Sprintf("，其中 %s 件没有结果", display.Count(v.Open))
	}
	return text + "。" + v.Next
}

// others prints them for people; JSON has them in the sum.
func (p *submitPrinter) others(others []receiverView) error {
	if p.asJSON {
		return nil
	}
	return printOthers(p.errw, others)
}

func printOthers(w io.Writer, others []receiverView) error {
	for _, v := range others {
		if _, err := fmt.Fprintln(w, v.text()); err != nil {
			return err
		}
	}
	return nil
}

// printOthersOf prints the receivers of other cases in the sender's outbox. Where there is no outbox there are none.
func printOthersOf(cmd *cobra.Command, s *profile.Sender) error {
	box, err := outbox.OpenToRead(s.Outbox)
	if errors.Is(err, outbox.ErrNone) {
		return nil
	}
	if err != nil {
		return submission.BoxError(err)
	}
	others, err := box.Others(outbox.Target{URL: s.URL, AppKey: s.AppKey})
	if err == nil {
		err = printOthers(cmd.ErrOrStderr(), viewReceivers(others, s.AppKey, boxFlag(cmd, s)))
	}
	return errors.Join(err, box.Close())
}

// printSeveral prints all receivers of an outbox that has more than one.
func printSeveral(cmd *cobra.Command, all []outbox.Receiver) error {
	if len(all) < 2 {
		return nil
	}
	text := fmt.Sprintf("注意：发件箱中有 %s 个接收方的案件：", display.Count(len(all)))
	for _, r := range all {
		text += fmt.Sprintf(
			"\n  %s  appKey %s  %s 件，其中 %s 件没有结果", display.Plain(r.URL), display.Plain(r.AppKey),
			display.Count(r.Cases), display.Count(r.Open),
		)
	}
	_, err := fmt.Fprintln(
		cmd.ErrOrStderr(),
		text+"\n接收方换了地址的，声明是同一接收方：diaoxiao outbox merge --from 旧地址；地址写错、没有发出过的，放弃：diaoxiao outbox drop --url 写错的地址",
	)
	return err
}

// withReceiver puts the receiver before the cells of a row where there are several.
func withReceiver(all []outbox.Receiver, receiver string, cells ...string) []string {
	if len(all) < 2 {
		return cells
	}
	return append([]string{receiver}, cells...)
}

// receiverWord names a receiver; its app too where one address has several.
func receiverWord(all []outbox.Receiver, t outbox.Target) string {
	for _, r := range all {
		if r.URL == t.URL && r.AppKey != t.AppKey {
			return t.URL + " " + t.AppKey
		}
	}
	return t.URL
}
