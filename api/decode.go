package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of the strict reading of JSON itself (S12). A longer token or more member names than this cannot belong to
// any case within the limits of S15; the bounds keep the memory of one request small whatever it holds.
const (
	maxDepth = 32
	maxToken = 1 << 20
	maxNames = 10000
	maxName  = 1024
)

var (
	errToken = errors.New("token too long")
	bom      = []byte("\xef\xbb\xbf")
	decoders = sync.Pool{New: func() any { return &decoder{dec: jsontext.NewDecoder(strings.NewReader(""))} }}
)

// decoder reads one JSON object strictly. It stops at the first problem of JSON itself, which it keeps in broken;
// problems of members do not stop it.
type decoder struct {
	dec     *jsontext.Decoder
	in      gauge
	scratch []byte
	broken  *Problem
	failed  error // the reader's own error
}

// gauge is the reader under jsontext. It skips one leading byte-order mark and refuses to deliver more than maxToken
// bytes past the last complete token, which bounds the buffer of jsontext.
type gauge struct {
	r       io.Reader
	dec     *jsontext.Decoder
	given   int64
	started bool
	head    []byte
	widest  int64
	window  listWindow
	plain   aside
}

// aside is the part of the input that jsontext never sees: whole items of the list.
type aside struct {
	bytes int64
	items int
}

func (g *gauge) Read(p []byte) (int, error) {
	if !g.started {
		if err := g.start(); err != nil {
			return 0, err
		}
	}
	ahead := g.given - g.dec.InputOffset()
	if g.widest = max(g.widest, ahead); ahead > maxToken {
		return 0, errToken
	}
	if len(g.head) > 0 {
		n := copy(p, g.head)
		g.head, g.given = g.head[n:], g.given+int64(n)
		return n, nil
	}
	n, err := g.next(p)
	g.given += int64(n)
	return n, err
}

// next reads through the window, and past it once the list is over.
func (g *gauge) next(p []byte) (int, error) {
	if g.window.inList && len(g.window.rest) == 0 {
		g.window.more(g.r)
	}
	if n, err, delivered := g.window.deliver(p); delivered {
		return n, err
	}
	if g.window.inList {
		return 0, nil
	}
	return g.r.Read(p)
}

// start reads the first three bytes, whole or to the end of the input.
func (g *gauge) start() error {
	var b [3]byte
	n, err := io.ReadFull(g.r, b[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	g.started = true
	if !bytes.Equal(b[:n], bom) {
		g.head = append(g.head, b[:n]...)
	}
	return nil
}

func newDecoder(r io.Reader) *decoder {
	d := decoders.Get().(*decoder)
	d.in = gauge{r: r, dec: d.dec, head: d.in.head[:0]}
	d.broken, d.failed = nil, nil
	d.dec.Reset(&d.in)
	return d
}

// release gives d back for reuse unless its buffer has grown.
func (d *decoder) release() {
	d.in.window.free()
	if d.in.r = nil; d.in.widest < 64<<10 {
		decoders.Put(d)
	}
}

// stop records why reading cannot go on. The path is where the decoder stands.
func (d *decoder) stop(err error) bool {
	if d.broken != nil || d.failed != nil {
		return false
	}
	var syntax *jsontext.SyntacticError
	path := d.fieldPath(d.dec.StackPointer())
	switch {
	case errors.Is(err, errToken):
		d.broken = &Problem{Code: TooLong, Field: path, Detail: fmt.Sprintf("单个内容超过%d字节", maxToken)}
	case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) && errors.As(err, &syntax):
		got := d.in.given + d.in.plain.bytes
		d.broken = &Problem{Code: InvalidJSON, Field: "", Detail: fmt.Sprintf("正文不完整，共%d字节", got)}
	case errors.As(err, &syntax):
		at := syntax.ByteOffset + d.in.plain.bytes + 1
		d.broken = &Problem{
			Code:   InvalidJSON,
			Field:  d.fieldPath(syntax.JSONPointer),
			Detail: fmt.Sprintf("第%d字节处%s（%s）", at, reason(syntax), brief(syntax.Err.Error())),
		}
	default:
		d.failed = err
	}
	return false
}

// refuse stops at a value that is JSON but not allowed by S12.
func (d *decoder) refuse(why string) bool {
	if d.broken == nil && d.failed == nil {
		d.broken = &Problem{
			Code:   InvalidJSON,
			Field:  d.fieldPath(d.dec.StackPointer()),
			Detail: fmt.Sprintf("第%d字节前%s", d.dec.InputOffset()+d.in.plain.bytes, why),
		}
	}
	return false
}

func reason(err *jsontext.SyntacticError) string {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "成员名重复"
	case errors.Is(err, jsontext.ErrNonStringName):
		return "成员名不是字符串"
	case strings.Contains(err.Err.Error(), "UTF-8"): // only words the hint: jsontext exports no value for it
		return "不是有效的UTF-8；如正文为GBK编码，请在Content-Type声明charset=GBK"
	}
	return "语法错误"
}

