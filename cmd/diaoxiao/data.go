package main

import (
	"encoding/json"
	"errors"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// withDesk runs f with the desk of the data folder and closes it again. It works beside a running server.
func (c *command) withDesk(cmd *cobra.Command, o store.Options, f func(*intake.Desk, *store.Store) error) (err error) {
	conf, err := c.load(cmd.Flags())
	if err != nil {
		return err
	}
	s, err := store.Open(cmd.Context(), conf.Data, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return f(intake.NewDesk(intake.Config{Store: s}), s)
}

var existing = store.Options{MustExist: true}

// printJSON writes v as one line.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 4, 2, ' ', 0) }

func yesNo(disabled bool) string {
	if disabled {
		return "停用"
	}
	return "启用"
}
