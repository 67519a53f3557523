package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
)

// openSigner opens the keys of the evidence log; nil where the settings name none.
func openSigner(d *intake.Desk, log *slog.Logger, c *config.Settings) (*evidencelog.Signer, error) {
	if c.EvidenceKeys == "" {
		return nil, nil
	}
	passphrase, err := ReadPassphrase(c.EvidencePassphrase)
	if err != nil {
		return nil, err
	}
	keys, err := seal.LoadAll(c.EvidenceKeys, passphrase)
	if err != nil {
		return nil, fmt.Errorf("存证密钥不能使用（evidence_keys）：%w", err)
	}
	return evidencelog.NewSigner(d, log, evidencelog.KeysOf(keys...), evidencelog.NewMemory(c.EvidenceKeys)), nil
}

// openWitnesses are the witnesses that the policy beside the keys of the evidence log names; none where there is none.
func openWitnesses(d *intake.Desk, log *slog.Logger, c *config.Settings) (*evidencelog.Witnesses, error) {
	if c.EvidenceKeys == "" {
		return evidencelog.NewWitnesses(d, log, nil), nil
	}
	path := policyIn(c.EvidenceKeys)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return evidencelog.NewWitnesses(d, log, nil), nil
	}
	if err != nil {
		return nil, err
	}
	p, err := evidence.ParsePolicy(string(text))
	if err != nil {
		return nil, fmt.Errorf("信任策略 %s 不能使用；技术原因：%w", path, err)
	}
	return evidencelog.NewWitnesses(d, log, p.Witnesses()), nil
}

// policyIn is the trust policy in a folder of keys.
func policyIn(folder string) string { return filepath.Join(folder, "policy.txt") }

// trustPolicy reads the trust policy in a folder of keys, which may be replaced while the server runs; nil: there is no
// such folder.
func trustPolicy(folder string) func() ([]byte, error) {
	if folder == "" {
		return nil
	}
	return func() ([]byte, error) { return os.ReadFile(policyIn(folder)) }
}

// witnessFigures are those of the witnesses of the evidence log.
func witnessFigures(w *evidencelog.Witnesses) (all []prometheus.Collector) {
	for i, s := range w.States() {
		gauge := func(name, help string, f func(evidencelog.WitnessState) float64) {
			all = append(all, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help,
				ConstLabels: prometheus.Labels{"witness": s.Title}},
				func() float64 { return f(w.States()[i]) }))
		}
		gauge("diaoxiao_evidence_witness_size", "Leaves of the last checkpoint that the witness cosigned.",
			func(s evidencelog.WitnessState) float64 { return float64(s.Size) })
		gauge("diaoxiao_evidence_witness_failed", "1 while the witness does not sign.",
			func(s evidencelog.WitnessState) float64 { return oneIf(s.Err != nil) })
		gauge("diaoxiao_evidence_witness_refused", "1 while the witness has another history of the evidence log.",
			func(s evidencelog.WitnessState) float64 { return oneIf(s.Refused()) })
	}
	return all
}

// openStamper is what has checkpoints stamped; nil where the settings name no authority.
func openStamper(d *intake.Desk, log *slog.Logger, c *config.Settings) (*evidencelog.Stamper, error) {
	if len(c.StampURLs) == 0 {
		return nil, nil
	}
	of, err := Authorities(c)
	if err != nil {
		return nil, err
	}
	return evidencelog.NewStamper(d, log, of, nil), nil
}

// Authorities are the time-stamp authorities of the settings, with their roots.
func Authorities(c *config.Settings) (of evidencelog.Authorities, err error) {
	pem, err := os.ReadFile(c.StampCA)
	if err != nil {
		return of, fmt.Errorf("时间戳机构的根证书不能使用（stamp_ca）：%w", err)
	}
	of = evidencelog.Authorities{URLs: c.StampURLs, Every: c.StampEvery}
	if c.StampHash == "sm3" {
		of.Suite = merkle.SM3
	}
	if of.Roots, err = stamp.Roots(pem); err != nil {
		return of, fmt.Errorf("%s 不能使用（stamp_ca）：%w", c.StampCA, err)
	}
	return of, nil
}

// ReadPassphrase reads the first line of a file.
func ReadPassphrase(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line = strings.TrimRight(line, "\r"); line == "" {
		return "", fmt.Errorf("%s：第一行为空，应为存证密钥的口令", path)
	}
	return line, nil
}

// signEvidence signs what comes in until ctx ends, and then what came in last: after a stop nothing is unsigned.
func (s *Server) signEvidence(ctx context.Context) {
	if s.signer == nil {
		return
	}
	s.signer.Run(ctx)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCheckpoint)
	defer cancel()
	if err := s.signer.Pass(last); err != nil {
		s.Log.Error("evidence: the last checkpoint was not signed", "err", err)
	}
}

// lastCheckpoint is how long a stop waits for it.
const lastCheckpoint = 5 * time.Second

// stampEvidence has checkpoints stamped until ctx ends.
func (s *Server) stampEvidence(ctx context.Context) {
	if s.stamper != nil {
		s.stamper.Run(ctx)
	}
}
