package server

import (
	"strconv"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/httpapi"
)

// observe logs, records and counts a request. It does not log or record a request that is marked as unlogged, so that
// the requests of strangers fill no disk.
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

// record records a call of the interface in the database.
func (s *Server) record(r httpapi.Record) {
	if c, ok := callOf(r); ok {
		s.calls.Add(c)
	}
}

// observePage logs and counts a request at the console. It only counts a request that is marked as unlogged: of
// requests without a session, a limited number is logged.
func (s *Server) observePage(r console.Record) {
	s.metrics.pages.WithLabelValues(strconv.Itoa(r.Status)).Inc()
	if r.Unlogged {
		s.metrics.unlogged.Inc()
		s.metrics.skipped.Add(1)
		return
	}
	logPage(s.Log, r)
}
