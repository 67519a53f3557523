package casepack

import (
	"encoding/hex"
	"html/template"
	"io"
)

// abouts say what each file has.
var abouts = map[string]string{receiptFile: "受理回执：证明受理和其后的办理", factsFile: "案件的事实、报送经过、办理和复核",
	firmsFile: "市场主体：报送值、比对结论和主体库登记、核验提示、核对和公示", bodyFile: "报送的报文原文", "firm": "本案卷所含的户的序号",
	auditFile: "审计记录", policyFile: "信任策略（供参考，须另行取得核对）"}

// coverData is what the cover says.
type coverData struct {
	Facts  *facts
	Nth    int
	Signed string
	Files  []coverEntry
}

type coverEntry struct {
	Entry
	About, Sum string
}

// addCover adds the cover with the contents: of the files before it.
func (g *gathering) addCover() error {
	t, err := template.ParseFS(files, coverFile)
	if err != nil {
		return err
	}
	d := coverData{Facts: &g.facts, Nth: g.c.Revision + 1, Signed: clock(g.facts.Checkpoint.At)}
	for _, e := range g.w.entries {
		d.Files = append(d.Files, coverEntry{e, abouts[e.Name], hex.EncodeToString(e.SHA256[:])})
	}
	return g.w.add(coverFile, func(to io.Writer) error { return t.Execute(to, d) })
}
