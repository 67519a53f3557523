package trial

import (
	"sync"

	"diaoxiao/conformance/internal/wire"
)

// Together sends requests at the same moment. A target may ask to come back later: then each is sent again, alone.
func (t *Trial) Together(requests []wire.Request) []*Answer {
	answers := make([]*Answer, len(requests))
	var wg sync.WaitGroup
	for i, r := range requests {
		t.Hide(r.Token)
		wg.Go(func() { answers[i] = t.fetch(r) })
	}
	wg.Wait()
	for i, a := range answers {
		if t.note(a); a.Status == 429 || a.Status == 503 {
			a.Step.Expected, a.Step.OK = "（接收方要求稍后重试，照办）", true
			answers[i] = t.Do(requests[i])
		}
	}
	return answers
}
