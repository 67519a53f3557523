package profile

import "strings"

// nearest is the one of the known names that a mistyped name most likely means; "" where none is near.
func nearest(name string, known []string) (best string) {
	least := 3
	for _, k := range known {
		if d := distance([]rune(folded(name)), []rune(folded(k))); d < least && d < len([]rune(k)) {
			best, least = k, d
		}
	}
	return best
}

// folded is a name without case and word marks: appKey, app-key and app_key are one.
func folded(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}

// distance counts the characters to insert, delete or replace to make a into b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ca := range a {
		last := row[0]
		row[0] = i + 1
		for j, cb := range b {
			cost := last
			if ca != cb {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
