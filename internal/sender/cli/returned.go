package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/profile"
)

// noteReturned records in the sender's outbox the cases that the receiver has returned (退回), by its answer. It does not
// fail the command: where it fails, a line says so, and the next command that asks the receiver records them.
func noteReturned(cmd *cobra.Command, s *profile.Sender, cases []api.CaseEntry) {
	if err := markReturned(cmd.Context(), s, cases); err != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "注意：退回没有记入发件箱（%v）；稍后再次运行\n", err)
	}
}

func markReturned(ctx context.Context, s *profile.Sender, cases []api.CaseEntry) error {
	nos, err := acceptedOf(ctx, s, cases)
	if err != nil || len(nos) == 0 {
		return err
	}
	box, err := openOutbox(s.Outbox)
	if err != nil {
		return err
	}
	for _, no := range nos {
		err = errors.Join(err, box.MarkReturned(no))
	}
	return errors.Join(err, box.Close())
}

// acceptedOf finds the entries of cases that are accepted by the outbox, under the same acceptid. Without an outbox
// there are none.
func acceptedOf(ctx context.Context, s *profile.Sender, cases []api.CaseEntry) (nos []int64, err error) {
	if len(cases) == 0 {
		return nil, nil
	}
	box, err := outbox.OpenToRead(s.Outbox)
	if errors.Is(err, outbox.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := outbox.Filter{Target: outbox.Target{URL: s.URL, AppKey: s.AppKey}, States: []outbox.State{outbox.Accepted}}
	for _, c := range cases {
		f.CaseID = c.CaseID
		err = errors.Join(err, box.Entries(ctx, f, func(e outbox.Entry) error {
			if e.AcceptID == c.AcceptID {
				nos = append(nos, e.No)
			}
			return nil
		}))
	}
	return nos, errors.Join(err, box.Close())
}
