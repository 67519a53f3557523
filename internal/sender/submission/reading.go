package submission

import (
	"bytes"
	"context"
	"errors"
	"io"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// reading takes the cases of files through three stages that run beside each other: the file is read and each body
// made, the body is read as the receiver will read it, and take decides. The cases keep their order.
type reading struct {
	box     *outbox.Outbox // nil: nothing is kept
	options sheet.Options
	least   rules.Severity // findings below are only counted
	today   string
	maxBody int64

	checks chan *candidate
	notes  []sheet.Problem // not yet of a case
}

// files reads files one after the other. take gets the cases in groups, in order, and its error ends everything. A
// candidate that has failed is a file that cannot be read on.
func (r *reading) files(ctx context.Context, paths []string, take func([]*candidate) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.checks = make(chan *candidate, 64)
	checked := make(chan *candidate, 64)
	go func() {
		defer close(r.checks)
		for _, path := range paths {
			if err := r.file(ctx, path); err != nil {
				cancel(err)
				return
			}
		}
	}()
	go func() {
		defer close(checked)
		for k := range r.checks {
			if k.read != nil {
				r.check(k)
			}
			checked <- k
		}
	}()
	for k := range checked {
		if err := r.hand(ctx, group(k, checked), take); err != nil {
			cancel(err)
		}
	}
	return context.Cause(ctx)
}

// maxGroup and maxGroupBytes bound the cases that are taken together.
const (
	maxGroup      = 512
	maxGroupBytes = 1 << 20
)

// group adds to k the cases that come after it: as nothing is sent before all files are read, it waits for a full
// group, which costs one sync.
func group(k *candidate, waiting <-chan *candidate) []*candidate {
	ks, n := []*candidate{k}, k.bytes
	for len(ks) < maxGroup && n < maxGroupBytes {
		k, ok := <-waiting
		if !ok {
			return ks
		}
		ks, n = append(ks, k), n+k.bytes
	}
	return ks
}

// hand gives cases to take, unless everything has ended, and forgets the bodies that take has not recorded.
func (r *reading) hand(ctx context.Context, ks []*candidate, take func([]*candidate) error) (err error) {
	defer func() {
		for _, k := range ks {
			if k.body != nil {
				err = errors.Join(err, k.body.Close())
			}
		}
	}()
	if ctx.Err() != nil {
		return nil
	}
	for _, k := range ks {
		if _, ok := errors.AsType[*sheet.Problem](k.failed); k.failed != nil && !ok {
			return k.failed
		}
	}
	return take(ks)
}

// file reads one file.
func (r *reading) file(ctx context.Context, path string) error {
	o := r.options
	r.notes = nil // those of a file that could not be read are not of the next one
	o.Note = func(p sheet.Problem) { r.notes = append(r.notes, p) }
	err := sheet.Read(ctx, path, o, func(c *sheet.Case) error { return r.one(ctx, c) })
	if p, ok := errors.AsType[*sheet.Problem](err); ok {
		return r.pass(ctx, &candidate{failed: p})
	}
	return err
}

// one makes the body of a case.
func (r *reading) one(ctx context.Context, c *sheet.Case) error {
	k := &candidate{
		where:   c.Where,
		text:    c.Case,
		decoded: c.Decoded,
		texts:   c.Texts,
		isTable: c.Body == nil,
		read:    make(chan struct{}),
	}
	k.found.begin(r.least)
	if r.box != nil {
		k.body = r.box.NewBody()
	}
	out := &splitter{ctx: ctx, r: r, k: k}
	err := k.fill(out, c)
	k.takeNotes(r.notes)
	r.notes = nil
	return out.end(err)
}

// takeNotes takes the remarks and doubts that the file has on the case beside its rows.
func (k *candidate) takeNotes(notes []sheet.Problem) {
	for _, p := range notes {
		if p.Held {
			k.doubts = append(k.doubts, p)
		} else {
			k.notes = append(k.notes, p)
		}
	}
}

// fill writes the body of c and takes its list.
func (k *candidate) fill(out io.Writer, c *sheet.Case) error {
	if k.isTable {
		return api.WriteCase(out, c.Case, k.entities(c.List))
	}
	body, err := c.Body()
	if err != nil {
		return err
	}
	_, err = io.Copy(out, body)
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	for e, err := range k.entities(c.List) {
		if err != nil {
			return err
		}
		i, _ := itemOf(k.sample.Column)
		k.found.entity(i, e)
	}
	return nil
}

func (r *reading) pass(ctx context.Context, k *candidate) error {
	select {
	case r.checks <- k:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// check finds out all that is to be known of a case before it is recorded.
func (r *reading) check(k *candidate) {
	var err error
	if k.decoded == nil {
		err = k.decode()
	}
	<-k.read
	if kept := r.keep(k); err == nil {
		err = kept
	}
	if k.failed == nil {
		k.failed = err
	}
	k.found.ofCase(k.decoded.Case, r.today)
	k.conclude(r.maxBody)
}

// decode reads the body as the receiver will.
func (k *candidate) decode() error {
	if k.feed == nil {
		got, err := api.ReadCase(bytes.NewReader(k.small), 0, k.found.entity)
		k.decoded = &got
		return err
	}
	each, end := k.found.apart()
	got, err := api.ReadCase(k.feed, 0, each)
	end()
	k.decoded = &got
	if err == nil {
		_, err = io.Copy(io.Discard, k.feed) // the rest of a text that is no JSON
	}
	return err
}

// keep has the body be in the outbox, not yet recorded.
func (r *reading) keep(k *candidate) error {
	switch {
	case k.stored != nil:
		return <-k.stored
	case r.box == nil:
		return nil
	}
	_, err := k.body.Write(k.small)
	return err
}
