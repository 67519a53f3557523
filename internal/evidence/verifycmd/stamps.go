package verifycmd

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/emmansun/gmsm/smx509"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/explain"
)

// stamping are the settings of time-stamps: their file, the roots that are trusted, and what is broken.
type stamping struct {
	file, ca string
	broken   []string
}

func (s *stamping) flags(f *pflag.FlagSet) {
	f.StringVar(&s.file, "stamps", "", "时间戳的`文件`（diaoxiao evidence stamps 所写）：一并证明回执的检查点何时已经存在")
	f.StringVar(&s.ca, "tsa-ca", "", "所信任的时间戳机构的根证书`文件`（PEM），可有多个，包括以前的")
	f.StringSliceVar(&s.broken, "broken", nil,
		"不再可靠的`算法=日期`，以逗号分隔，如 SHA-256=2040-01-01；算法为 "+strings.Join(stamp.Names(), "、"))
}

// stamps are what the settings name, read; nil where they name no file.
type stamps struct {
	evidence.Stamps
	roots  *smx509.CertPool
	broken stamp.Broken
}

func (s *stamping) read() (*stamps, error) {
	if s.file == "" {
		if s.ca != "" || s.broken != nil {
			return nil, explain.Usagef("--tsa-ca 和 --broken 须与 --stamps 一起给出")
		}
		return nil, nil
	}
	if s.ca == "" {
		return nil, explain.Usagef("--stamps 须与 --tsa-ca（所信任的时间戳机构的根证书）一起给出")
	}
	file, err := os.ReadFile(s.file)
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(s.ca)
	if err != nil {
		return nil, explain.BadUsage(err)
	}
	var of stamps
	if of.Stamps, err = evidence.ParseStamps(file); err != nil {
		return nil, explain.Usagef("%s 不是时间戳的文件，或已损坏；技术原因：%s", s.file, causeOf(err))
	}
	if of.roots, err = stamp.Roots(pem); err != nil {
		return nil, explain.Usagef("%s 中没有 PEM 格式的证书", s.ca)
	}
	of.broken, err = parseBroken(s.broken)
	return &of, err
}

// parseBroken reads SHA-256=2040-01-01: from that day on, in Beijing.
func parseBroken(texts []string) (stamp.Broken, error) {
	b := make(stamp.Broken)
	for _, text := range texts {
		name, date, _ := strings.Cut(text, "=")
		since, err := time.ParseInLocation(time.DateOnly, date, time.FixedZone("", 8*60*60))
		if err != nil || !slices.Contains(stamp.Names(), name) {
			return nil, explain.Usagef("--broken %q：应为算法=日期，如 SHA-256=2040-01-01；算法为 %s", text,
				strings.Join(stamp.Names(), "、"))
		}
		b[name] = since
	}
	return b, nil
}

// prove proves when the checkpoint of a receipt existed.
func (s *stamps) prove(v *evidence.Proved) error {
	if s == nil {
		return nil
	}
	all, err := s.Verify(v.Checkpoint, s.roots, s.broken, time.Now())
	if err != nil {
		return err
	}
	first, last := all[0], all[len(all)-1]
	v.Existed = &evidence.Existed{At: first.Time, By: first.Authority(), Renewals: len(all) - 1, Renewed: last.Time,
		Until: last.Until()}
	return nil
}

// existedWords say when the checkpoint existed.
func existedWords(e evidence.Existed) string {
	text := fmt.Sprintf("时间戳：本检查点在 %s 已经存在（%s）", cli.Beijing(e.At), display.Plain(e.By))
	if e.Renewals > 0 {
		text += fmt.Sprintf("；其后续期 %d 次，最后一次在 %s", e.Renewals, cli.Beijing(e.Renewed))
	}
	return text + fmt.Sprintf("；证书有效至 %s", cli.Beijing(e.Until))
}
