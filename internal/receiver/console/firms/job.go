package firms

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"sync"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/registrar"
)

// Config is what the import needs of the program around it.
type Config struct {
	Spool      string // the folder of uploaded files; "": that of the system
	Background func(func(context.Context))
	Clock      func() time.Time
}

// depot has the one import of this process, from its upload on. A restart of the server forgets it, and its files,
// which have no names, are gone.
type depot struct {
	Config
	mu  sync.Mutex
	job *job // the last one; nil: none since the start
}

// stage is how far an import has come.
type stage int

const (
	trying    stage = iota + 1 // the files are read for the dry run
	tried                      // the dry run is to be looked at
	importing                  // the files are taken in
	imported                   // the snapshot is the current one
	failed                     // nothing was taken in
)

// job is one import: the dry run, and after consent the import itself.
type job struct {
	id    string
	by    intake.Officer
	began time.Time
	order registrar.Order
	files []*os.File

	mu       sync.Mutex
	stage    stage
	since    time.Time
	progress extract.Progress
	preview  registrar.Preview
	made     register.Snapshot
	err      error
	stop     context.CancelFunc
}

// seen is what a page shows of a job, at one moment.
type seen struct {
	Stage    stage
	Since    time.Time
	Progress extract.Progress
	Preview  registrar.Preview
	Made     register.Snapshot
	Err      error
}

func (j *job) seen() seen {
	j.mu.Lock()
	defer j.mu.Unlock()
	return seen{j.stage, j.since, j.progress, j.preview, j.made, j.err}
}

// busy reports whether the job is at work.
func (j *job) busy() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.stage == trying || j.stage == importing
}

// errBusy: one import at a time.
var errBusy = intake.Exists("另一次导入正在进行，请等它结束，或者取消它")

// begin takes the place of the last job, unless that one is at work.
func (d *depot) begin(j *job) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.job != nil {
		if d.job.busy() {
			return errBusy
		}
		d.job.drop()
	}
	j.id, j.began, j.stage = rand.Text(), d.Clock(), trying
	d.job = j
	return nil
}

// current is the last job, nil where there is none.
func (d *depot) current() *job {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.job
}

// named is the job with an id; ErrNotFound: the server has started since, or another job took its place.
func (d *depot) named(id string) (*job, error) {
	if j := d.current(); j != nil && j.id == id {
		return j, nil
	}
	return nil, intake.ErrNotFound
}

// run does a step of the job in the background.
func (d *depot) run(q *page.Request, j *job, s stage, step func(context.Context) error) {
	log := q.Log
	started := make(chan struct{})
	d.Background(func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		j.mu.Lock()
		j.stage, j.since, j.stop, j.err, j.progress = s, d.Clock(), cancel, nil, extract.Progress{}
		j.mu.Unlock()
		close(started)
		err := step(ctx)
		if err != nil && ctx.Err() != nil {
			err = errStopped
		}
		if err != nil && reason(err) == internalError {
			log.Error("register import", "err", err)
		}
		j.ended(d.Clock(), err)
	})
	<-started
}

// errStopped: somebody cancelled the import, or the server stops.
var errStopped = errors.New("导入已取消，主体库没有改变")

// ended notes how a step ended. The files stay only where an import may follow.
func (j *job) ended(now time.Time, err error) {
	j.mu.Lock()
	j.since, j.err = now, err
	switch {
	case err != nil:
		j.stage = failed
	case j.stage == trying:
		j.stage = tried
	default:
		j.stage = imported
	}
	over := j.stage != tried
	j.mu.Unlock()
	if over {
		j.drop()
	}
}

// drop gives the files up. Safe to repeat.
func (j *job) drop() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range j.files {
		f.Close()
		os.Remove(f.Name()) // where an open file could not be removed
	}
	j.files = nil
}

// advanced notes how far the step has come.
func (j *job) advanced(p extract.Progress) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.progress = p
}

// try reads the files for the dry run, with every consent: what needs one is asked for afterwards.
func (d *depot) try(q *page.Request, j *job) {
	reg := q.Register
	d.run(q, j, trying, func(ctx context.Context) error {
		o := j.order
		o.Fewer, o.Older, o.Progress = true, true, j.advanced
		p, err := reg.DryRun(ctx, j.by, o)
		j.mu.Lock()
		j.preview = p
		j.mu.Unlock()
		return err
	})
}

// take imports the files.
func (d *depot) take(q *page.Request, j *job, o registrar.Order) {
	reg := q.Register
	d.run(q, j, importing, func(ctx context.Context) error {
		o.Progress = j.advanced
		s, err := reg.Import(ctx, j.by, o)
		j.mu.Lock()
		j.made = s
		j.mu.Unlock()
		return err
	})
}
