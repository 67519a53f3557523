package seal

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/emmansun/gmsm/smx509"
	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/display"
)

// command is a key that is kept elsewhere: in a token with PKCS #11, on a signing server. NAME.command in the folder of
// the keys has the program and its arguments, one a line; NAME.pub is the public key in PEM. The program gets the text
// that is to be signed as its input and answers the signature alone: of Ed25519, 64 bytes; of SM2, in DER, or r and s
// of 32 bytes each, or of 64 as tokens pad them.
type command struct {
	path string // of the file, for errors: an argument may be secret
	args []string
	of   Kind
	pub  []byte // as verifier keys have it
}

// openCommand reads the command in the place of a key. fs.ErrNotExist: there is none.
func openCommand(folder string, kind Kind) (key, error) {
	if kind == MLDSA {
		return nil, fs.ErrNotExist
	}
	path := filepath.Join(folder, fileNames[kind]+".command")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := command{path: path, of: kind}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			c.args = append(c.args, line)
		}
	}
	if len(c.args) == 0 {
		return nil, fmt.Errorf("%s names no program", path)
	}
	if _, err := os.Lstat(filepath.Join(folder, fileNames[kind]+".pem")); err == nil {
		return nil, fmt.Errorf("%s stands beside a private key of the same kind: take one of the two away", path)
	}
	public := filepath.Join(folder, fileNames[kind]+".pub")
	if c.pub, err = readPublic(public, kind); err != nil {
		// Not the error itself: a public key that is missing is no missing command.
		return nil, fmt.Errorf("%s has no public key beside it: %s: %v", path, public, err)
	}
	return c, nil
}

// readPublic reads a public key in PEM.
func readPublic(path string, kind Kind) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, errors.New("not a public key in PEM")
	}
	public, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	switch p := public.(type) {
	case ed25519.PublicKey:
		if kind == Ed25519 {
			return append([]byte{ed25519Type}, p...), nil
		}
	case *ecdsa.PublicKey:
		if kind == SM2 && p.Curve.Params().Name == "sm2p256v1" {
			return sm2Public(p), nil
		}
	}
	return nil, fmt.Errorf("a key of another kind, %T", public)
}

func (c command) kind() Kind     { return c.of }
func (c command) public() []byte { return c.pub }

func (c command) signer(name string) note.Signer {
	return commandSigner{newNamed(name, c.pub), c}
}

// commandSigner signs notes by a command.
type commandSigner struct {
	named
	command
}

// commandTime is how long a command may take for a signature.
const commandTime = 10 * time.Second

// Sign runs the command, and verifies what it answers.
func (s commandSigner) Sign(text []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTime)
	defer cancel()
	out, err := s.run(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	for _, sig := range spellings(s.of, out) {
		if s.verifies(text, sig) {
			return sig, nil
		}
	}
	return nil, fmt.Errorf("%s answered %d bytes, which are no signature by the public key beside it", s.path, len(out))
}

func (s commandSigner) run(ctx context.Context, text []byte) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.args[0], s.args[1:]...)
	cmd.WaitDelay = time.Second
	var out, said bounded
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), &out, &said
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("no signature after %v", commandTime)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s", withoutPath(err), display.Plain(strings.TrimSpace(string(said.b))))
	}
	return out.b, nil
}

// withoutPath is the error of a program without its arguments.
func withoutPath(err error) error {
	var e *exec.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// bounded keeps the first bytes that are written to it.
type bounded struct{ b []byte }

func (b *bounded) Write(p []byte) (int, error) {
	b.b = append(b.b, p[:min(len(p), 1000-len(b.b))]...)
	return len(p), nil
}

// spellings are the signatures that an answer can be.
func spellings(kind Kind, out []byte) [][]byte {
	all := [][]byte{out}
	if n := len(out); kind == SM2 && (n == 64 || n == 128) {
		r, s := new(big.Int).SetBytes(out[:n/2]), new(big.Int).SetBytes(out[n/2:])
		if der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s}); err == nil {
			all = append(all, der)
		}
	}
	return all
}

func (s commandSigner) verifies(text, sig []byte) bool {
	if s.of == Ed25519 {
		return len(sig) == ed25519.SignatureSize && ed25519.Verify(s.pub[1:], text, sig)
	}
	v, err := newSM2Verifier(s.name, s.hash, s.pub)
	return err == nil && v.Verify(text, sig)
}
