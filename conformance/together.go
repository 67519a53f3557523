package conformance

import (
	"sync"
)

// together sends requests at the same moment. A target may ask to come back later: then each is sent again, alone.
func (t *trial) together(requests []request) []*answer {
	answers := make([]*answer, len(requests))
	var wg sync.WaitGroup
	for i, r := range requests {
		t.hide(r.token)
		wg.Go(func() { answers[i] = t.fetch(r) })
	}
	wg.Wait()
	for i, a := range answers {
		if t.note(a); a.status == 429 || a.status == 503 {
			a.step.Expected, a.step.OK = "（接收方要求稍后重试，照办）", true
			answers[i] = t.do(requests[i])
		}
	}
	return answers
}
