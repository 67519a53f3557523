package server

import (
	"fmt"
	"net/http"
)

// readyz is 503 while stopping and while nothing is acknowledged.
func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) {
	switch err := s.store.Ready(); {
	case s.draining.Load():
		http.Error(w, "正在停止：不再接收新的请求，应答完已接收的即退出", http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, standing(err), http.StatusServiceUnavailable)
	default:
		fmt.Fprintf(w, "ok\ndurability=%s\n", s.store.InForce())
		if s.room.low.Load() {
			fmt.Fprintf(w, "磁盘剩余 %s\n", s.room.words())
		}
	}
}

// ready reports whether readyz is 200.
func (s *Server) ready() bool { return !s.draining.Load() && s.store.Ready() == nil }
