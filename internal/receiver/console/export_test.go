package console

import (
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// Anybody marks a route that needs no sign-in.
const Anybody = page.Anybody

// Route is one entry of the route table.
type Route struct {
	Pattern string
	Right   intake.Right
}

// Routes is the route table.
func Routes() (rs []Route) {
	for _, g := range groups(Config{Clock: time.Now}) {
		for _, r := range g.Routes {
			rs = append(rs, Route{r.Pattern, r.Right})
		}
	}
	return rs
}
