package casepack

import (
	"encoding/hex"
	"html/template"
	"io"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/pack"
)

// abouts say what each file has.
var abouts = map[string]string{pack.Receipt: "受理回执：证明受理和其后的办理",
	pack.FactsFile: "案件的事实、报送经过、办理和复核", pack.FirmsFile: "市场主体：报送值、比对结论和主体库登记、核验提示、核对和公示",
	pack.Body: "报送的报文原文", pack.FirmFile: "本案卷所含的户的序号", pack.Audit: "审计记录（不含出具案卷包的记录）",
	pack.Policy: "信任策略（供参考，须另行取得核对）", pack.StampsFile: "时间戳：证明检查点何时已经存在"}

func aboutOf(name string) string {
	if pack.IsSuccession(name) {
		return "更换存证密钥或另起存证日志的说明"
	}
	return abouts[name]
}

// coverData is what the cover says.
type coverData struct {
	Facts      pack.Facts
	Checkpoint evidence.Checkpoint
	Nth        int
	Signed     string
	Files      []coverEntry
}

type coverEntry struct {
	pack.Entry
	About, Sum string
}

// addCover adds the cover with the contents: of the files before it.
func (g *gathering) addCover() error {
	t, err := template.ParseFS(files, pack.Cover)
	if err != nil {
		return err
	}
	d := coverData{g.facts, g.checkpoint, g.c.Revision + 1, pack.Clock(g.checkpoint.At), nil}
	for _, e := range g.w.entries {
		d.Files = append(d.Files, coverEntry{e, aboutOf(e.Name), hex.EncodeToString(e.Sums[merkle.SHA256][:])})
	}
	return g.w.add(pack.Cover, func(to io.Writer) error { return t.Execute(to, d) })
}
