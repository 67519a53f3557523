package server

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Stop answers the requests that were taken in, and closes everything.
func (s *Server) Stop() error {
	began := time.Now()
	s.draining.Store(true)
	s.Log.Info("stopping", "delay", s.Settings.ShutdownDelay.String())
	time.Sleep(s.Settings.ShutdownDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.Settings.ShutdownWait)
	defer cancel()
	err := s.public.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("等待 %s 后仍有请求没有应答完，已断开：%w", s.Settings.ShutdownWait, err), s.public.Close())
	}
	if s.pages != nil {
		if late := s.pages.Shutdown(ctx); late != nil {
			err = errors.Join(err, s.pages.Close())
		}
	}
	s.cancel()
	s.workers.Wait()
	if s.ops != nil {
		err = errors.Join(err, s.ops.Close())
	}
	err = errors.Join(err, s.store.Close())
	s.Log.Info("stopped", "took", time.Since(began).Round(time.Millisecond).String(), "err", err)
	return err
}
