package talk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"parley/internal/channel/channeltest"
	"parley/internal/flow"
	"parley/internal/intake"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/test/storetest"
	"parley/test/talk"
)

// BenchmarkFiled measures messages fully filed: from the door through the lane
// to message, event and follow-up rows, 64 deliveries at once, 50 people.
func BenchmarkFiled(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			opt := storetest.Options{Clock: clock.Real{}}
			if engine == "postgres" {
				opt.URL = storetest.PostgreSQL(b)
			}
			x := talk.New(b, storetest.Open(b, opt))
			p := x.Place("shop", 0)
			for i := range 50 {
				p.Says(fmt.Sprint("p", i), "hello")
			}
			x.Run(only(intake.Work))
			x.Until("people are known", func() bool { return len(p.Thread("p49")) > 0 })
			total := b.N
			var filed sync.WaitGroup
			filed.Add(1)
			_, before := numbers(b, p)
			stop := x.DB.Watch(func(c store.Commit) {
				if c.Events[p.Account.Workspace] == before+int64(total) {
					filed.Done()
				}
			})
			defer stop()
			b.ResetTimer()
			var all sync.WaitGroup
			next := make(chan int, total)
			for i := range total {
				next <- i
			}
			close(next)
			for range 64 {
				all.Go(func() {
					for i := range next {
						p.Delivers(channeltest.Item{Type: "message", ID: x.ID(), From: fmt.Sprint("p", i%50), Text: "Can I return a coat that is too small for me?"})
					}
				})
			}
			all.Wait()
			filed.Wait()
			b.StopTimer()
			b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

func only(kind string) func(flow.Handler) flow.Handler {
	return func(h flow.Handler) flow.Handler {
		if h.Kind != kind {
			h.Run = func(ctx context.Context, _ *flow.Job) error { <-ctx.Done(); return ctx.Err() }
		}
		return h
	}
}

func numbers(b *testing.B, p *talk.Place) (oldest, last int64) {
	err := p.Handle.Read(ctx, func(r *store.Rx) (err error) {
		oldest, last, err = r.EventNumbers()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return oldest, last
}
