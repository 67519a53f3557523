package cases

import (
	"strings"

	"diaoxiao/internal/receiver/casework"
)

// stateText is the state of a firm in words, with its publication; "" where it is not known.
func stateText(f casework.FirmState) string {
	switch {
	case f.State == 0:
		return ""
	case f.Published != "":
		return f.State.String() + "（" + f.Published + "公示）"
	}
	return f.State.String()
}

// holdsText are the reasons for which a firm is held.
func holdsText(f casework.FirmState) string {
	titles := f.Holds.Titles()
	if f.Alarmed {
		titles = append(titles, "放行后有新的疑点")
	}
	return strings.Join(titles, "、")
}
