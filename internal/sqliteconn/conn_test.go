package sqliteconn

import "testing"

// Parameters that could be bound to the wrong value are refused before anything runs.
func TestRebind(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"SELECT 1":                   "SELECT 1",
		"a = $1 AND b = $2 OR c=$3)": "a = ? AND b = ? OR c=?)",
		"$1$2$3$4$5$6$7$8$9$10$11":   "???????????",
	} {
		if got := rebind(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
	for _, wrong := range []string{"$2", "$1 $1", "$1 $3", "$", "$10", "$x"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q passed", wrong)
				}
			}()
			rebind(wrong)
		}()
	}
}
