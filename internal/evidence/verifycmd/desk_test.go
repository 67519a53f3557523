package verifycmd_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/evidence/verifycmd"
	"diaoxiao/internal/explain"
)

const (
	origin   = "credit.example.cn/diaoxiao"
	acceptID = "202611240000000019"
)

// desk has a small evidence log, from which it makes files, and verifies files by the command.
type desk struct {
	*testing.T
	dir    string
	keys   seal.Keys
	policy string // file
	salt   evidence.Salt
	body   []byte
	list   []api.Entity
	leaves [][]byte // the first is a case, the second a step on it, the third one of another case
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, dir: t.TempDir(), salt: evidence.Salt{1}.Case(acceptID), body: []byte(`{"caseid":"1号"}`)}
	var err error
	d.keys, err = seal.Generate(origin)
	d.must(err)
	d.policy = d.write("policy.txt", []byte(evidence.WritePolicy(d.keys.VerifierKeys()...)))
	for i := range 2 {
		d.list = append(d.list, api.Entity{PripID: fmt.Sprint("15010400002201707173229", i),
			UniscID: "91150104MA0N967166", Legal: "阿拉坦仓", EntType: "1151"})
	}
	of := evidence.CaseLeaf{Kind: evidence.KindCase, AcceptID: acceptID, CaseNo: 1, CaseID: "1号", App: "dxa",
		Account: "张三", Received: 1764000000000, Charset: "utf-8", RequestID: "r", Bytes: int64(len(d.body)),
		Body: d.salt.CommitPair(merkle.SumPair(d.body)), Items: 2, Rows: evidence.NewDigests(merkle.RootOf(d.hashes()))}
	of.Values = evidence.Hex(d.salt.Commit(merkle.SHA256, merkle.Hash{7}))
	step := evidence.EventLeaf{Kind: evidence.KindEvent, No: 5, AcceptID: acceptID, At: 1764000001000, By: "cli:a",
		Deed: "return", Detail: d.salt.Event(5).CommitText("有误"), Reason: d.salt.Event(5).CommitText("清单有误")}
	other := step
	other.AcceptID = "202611240000000027"
	for _, leaf := range []any{of, step, other, map[string]any{"kind": "case", "unheardof": 1}} {
		b, err := evidence.Encode(leaf)
		d.must(err)
		d.leaves = append(d.leaves, b)
	}
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// rows are the rows of the case in the order of its tree.
func (d *desk) rows() (all []any) {
	for i, e := range d.list {
		all = append(all, evidence.NewFirmRow(d.salt.Rows(), acceptID, i+1, e))
	}
	return append(all, evidence.NewTextsRow(d.salt.Rows(), acceptID, api.Case{CaseID: "1号", PenaltyDate: "2026-11-16"}))
}

func (d *desk) hashes() (all []merkle.Pair) {
	d.Helper()
	for _, row := range d.rows() {
		b, err := evidence.Encode(row)
		d.must(err)
		all = append(all, merkle.LeafPair(b))
	}
	return all
}

// log are the hashes of the leaves.
func (d *desk) log() (all []merkle.Pair) {
	for _, leaf := range d.leaves {
		all = append(all, merkle.LeafPair(leaf))
	}
	return all
}

// checkpoint is the note of the log at a size.
func (d *desk) checkpoint(size int, keys seal.Keys) []byte {
	d.Helper()
	c := evidence.Checkpoint{Origin: keys.Name, Size: int64(size), Roots: merkle.RootOf(d.log()[:size]),
		At: time.UnixMilli(1764000002000), Upto: evidence.Upto{Cases: 2, Events: 6}}
	note, err := c.Sign(keys.Signers()...)
	d.must(err)
	return note
}

// receipt is the receipt of a leaf, which shows nothing.
func (d *desk) receipt(index int) evidence.Receipt {
	d.Helper()
	return evidence.Receipt{Leaf: d.leaves[index], Index: int64(index), Path: merkle.PathOf(d.log(), index),
		Note: d.checkpoint(len(d.leaves), d.keys)}
}

// whole is the receipt of the case with its body, a firm, its texts and its step.
func (d *desk) whole() evidence.Receipt {
	d.Helper()
	r := d.receipt(0)
	salt, body, values := evidence.Hex(d.salt), evidence.NewDigests(merkle.SumPair(d.body)), evidence.Hex{7}
	r.Show = evidence.Shown{CaseSalt: &salt, Body: &body, Values: &values, Events: []evidence.EventShown{d.step(1)},
		Details: []evidence.TextOfEvent{{No: 5, Salt: evidence.Hex(d.salt.Event(5)), Text: "有误", Reason: "清单有误"}}}
	for _, no := range []int{0, 2} {
		i := evidence.RowIndex(no, 2)
		b, err := evidence.Encode(d.rows()[i])
		d.must(err)
		row := evidence.RowShown{Row: b, No: no}
		row.SHA256, row.SM3 = evidence.Split(merkle.PathOf(d.hashes(), int(i)))
		r.Show.Rows = append(r.Show.Rows, row)
	}
	return r
}

// step is the leaf of a step with its path.
func (d *desk) step(index int) evidence.EventShown {
	s := evidence.EventShown{Leaf: d.leaves[index], Index: int64(index)}
	s.SHA256, s.SM3 = evidence.Split(merkle.PathOf(d.log(), index))
	return s
}

// consistency proves that the log was only added to, from one size to another.
func (d *desk) consistency(from, to int) evidence.Consistency {
	d.Helper()
	var edge merkle.Edge
	for _, h := range d.log()[:to] {
		edge.Add(h, nil)
	}
	tiles := make(tiles)
	edge.Each(func(id merkle.TileID, t merkle.Tile) { tiles[id] = t })
	path, err := merkle.Consistency(int64(from), int64(to), tiles)
	d.must(err)
	return evidence.Consistency{Old: d.checkpoint(from, d.keys), New: d.checkpoint(to, d.keys), Path: path}
}

type tiles map[merkle.TileID]merkle.Tile

func (t tiles) Tile(id merkle.TileID) (merkle.Tile, error) { return t[id], nil }

// zip is a zip file of names and texts, in turn.
func (d *desk) zip(parts ...string) []byte {
	d.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		d.must(err)
		_, err = w.Write([]byte(parts[i+1]))
		d.must(err)
	}
	d.must(z.Close())
	return b.Bytes()
}

// file is what Marshal made.
func (d *desk) file(text []byte, err error) []byte {
	d.Helper()
	d.must(err)
	return text
}

func (d *desk) write(name string, text []byte) string {
	d.Helper()
	path := filepath.Join(d.dir, name)
	d.must(os.WriteFile(path, text, 0o600))
	return path
}

// run runs the command, and returns what it wrote and its exit code.
func (d *desk) run(args ...string) (out string, code int) {
	d.Helper()
	cmd := verifycmd.New()
	var b strings.Builder
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	cmd.SetOut(&b)
	err := cmd.Execute()
	switch {
	case errors.Is(err, explain.ErrFaults):
		return b.String(), 3
	case errors.Is(err, explain.ErrUsage):
		return b.String() + explain.Speaker{}.Explain(err), 2
	case err != nil:
		return b.String() + explain.Speaker{}.Explain(err), 1
	}
	return b.String(), 0
}

// bomb is a code that unpacks to more than a receipt may have.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, 10_000_000)); err != nil {
		t.Fatal(err)
	}
	z.Close()
	return "DX1/01/01/" + base64.StdEncoding.EncodeToString(b.Bytes())
}
