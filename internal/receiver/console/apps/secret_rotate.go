package apps

import (
	"strconv"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// overlaps are how long the secrets before a new one may last, in days, the proposed one first.
var overlaps = []page.Choice{
	{Value: "7", Title: "7天（建议）"}, {Value: "30", Title: "30天"}, {Value: "1", Title: "1天"},
	{Value: "0", Title: "不保留：原密钥立即失效"},
}

func rotateSecret(q *page.Request) (page.Answer, error) {
	days, err := strconv.Atoi(q.Field("overlap"))
	if err != nil || !offered(q.Field("overlap")) {
		return showApp(q, intake.Invalid("请选择原密钥保留多久"))
	}
	a, err := appOf(q)
	if err != nil {
		return nil, err
	}
	overlap := time.Duration(days) * 24 * time.Hour
	c, err := q.Desk.RotateSecret(q.Context(), q.Who, a.Key, overlap)
	if err != nil {
		return nil, err
	}
	shown := handedSecret{Secret: c.AppSecret, Rotated: true}
	if days > 0 {
		shown.Until = q.Clock().Add(overlap)
	}
	return q.Hand(appPath(q)+"/secret", shown)
}

func offered(value string) bool {
	for _, c := range overlaps {
		if c.Value == value {
			return true
		}
	}
	return false
}
