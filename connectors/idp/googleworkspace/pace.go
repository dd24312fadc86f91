package googleworkspace

import (
	"context"
	"net/http"
	"sync"

	"golang.org/x/time/rate"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// paced waits before each try until the quota allows one more: the quota is one of the
// administrator and the project, so clients that act as the same share it.
type paced struct {
	rest.Signer
	limit *rate.Limiter
}

// Sign waits, then signs.
func (p paced) Sign(ctx context.Context, c *rest.Client, r *http.Request) (core.Secret, error) {
	now := c.Now(ctx)
	if d := p.limit.ReserveN(now, 1).DelayFrom(now); d > 0 {
		if err := rest.Sleep(ctx, d); err != nil {
			return "", err
		}
	}
	return p.Signer.Sign(ctx, c, r)
}

var limits sync.Map // of *rate.Limiter, by whom they concern

// shared takes the manifest's pace out of a client's settings and shares it with the
// other clients of the same administrator and project.
func shared(cfg *rest.Config, whom string) {
	pace := cfg.Pace[0]
	limit, _ := limits.LoadOrStore(whom, rate.NewLimiter(rate.Limit(float64(pace.Calls)/pace.Per.Seconds()), pace.Burst))
	cfg.Sign, cfg.Pace = paced{cfg.Sign, limit.(*rate.Limiter)}, nil
}
