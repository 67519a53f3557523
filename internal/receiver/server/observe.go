package server

import (
	"strconv"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/httpapi"
)

// observe logs, records and counts a request. Of strangers only so many are logged and recorded that they fill no disk.
func (s *Server) observe(r httpapi.Record) {
	s.metrics.observe(r)
	if !r.Unlogged {
		logRequest(s.Log, r)
		s.record(r)
	}
	if s.Observe != nil {
		s.Observe(r)
	}
}

// record keeps a call of the interface.
func (s *Server) record(r httpapi.Record) {
	if c, ok := callOf(r); ok {
		s.calls.Add(c)
	}
}

// observePage logs and counts a request at the console. Of nobody who is signed in only so many are logged.
func (s *Server) observePage(r console.Record) {
	s.metrics.pages.WithLabelValues(strconv.Itoa(r.Status)).Inc()
	if r.Unlogged {
		s.metrics.unlogged.Inc()
		s.metrics.skipped.Add(1)
		return
	}
	logPage(s.Log, r)
}
