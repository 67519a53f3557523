package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diaoxiao/api"
)

// S22: whatever the counts are, they are read as they were told, in every dialect, beside the reason of a return.
func TestFirmCountsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SliceOfN(rapid.IntRange(0, 500_000), 7, 7).Draw(t, "n")
		want := &api.FirmCounts{Pending: n[0], Ready: n[1], Held: n[2], Released: n[3], Withheld: n[4], Returned: n[5],
			Published: n[6]}
		a := returnedAnswer(rapid.IntRange(0, 3).Draw(t, "rows"))
		a.Status.Firms = want
		text := rapid.SampledFrom(api.Dialects()).Draw(t, "dialect").Append(nil, a)
		got, err := api.ReadAnswer(text, api.Query)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(a.Status, got.Status); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	})
}

// A receiver need not have the counts; one that has them wrong has not answered.
func TestFirmCountsAreReadStrictly(t *testing.T) {
	const head = `{"ackCode":"SUCCESS","errors":[],"acceptid":"1","state":"已核验","items":3`
	for rest, good := range map[string]bool{
		"":                                    true,
		`,"firmCounts":null`:                  true,
		`,"firmCounts":{}`:                    true,
		`,"firmCounts":{"held":3,"more":"x"}`: true,
		`,"firmCounts":{"held":"3"}`:          false,
		`,"firmCounts":{"held":-1}`:           false,
		`,"firmCounts":{"held":1.5}`:          false,
		`,"firmCounts":[3]`:                   false,
		`,"firmCounts":3`:                     false,
	} {
		if a, err := api.ReadAnswer([]byte(head+rest+"}"), api.Query); (err == nil) != good {
			t.Errorf("%s: %+v %v", rest, a.Status, err)
		}
	}
}