// brief keeps a quoted piece of input in an answer short.
func brief(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// fieldPath turns a JSON pointer into the path used in error entries: /penaltylist/3/uniscid → penaltylist[3].uniscid.
// Items that jsontext did not see count.
func (d *decoder) fieldPath(p jsontext.Pointer) string {
	var b strings.Builder
	for t := range p.Tokens() {
		if n, err := strconv.ParseUint(t, 10, 32); err == nil && b.Len() > 0 {
			if b.String() == listMember {
				t = strconv.FormatUint(n+uint64(d.in.plain.items), 10)
			}
			b.WriteString("[" + t + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(t)
	}
	return brief(b.String())
}

// open reads the beginning of the one object a body is.
func (d *decoder) open() bool {
	if k := d.dec.PeekKind(); k != '{' && k != 0 {
		return d.refuse("不是一个对象")
	}
	_, err := d.dec.ReadToken()
	return err == nil || d.stop(err)
}

// end reads the end of the body, after which nothing may stand.
func (d *decoder) end() bool {
	_, err := d.dec.ReadToken()
	if err == io.EOF {
		return true
	}
	if err == nil {
		return d.refuse("对象之后还有内容")
	}
	return d.stop(err)
}

// object reads the members of an object whose '{' was read, up to and with its '}'. It calls value for each name; value
// reads exactly one value. The name is valid until value reads.
func (d *decoder) object(value func(name []byte) bool) bool {
	for n := 0; ; n++ {
		if d.dec.PeekKind() == '}' {
			_, err := d.dec.ReadToken()
			return err == nil || d.stop(err)
		}
		name, ok := d.name()
		if !ok {
			return false
		}
		if n >= maxNames {
			return d.refuse(fmt.Sprintf("一个对象的成员超过%d个", maxNames))
		}
		if !value(name) {
			return false
		}
	}
}

func (d *decoder) name() ([]byte, bool) {
	raw, err := d.dec.ReadValue()
	if err != nil {
		return nil, d.stop(err)
	}
	if len(raw) > maxName {
		return nil, d.refuse(fmt.Sprintf("成员名超过%d字节", maxName))
	}
	return d.unquote(raw)
}

// unquote returns the text of a JSON string, refusing U+0000. The result is valid until the next read or unquote.
func (d *decoder) unquote(raw []byte) ([]byte, bool) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], true
	}
	var err error
	if d.scratch, err = jsontext.AppendUnquote(d.scratch[:0], raw); err != nil {
		return nil, d.stop(err)
	}
	if bytes.IndexByte(d.scratch, 0) >= 0 {
		return nil, d.refuse("含有U+0000")
	}
	return d.scratch, true
}

// skip reads one value of an unknown member under the rules of S12 and forgets it. The stored body keeps it.
func (d *decoder) skip() bool {
	depth := d.dec.StackDepth()
	for names := 0; ; {
		raw := d.dec.PeekKind()
		if err := d.skipToken(raw, &names); err != nil {
			return d.stop(err)
		}
		if d.broken != nil || d.failed != nil {
			return false
		}
		switch {
		case d.dec.StackDepth() > maxDepth:
			return d.refuse(fmt.Sprintf("嵌套超过%d层", maxDepth))
		case d.dec.StackDepth() <= depth:
			return true
		case names > maxNames:
			return d.refuse(fmt.Sprintf("未知成员含有超过%d个名称", maxNames))
		}
	}
}

func (d *decoder) skipToken(k jsontext.Kind, names *int) error {
	if k != '"' {
		_, err := d.dec.ReadToken()
		return err
	}
	kind, n := d.dec.StackIndex(d.dec.StackDepth())
	isName := kind == '{' && n%2 == 0
	raw, err := d.dec.ReadValue()
	if err != nil {
		return err
	}
	if isName {
		*names++
		if len(raw) > maxName {
			d.refuse(fmt.Sprintf("成员名超过%d字节", maxName))
		}
	}
	d.unquote(raw)
	return nil
}

// text reads the value of a member that the document defines as a String. A problem of the member is returned, not a
// failure; the text is valid until the next read.
func (d *decoder) text(m member, path string) (text []byte, p *Problem, ok bool) {
	switch k := d.dec.PeekKind(); k {
	case '"':
		raw, err := d.dec.ReadValue()
		if err != nil {
			return nil, nil, d.stop(err)
		}
		if text, ok = d.unquote(raw); !ok {
			return nil, nil, false
		}
		return text, m.check(text, path), true
	case 'n':
		_, err := d.dec.ReadToken()
		return nil, &Problem{Code: m.empty, Field: path}, err == nil || d.stop(err)
	case 0:
		_, err := d.dec.ReadToken()
		return nil, nil, d.stop(err)
	default:
		return nil, &Problem{Code: WrongType, Field: path, Detail: "应为字符串，实为" + kindName(k)}, d.skip()
	}
}

// check applies what the document and S9, S14, S15 say of one text.
func (m member) check(text []byte, path string) *Problem {
	switch {
	case Blank(text):
		return &Problem{Code: m.empty, Field: path, Detail: blankDetail(text)}
	case m.empty == EmptyPenaltyDate && !isDate(text):
		return actual(InvalidDate, path, text)
	case len(text) > m.limit && utf8.RuneCount(text) > m.limit:
		return &Problem{Code: TooLong, Field: path, Detail: fmt.Sprintf("%d个字符，上限%d", utf8.RuneCount(text), m.limit)}
	}
	return nil
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "对象"
	case '[':
		return "数组"
	case '0':
		return "数字"
	case 't', 'f':
		return "布尔值"
	case '"':
		return "字符串"
	}
	return "null"
}
