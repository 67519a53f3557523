package release

// names are those of numbers that begin with 1: a code for programs and a title in Chinese for people.
type names []struct{ code, title string }

func (ns names) title(n int8) string {
	if n < 1 || int(n) > len(ns) {
		return "未知"
	}
	return ns[n-1].title
}

func (ns names) code(n int8) string {
	if n < 1 || int(n) > len(ns) {
		return ""
	}
	return ns[n-1].code
}

// called is the number with that code; 0: there is none.
func (ns names) called(code string) int8 {
	for i, n := range ns {
		if n.code == code {
			return int8(i + 1)
		}
	}
	return 0
}
