package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

// ground (场地) is the real receiver over a store in a folder of its own: desk, verifier, evidence log and front door.
type ground struct {
	dir    string
	store  *store.Store
	desk   *intake.Desk
	public *http.Server // the front door with its limits; not listening
	cancel context.CancelFunc
	after  sync.WaitGroup // the verifier and the signer
}

// openGround opens a receiver in a new folder below that of the sandbox, with one app for each dialect. The same seed
// makes the same appKeys and appSecrets; tokens are drawn by chance always.
func (s *Server) openGround(ctx context.Context) (_ *ground, _ []App, err error) {
	g := &ground{}
	if g.dir, err = os.MkdirTemp(s.dir, "ground-"); err != nil {
		return nil, nil, err
	}
	if g.store, err = store.Open(ctx, filepath.Join(g.dir, "data"), store.Options{Server: true}); err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(g.dir))
	}
	apps, err := admit(ctx, g.store, s.Seed, s.Accounts)
	if err != nil {
		return nil, nil, errors.Join(err, g.store.Close(), os.RemoveAll(g.dir))
	}
	g.desk = intake.NewDesk(intake.Config{Store: g.store})
	g.public = httpapi.Server(httpapi.Config{Desk: g.desk, Log: s.log})
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	g.cancel = cancel
	verifier := verify.New(g.desk, s.log)
	signer := evidencelog.NewSigner(g.desk, s.log, evidencelog.KeysOf(s.keys), evidencelog.NewMemory(g.dir))
	g.after.Go(func() { verifier.Run(background) })
	g.after.Go(func() { signer.Run(background) })
	return g, apps, nil
}

// close ends the verifier and the signer and removes everything.
func (g *ground) close() error {
	g.cancel()
	g.after.Wait()
	return errors.Join(g.store.Close(), os.RemoveAll(g.dir))
}

// App is one application (接入应用) of a sandbox: all of them have the same accounts.
type App struct {
	Dialect   api.Dialect `json:"dialect"`
	AppKey    string      `json:"appKey"`
	AppSecret string      `json:"appSecret"`
}

// admit creates the apps, with a desk whose chance is the seed's.
func admit(ctx context.Context, s *store.Store, seed uint64, accounts []string) (apps []App, err error) {
	desk := intake.NewDesk(intake.Config{Store: s, Entropy: entropy(seed)})
	for _, d := range api.Dialects() {
		c, err := desk.CreateApp(
			ctx,
			intake.Actor("sandbox"),
			intake.AppSpec{Name: "沙箱 " + string(d), Dialect: d, Accounts: accounts},
		)
		if err != nil {
			return nil, err
		}
		apps = append(apps, App{d, c.AppKey, c.AppSecret})
	}
	return apps, nil
}

func entropy(seed uint64) io.Reader {
	return rand.NewChaCha8(sha256.Sum256(binary.BigEndian.AppendUint64([]byte("diaoxiao sandbox "), seed)))
}
