package evidence

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// Leaves and rows that write themselves write the bytes that the marshaller and the canonical form of any JSON give,
// and refuse the same texts.
func TestCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, leaf := range []canonical{anyFirm().Draw(t, "firm"), anyTexts().Draw(t, "texts"),
			anyCase().Draw(t, "case")} {
			direct, err1 := Encode(leaf)
			general, err2 := encode(leaf)
			if (err1 == nil) != (err2 == nil) || err1 == nil && !bytes.Equal(direct, general) {
				t.Fatalf("%T: %s (%v), not %s (%v)", leaf, direct, err1, general, err2)
			}
		}
	})
}

// anyText has controls, quotes, characters beyond the first plane, and bytes that are no UTF-8.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("\x00\x1f\"\\/<>&\u2028\u2029\x7f𠮷汉a"))),
		rapid.Just("\xff"))
}

func anyHex(t *rapid.T) Hex {
	return Hex(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
}

func anyFirm() *rapid.Generator[FirmRow] {
	return rapid.Custom(func(t *rapid.T) FirmRow {
		s := anyText()
		return FirmRow{anyHex(t), s.Draw(t, "acceptid"), rapid.IntRange(0, 1e6).Draw(t, "row"), s.Draw(t, "pripid"),
			s.Draw(t, "uniscid"), s.Draw(t, "legal"), s.Draw(t, "enttype")}
	})
}

func anyTexts() *rapid.Generator[TextsRow] {
	return rapid.Custom(func(t *rapid.T) (r TextsRow) {
		r.Salt = anyHex(t)
		for _, s := range []*string{&r.AcceptID, &r.CaseID, &r.CaseName, &r.CaseIntroduction, &r.Illegality, &r.Penalty,
			&r.PenaltyDate, &r.PenaltyOrg} {
			*s = anyText().Draw(t, "text")
		}
		return r
	})
}

func anyCase() *rapid.Generator[CaseLeaf] {
	return rapid.Custom(func(t *rapid.T) CaseLeaf {
		number := rapid.Int64Range(-1<<53, 1<<53)
		l := CaseLeaf{Kind: KindCase, CaseNo: number.Draw(t, "no"), Received: number.Draw(t, "received"),
			Revision: rapid.IntRange(0, 1<<53).Draw(t, "revision"),
			Bytes:    number.Draw(t, "bytes"), Items: rapid.IntRange(0, 1e6).Draw(t, "items"),
			Body: Digests{anyHex(t), anyHex(t)}, Values: anyHex(t), Rows: Digests{anyHex(t), anyHex(t)}}
		for _, s := range []*string{&l.AcceptID, &l.CaseID, &l.Supersedes, &l.App, &l.Account, &l.Charset,
			&l.RequestID} {
			*s = anyText().Draw(t, "text")
		}
		return l
	})
}
