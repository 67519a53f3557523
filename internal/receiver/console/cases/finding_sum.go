package cases

import (
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/console/page"
)

// foundSum is what is said of one firm in a line: how many findings of each severity, and their titles.
type foundSum struct {
	Tags   []page.Tag
	Titles string
	All    string // every finding with its details, for the title of the line
}

// sumOf sums up findings, which are in the order of their severities.
func sumOf(found []foundOne) (s foundSum) {
	var titles, all []string
	for i := 0; i < len(found); {
		n := 1
		for i+n < len(found) && found[i+n].severity == found[i].severity {
			n++
		}
		s.Tags = append(s.Tags, page.Tag{Class: found[i].Class, Text: found[i].Severity + strconv.Itoa(n)})
		i += n
	}
	for _, f := range found {
		titles, all = append(titles, f.Title), append(all, f.Severity+"："+f.Text)
	}
	s.Titles, s.All = strings.Join(titles, "；"), strings.Join(all, "\n")
	return s
}
