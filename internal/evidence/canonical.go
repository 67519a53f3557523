package evidence

import (
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// canonical are the leaves and rows that there are most of. They write themselves: a marshaller and a second pass that
// sorts the members take six times as long, which at full load is a third of the work of the signer.
type canonical interface{ appendTo(*object) }

// object writes a JSON object in the form of RFC 8785. Its members are added in the order of their names.
type object struct {
	b   []byte
	err error // the first
}

func (o *object) name(n string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(o.b, '"')
	o.b = append(append(o.b, n...), '"', ':')
}

func (o *object) text(name, value string) {
	o.name(name)
	b, err := jsontext.AppendQuote(o.b, value)
	o.b, o.err = b, errors.Join(o.err, err)
}

func (o *object) number(name string, value int64) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, value, 10)
}

func (o *object) hash(name string, h Hex) {
	o.name(name)
	o.b = append(hex.AppendEncode(append(o.b, '"'), h[:]), '"')
}

func (o *object) digests(name string, d Digests) {
	o.name(name)
	o.b = append(o.b, '{')
	o.hash("sha256", d.SHA256)
	o.hash("sm3", d.SM3)
	o.b = append(o.b, '}')
}

// encodeDirectly is Encode of a leaf that writes itself.
func encodeDirectly(leaf canonical) ([]byte, error) {
	o := object{b: append(make([]byte, 0, 512), '{')}
	leaf.appendTo(&o)
	return append(o.b, '}'), o.err
}

func (r FirmRow) appendTo(o *object) {
	o.text("acceptid", r.AcceptID)
	o.text("enttype", r.EntType)
	o.text("legal", r.Legal)
	o.text("pripid", r.PripID)
	o.number("row", int64(r.Row))
	o.hash("salt", r.Salt)
	o.text("uniscid", r.UniscID)
}

func (r TextsRow) appendTo(o *object) {
	o.text("acceptid", r.AcceptID)
	o.text("caseid", r.CaseID)
	o.text("caseintroduction", r.CaseIntroduction)
	o.text("casename", r.CaseName)
	o.text("illegality", r.Illegality)
	o.text("penalty", r.Penalty)
	o.text("penaltydate", r.PenaltyDate)
	o.text("penaltyorg", r.PenaltyOrg)
	o.number("row", int64(r.Row))
	o.hash("salt", r.Salt)
}

func (l CaseLeaf) appendTo(o *object) {
	o.text("acceptid", l.AcceptID)
	o.text("account", l.Account)
	o.text("app", l.App)
	o.digests("body", l.Body)
	o.number("bytes", l.Bytes)
	o.text("caseid", l.CaseID)
	o.number("caseno", l.CaseNo)
	o.text("charset", l.Charset)
	o.number("items", int64(l.Items))
	o.text("kind", string(l.Kind))
	o.number("received", l.Received)
	o.text("requestid", l.RequestID)
	o.number("revision", int64(l.Revision))
	o.digests("rows", l.Rows)
	o.text("supersedes", l.Supersedes)
	o.hash("values", l.Values)
}
