package flow_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/test/storetest"
)

// BenchmarkFollowers is what flow adds to a message: an event with two merging
// followers, written by 64 at once over 50 conversations, and their jobs.
func BenchmarkFollowers(b *testing.B) {
	w := storetest.Open(b, storetest.Options{Clock: clock.Real{}})
	h := storetest.Workspace(b, w.DB, "a")
	f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock, Rules: []flow.Rule{
		{On: desk.MessageArrived, Do: "answer", Key: flow.ByConversation, Coalesce: true, After: 50 * time.Millisecond},
		{On: desk.MessageArrived, Do: "index", Key: flow.ByWorkspace, Coalesce: true, After: 50 * time.Millisecond},
	}})
	var jobs atomic.Int64
	do := func(ctx context.Context, j *flow.Job) error {
		jobs.Add(1)
		return h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx, []flow.Handler{{Kind: "answer", Run: do}, {Kind: "index", Run: do}}, nil) }()
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			e := desk.Event{Kind: desk.MessageArrived, Conversation: desk.ID(n.Add(1)%50 + 1)}
			if err := h.Write(context.Background(), func(tx *store.Tx) error { return f.Emit(tx, e) }); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(jobs.Load())/float64(b.N), "jobs/event")
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}
