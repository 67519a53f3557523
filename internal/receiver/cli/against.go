package cli

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
)

func againstFlag(cmd *cobra.Command, list *string) {
	cmd.Flags().StringVar(list, "against", "", "与该`文件`中的清单对照：每件的受理号、SHA-256 等；- 为标准输入")
}

// acceptanceList reads a list of acceptances. Its lines may have any length. Where in is nil there is no list.
type acceptanceList struct {
	name string
	io.Closer
	in *bufio.Reader
	// known is the checkpoint of the evidence log that the file has instead of a list.
	known []evidence.Checkpoint
	note  []byte // of known, as signed
	// trusted are the keys of the evidence log, or nil: then the signatures of its checkpoints are not verified.
	trusted *evidence.Policy
	dec     *jsontext.Decoder
	line    int
}

// openList opens the file that --against names; "" means that there is no list.
func openList(cmd *cobra.Command, name string) (*acceptanceList, error) {
	if f := cmd.Flags().Lookup("against"); f.Changed && name == "" {
		return nil, explain.Usagef("--against 的值为空；不对照时请去掉该参数")
	}
	l := &acceptanceList{name: name, Closer: io.NopCloser(nil)}
	switch name {
	case "":
		return l, nil
	case "-":
		l.name, l.in = "标准输入", bufio.NewReaderSize(cmd.InOrStdin(), 64<<10)
		return l, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	l.Closer, l.in = f, bufio.NewReaderSize(f, 64<<10)
	if head, _ := l.in.Peek(64 << 10); len(head) > 0 {
		if c, err := evidence.UnsignedCheckpoint(head); err == nil {
			l.known, l.note, l.in = []evidence.Checkpoint{c}, bytes.Clone(head), nil
		}
	}
	return l, nil
}

// listBatch is how many acceptances are compared on one snapshot.
const listBatch = 500

// compare compares the whole list with the desk. It returns how many acceptances the list has, and how many of them are
// not in the store as they were accepted.
func (l *acceptanceList) compare(cmd *cobra.Command, desk *intake.Desk, by intake.By,
	report func(verify.Fault)) (listed, lost int64, err error) {
	if l.in == nil {
		return 0, 0, nil
	}
	p := cli.NewProgress(cmd.ErrOrStderr(), "对照清单")
	var listing verify.Listing
	for {
		batch, err := l.read()
		if err != nil {
			return listed, lost, err
		}
		if len(batch) == 0 {
			break
		}
		if err := verify.NewExaminer(desk).Compare(cmd.Context(), by, batch,
			func(f verify.Fault) { lost++; report(f) }); err != nil {
			return listed, lost, explain.Undone("对照清单", err, "")
		}
		for _, a := range batch {
			listing.Add(a)
		}
		listed += int64(len(batch))
		p.At("%s 件", display.Count(listed))
	}
	if listed == 0 {
		return 0, 0, explain.Usagef("%s 中没有一件案件，什么也没有证明", l.name)
	}
	if err := verify.NewExaminer(desk).Unlisted(cmd.Context(), by, &listing,
		func(f verify.Fault) { lost++; report(f) }); err != nil {
		return listed, lost, explain.Undone("对照清单", err, "")
	}
	return listed, lost, nil
}

// read reads up to listBatch acceptances. It returns none at the end of the list.
func (l *acceptanceList) read() (batch []verify.Acceptance, err error) {
	for len(batch) < listBatch {
		a, err := l.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		batch = append(batch, a)
	}
	return batch, nil
}

// next reads one acceptance and skips empty lines. It returns io.EOF at the end of the list.
func (l *acceptanceList) next() (a verify.Acceptance, err error) {
	for {
		l.line++
		line := &lineReader{in: l.in}
		first, err := line.skipSpace()
		if err == errLineEnd && !line.ended {
			continue
		}
		if err == errLineEnd {
			return a, io.EOF
		}
		if err == nil && first == '{' {
			a, err = l.object(line)
		} else if err == nil {
			a, err = words(line)
		}
		if line.failed != nil {
			return a, fmt.Errorf("%s：%w", l.name, line.failed)
		}
		if err != nil {
			return a, explain.Usagef("%s 第 %d 行：%w", l.name, l.line, err)
		}
		return a, nil
	}
}

// object reads {"acceptid":…,"sha256":…} and the other members of case list --json. It skips members with other names,
// whatever their length.
func (l *acceptanceList) object(line *lineReader) (a verify.Acceptance, err error) {
	if l.dec == nil {
		l.dec = jsontext.NewDecoder(line)
	} else {
		l.dec.Reset(line)
	}
	if _, err := l.dec.ReadToken(); err != nil {
		return a, notJSON(err)
	}
	said := map[string]string{}
	for l.dec.PeekKind() == '"' {
		name, err := l.dec.ReadToken()
		if err != nil {
			return a, notJSON(err)
		}
		switch key := name.String(); key {
		case "acceptid", "sha256":
			said[key], err = l.text()
		case "receivedAt", "appKey", "account", "caseid", "state", "revision":
			said[key], err = l.scalar()
		default:
			err = l.dec.SkipValue()
		}
		if err != nil {
			return a, notJSON(err)
		}
	}
	if _, err := l.dec.ReadToken(); err != nil {
		return a, notJSON(err)
	}
	if _, err := l.dec.ReadToken(); err != io.EOF {
		return a, errors.New("一行只能有一个 JSON 对象")
	}
	return besides(said)
}

// besides is an acceptance with the other members of the list, as far as they can be read.
func besides(said map[string]string) (verify.Acceptance, error) {
	a, err := acceptance(said["acceptid"], said["sha256"])
	a.AppKey, a.Account, a.CaseID, a.State = said["appKey"], said["account"], said["caseid"], said["state"]
	if t, bad := time.Parse(time.RFC3339, said["receivedAt"]); bad == nil {
		a.Received = t
	}
	if n, bad := strconv.Atoi(said["revision"]); bad == nil {
		a.Revision = &n
	}
	return a, err
}

// scalar reads a text or a number, and skips any other value.
func (l *acceptanceList) scalar() (string, error) {
	if kind := l.dec.PeekKind(); kind != '"' && kind != '0' {
		return "", l.dec.SkipValue()
	}
	t, err := l.dec.ReadToken()
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

func (l *acceptanceList) text() (string, error) {
	t, err := l.dec.ReadToken()
	if err == nil && t.Kind() != '"' {
		err = errors.New("acceptid 和 sha256 须为文本")
	}
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

func notJSON(err error) error {
	if _, wrong := errors.AsType[*jsontext.SyntacticError](err); wrong || err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("不是完整的 JSON 对象")
	}
	return err
}

// maxWords is the length of a line of two words, with room for blanks.
const maxWords = 1000

// words reads "acceptid sha256".
func words(line *lineReader) (a verify.Acceptance, err error) {
	text, err := io.ReadAll(io.LimitReader(line, maxWords))
	if err != nil {
		return a, err
	}
	fields := strings.Fields(string(text))
	if len(text) == maxWords || len(fields) != 2 {
		return a, errors.New("应为 JSON 对象，或受理号和 SHA-256 两栏")
	}
	return acceptance(fields[0], fields[1])
}

func acceptance(id, sum string) (a verify.Acceptance, err error) {
	if _, ok := acceptid.CaseNo(id); !ok {
		return a, fmt.Errorf("acceptid %q 不是受理号", display.Plain(display.Shorten(id, 60)))
	}
	b, err := hex.DecodeString(sum)
	if err != nil || len(b) != len(a.SHA256) {
		return a, fmt.Errorf("sha256 %q 不是 64 位十六进制数", display.Plain(display.Shorten(sum, 80)))
	}
	a.AcceptID = id
	copy(a.SHA256[:], b)
	return a, nil
}

// lineReader reads to the end of one line.
type lineReader struct {
	in     *bufio.Reader
	over   bool
	ended  bool  // there is no line after it
	failed error // of in
}

func (r *lineReader) Read(p []byte) (int, error) {
	if r.over {
		return 0, io.EOF
	}
	got, err := r.in.Peek(1)
	if len(got) == 0 {
		return 0, r.end(err)
	}
	got, _ = r.in.Peek(min(r.in.Buffered(), len(p)))
	if i := bytes.IndexByte(got, '\n'); i >= 0 {
		r.over = true
		r.in.Discard(copy(p, got[:i]) + 1)
		return i, nil
	}
	return r.in.Discard(copy(p, got))
}

func (r *lineReader) end(err error) error {
	r.over, r.ended = true, true
	if err != io.EOF {
		r.failed = err
	}
	return err
}

var errLineEnd = errors.New("end of line")

// skipSpace returns the first byte of the line that is not a blank, without reading it. It returns errLineEnd where
// there is none.
func (r *lineReader) skipSpace() (byte, error) {
	for {
		b, err := r.in.ReadByte()
		switch {
		case err == io.EOF:
			r.over, r.ended = true, true
			return 0, errLineEnd
		case err != nil:
			return 0, r.end(err)
		case b == '\n':
			return 0, errLineEnd
		case b != ' ' && b != '\t' && b != '\r':
			return b, r.in.UnreadByte()
		}
	}
}

// trust reads the policy in a file, unless name is empty. A known checkpoint must have been signed under it.
func (l *acceptanceList) trust(name string) error {
	if name == "" {
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	p, err := evidence.ParsePolicy(string(text))
	if err != nil {
		return explain.Usagef("信任策略 %s 不能使用；技术原因：%w", name, err)
	}
	if l.note != nil {
		if _, _, err := p.Open(l.note); err != nil {
			return explain.Usagef("%s 的签名不成立，或不是信任策略 %s 中的密钥所签：%w", l.name, name, err)
		}
	}
	l.trusted = &p
	return nil
}
