package server

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"diaoxiao/internal/evidence/seal"
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
	keys, err := seal.Load(c.EvidenceKeys, passphrase)
	if err != nil {
		return nil, fmt.Errorf("存证密钥不能使用（evidence_keys）：%w", err)
	}
	return evidencelog.NewSigner(d, log, evidencelog.KeysOf(keys), evidencelog.NewMemory(c.EvidenceKeys)), nil
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
