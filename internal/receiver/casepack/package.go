package casepack

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"
	"strconv"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
)

//go:embed verify.sh cover.html
var files embed.FS

// Packer makes packages of a desk.
type Packer struct {
	desk  *intake.Desk
	cases *casework.Cases
	log   *evidencelog.Log
}

// New returns the packer of a desk.
func New(d *intake.Desk) *Packer {
	return &Packer{d, casework.New(d), evidencelog.New(d)}
}

// Wanted is the package that is asked for.
type Wanted struct {
	AcceptID string
	Firm     int    // of the list, from 1; 0: the whole case
	Purpose  string // for the audit
	Policy   []byte // the trust policy that is put in; nil: none
}

// Made is a package that was written.
type Made struct {
	Case    intake.Case
	Entries []Entry
	Sum     [sha256.Size]byte // of the list of hashes, which stands for the whole
}

// Write writes the package of a case as a zip file. A package of one firm has the values of no other firm: neither the
// body nor what findings say of others. It is in the audit as a body that was taken. The same record gives the same
// bytes. ErrInvalid: no purpose, or no such firm; ErrNotFound; the errors of evidencelog.Receipt.
func (p *Packer) Write(ctx context.Context, by intake.By, want Wanted, to io.Writer) (m Made, err error) {
	if m.Case, err = p.cases.TakeBody(ctx, by, want.AcceptID, want.Purpose); err != nil {
		return m, err
	}
	if want.Firm < 0 || want.Firm > m.Case.Items {
		return m, intake.Invalid("清单中没有第%d户，清单共%d户", want.Firm, m.Case.Items)
	}
	g := &gathering{Packer: p, ctx: ctx, by: by, want: want, c: m.Case, w: newWriter(to, m.Case.Received)}
	if err := g.gather(); err != nil {
		return m, err
	}
	m.Sum, err = g.w.finish()
	m.Entries = g.w.entries
	return m, err
}

// gathering is one package under way.
type gathering struct {
	*Packer
	ctx  context.Context
	by   intake.By
	want Wanted
	c    intake.Case
	w    *writer

	facts facts
}

func (g *gathering) gather() error {
	for _, step := range []func() error{g.addReceipt, g.addFacts, g.addFirms, g.addBody, g.addAudit, g.addPolicy,
		g.addCover, g.addScript} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) addReceipt() error {
	content := evidencelog.Content{Whole: true, Events: true, Texts: true}
	if g.want.Firm > 0 {
		content = evidencelog.Content{Rows: []int{g.want.Firm}, Events: true}
	}
	r, err := g.log.Receipt(g.ctx, g.by, g.c.AcceptID, content)
	if err != nil {
		return err
	}
	if g.facts.Checkpoint, err = evidence.UnsignedCheckpoint(r.Note); err != nil {
		return err
	}
	file, err := r.Marshal()
	if err != nil {
		return err
	}
	return g.w.addBytes(receiptFile, file)
}

// addBody adds the body as sent, or the number of the firm in its place.
func (g *gathering) addBody() error {
	if g.want.Firm > 0 {
		return g.w.addBytes("firm", []byte(strconv.Itoa(g.want.Firm)+"\n"))
	}
	return g.w.add(bodyFile, func(to io.Writer) error {
		body, err := g.desk.Body(g.ctx, g.by, g.c)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, body)
		return errors.Join(err, body.Close())
	})
}

func (g *gathering) addPolicy() error {
	if g.want.Policy == nil {
		return nil
	}
	return g.w.addBytes(policyFile, g.want.Policy)
}

func (g *gathering) addScript() error {
	script, err := files.ReadFile(scriptFile)
	if err != nil {
		return fmt.Errorf("read what was built in: %w", err)
	}
	return g.w.addBytes(scriptFile, script)
}
