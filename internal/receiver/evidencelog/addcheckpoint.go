package evidencelog

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
)

// conflict: the witness has another size of the log than the one that was said.
type conflict struct{ size int64 }

func (c conflict) Error() string { return fmt.Sprintf("the witness has the log at size %d", c.size) }

// refusal is any other answer than a cosignature.
type refusal struct {
	status int
	said   string
}

func (r refusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.said) }

// answerTime is how long a witness may take.
const answerTime = 10 * time.Second

// addCheckpoint asks a witness for its cosignature of a checkpoint (c2sp.org/tlog-witness), of which it has the log at
// size old. It returns the line of the signature, verified. The error is a conflict, a refusal or of the network.
func addCheckpoint(
	ctx context.Context, client *http.Client, w evidence.Witness, old int64, proof []merkle.Pair, signed []byte,
) (line string, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	address, err := url.JoinPath(w.URL, "add-checkpoint")
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(request(old, proof, signed)))
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return "", err
	}
	switch size, err := strconv.ParseInt(strings.TrimSpace(string(said)), 10, 64); {
	case resp.StatusCode == http.StatusOK:
		return cosignatureIn(w, signed, said)
	case resp.StatusCode == http.StatusConflict && err == nil:
		return "", conflict{size}
	}
	return "", refusal{resp.StatusCode, display.Plain(string(said[:min(len(said), 200)]))}
}

// request is the body of add-checkpoint.
func request(old int64, proof []merkle.Pair, signed []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", old)
	for _, h := range proof {
		fmt.Fprintln(&b, base64.StdEncoding.EncodeToString(h[merkle.SHA256][:]))
	}
	return append(append(b.Bytes(), '\n'), signed...)
}

// cosignatureIn is the signature of a witness among lines that it answered.
func cosignatureIn(w evidence.Witness, signed, lines []byte) (string, error) {
	n, err := note.Open(append(bytes.Clone(signed), lines...), note.VerifierList(w))
	if err != nil {
		return "", fmt.Errorf("the answer of the witness has no valid signature by its key: %w", err)
	}
	return fmt.Sprintf("— %s %s\n", n.Sigs[0].Name, n.Sigs[0].Base64), nil
}
