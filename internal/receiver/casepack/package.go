package casepack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/pack"
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
	Policy   []byte // the trust policy that is put in: the keys of the evidence log
}

// ErrPolicy is a trust policy under which the receipt in the package proves nothing.
var ErrPolicy = errors.New("the receipt does not hold under the trust policy")

// Package is the package of a case, ready to be written.
type Package struct {
	Case intake.Case
	g    *gathering
}

// Made is a package that was written.
type Made struct {
	Entries []pack.Entry
	Sum     [sha256.Size]byte // of the list of hashes, which stands for the whole
}

// Take makes the package of a case ready. A package of one firm has the values of no other firm: neither the body nor
// what findings say of others. It is in the audit as a package that was taken, before any of it is given out.
// ErrInvalid: no purpose, or no such firm; ErrNotFound; ErrPolicy; the errors of evidencelog.Receipt.
func (p *Packer) Take(ctx context.Context, by intake.By, want Wanted) (*Package, error) {
	g := &gathering{Packer: p, ctx: ctx, by: by, want: want}
	if err := g.prepare(); err != nil {
		return nil, err
	}
	return &Package{g.c, g}, nil
}

// Write writes the package as a zip file, in memory that does not grow with the case. Call it once. While nothing
// happens to the case, nor to the keys of the evidence log, each package of it is the same to the byte.
func (k *Package) Write(to io.Writer) (m Made, err error) {
	k.g.w = newWriter(to, k.Case.Received)
	if err := k.g.write(); err != nil {
		return m, err
	}
	m.Sum, err = k.g.w.finish()
	m.Entries = k.g.w.entries
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

	receipt    []byte
	checkpoint evidence.Checkpoint
	statements [][]byte
	stamps     []byte // nil: the checkpoint was not stamped
	facts      pack.Facts
}

// prepare reads all but what is large, and puts the package into the audit.
func (g *gathering) prepare() (err error) {
	if err := intake.CheckText("出具案卷包的目的", g.want.Purpose); err != nil {
		return err
	}
	err = g.desk.Look(g.ctx, g.by, intake.LookCases, func(tx intake.Tx) error {
		g.c, err = intake.CaseByAcceptID(tx, g.want.AcceptID)
		return err
	})
	if err != nil {
		return fmt.Errorf("受理号%s：%w", intake.Quote(g.want.AcceptID), err)
	}
	if g.want.Firm < 0 || g.want.Firm > g.c.Items {
		return intake.Invalid("清单中没有第%d户，清单共%d户", g.want.Firm, g.c.Items)
	}
	for _, step := range []func() error{g.readStatements, g.readReceipt, g.readStamps, g.readFacts} {
		if err := step(); err != nil {
			return err
		}
	}
	_, err = g.cases.TakePackage(g.ctx, g.by, g.want.AcceptID, g.want.Firm, g.want.Purpose)
	return err
}

func (g *gathering) readStatements() (err error) {
	g.statements, err = g.log.Statements(g.ctx, g.by)
	if n := len(g.statements) - pack.MostSuccessions; n > 0 {
		g.statements = g.statements[n:]
	}
	return err
}

// readReceipt reads the receipt, and makes sure that it holds under the policy in the package.
func (g *gathering) readReceipt() error {
	content := evidencelog.Content{Whole: g.want.Firm == 0, Events: true, Texts: true, Settled: true}
	if g.want.Firm > 0 {
		content.Rows = []int{g.want.Firm}
	}
	r, err := g.log.Receipt(g.ctx, g.by, g.c.AcceptID, content)
	if err != nil {
		return err
	}
	if g.receipt, err = r.Marshal(); err != nil {
		return err
	}
	v, err := pack.VerifyReceipt(g.want.Policy, r, g.statements)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	g.checkpoint = v.Checkpoint
	return nil
}

func (g *gathering) readStamps() error {
	s, err := g.log.StampsInUse(g.ctx, g.by, g.checkpoint)
	if errors.Is(err, evidencelog.ErrNotStamped) {
		return nil
	}
	if err == nil {
		g.stamps, err = s.Marshal()
	}
	return err
}

// write writes all files but the lists of their hashes.
func (g *gathering) write() error {
	for _, step := range []func() error{g.addReceipt, g.addFacts, g.addFirms, g.addBody, g.addAudit, g.addKeys,
		g.addCover, g.addScript} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) addReceipt() error { return g.w.addBytes(pack.Receipt, g.receipt) }

// addBody adds the body as sent, or the number of the firm in its place.
func (g *gathering) addBody() error {
	if g.want.Firm > 0 {
		return g.w.addBytes(pack.FirmFile, fmt.Appendln(nil, g.want.Firm))
	}
	return g.w.add(pack.Body, func(to io.Writer) error {
		body, err := g.desk.Body(g.ctx, g.by, g.c)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, body)
		return errors.Join(err, body.Close())
	})
}

// addKeys adds what a verifier needs beside the receipt: the policy, the statements of the successions of keys, and the
// time-stamps.
func (g *gathering) addKeys() error {
	if err := g.w.addBytes(pack.Policy, bytes.Clone(g.want.Policy)); err != nil {
		return err
	}
	for i, s := range g.statements {
		if err := g.w.addBytes(pack.SuccessionName(i+1), s); err != nil {
			return err
		}
	}
	if g.stamps == nil {
		return nil
	}
	return g.w.addBytes(pack.StampsFile, g.stamps)
}

func (g *gathering) addScript() error {
	script, err := files.ReadFile(pack.Script)
	if err != nil {
		return fmt.Errorf("read what was built in: %w", err)
	}
	return g.w.addBytes(pack.Script, script)
}
