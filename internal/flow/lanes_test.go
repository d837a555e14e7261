package flow_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/test/storetest"
)

// model is what one lane should hold.
type model struct {
	key     desk.ID
	items   []int64 // seqs in order
	held    *store.Claim
	zombies []*store.Claim
	paused  bool
}

// lanes drives the store's lane verbs and a model of them side by side.
type lanes struct {
	t    *rapid.T
	w    *storetest.World
	h    store.Handle
	ctx  context.Context
	kind string
	all  []*model
	seq  int64
}

func (l *lanes) write(fn func(tx *store.Tx) error) error { return l.h.Write(l.ctx, fn) }

func (l *lanes) pick() *model { return rapid.SampledFrom(l.all).Draw(l.t, "lane") }

func (l *lanes) add() {
	m := l.pick()
	n := rapid.IntRange(1, 3).Draw(l.t, "n")
	l.ok(l.write(func(tx *store.Tx) error {
		for i := range n {
			tx.AddWork(store.Work{Kind: l.kind, Key: m.key, Seq: l.seq + int64(i) + 1})
		}
		return nil
	}))
	for range n {
		l.seq++
		m.items = append(m.items, l.seq)
	}
}

func (l *lanes) ok(err error) {
	if err != nil {
		l.t.Fatal(err)
	}
}

// claim takes whatever lane the store offers and compares it with the model.
func (l *lanes) claim() {
	batch := rapid.IntRange(1, 3).Draw(l.t, "batch")
	got, _, err := l.w.ClaimLanes(l.ctx, store.ClaimAsk{Kind: l.kind, Lanes: 1, Items: batch, Lease: time.Hour})
	l.ok(err)
	if len(got) == 0 {
		for _, m := range l.all {
			if len(m.items) > 0 && m.held == nil && !m.paused {
				l.t.Fatalf("lane %d has work and nobody gets it", m.key)
			}
		}
		return
	}
	for _, m := range l.all {
		if m.key != got[0].Lane.Key {
			continue
		}
		if m.held != nil || m.paused {
			l.t.Fatal("a held or paused lane was given out")
		}
		if want := m.items[:min(batch, len(m.items))]; !slices.Equal(seqs(got[0].Items), want) {
			l.t.Fatalf("claimed %v, want %v", seqs(got[0].Items), want)
		}
		if m.held = got[0]; len(m.held.Items) == 0 { // what paused it was discarded: the lane goes
			l.ok(l.write(func(tx *store.Tx) error { tx.EndClaim(m.held); return nil }))
			l.freed(m)
		}
	}
}

func (l *lanes) finish() {
	m := l.pick()
	if m.held == nil {
		return
	}
	left := m.held.Unfinished()
	n := rapid.IntRange(1, len(left)).Draw(l.t, "finish")
	l.ok(l.write(func(tx *store.Tx) error { return tx.FinishWork(m.held, left[:n]...) }))
	m.items = m.items[n:]
	if n == len(left) {
		l.freed(m)
	}
}

func (l *lanes) freed(m *model) {
	if !m.held.Ended() {
		l.t.Fatal("the claim goes on")
	}
	m.zombies, m.held = append(m.zombies, m.held), nil
}

// fail notes a failure of the first item and sometimes pauses the lane.
func (l *lanes) fail() {
	m := l.pick()
	if m.held == nil {
		return
	}
	fault := rapid.SampledFrom([]string{"", "", "broken"}).Draw(l.t, "fault")
	l.ok(l.write(func(tx *store.Tx) error { return tx.RetryWork(m.held, m.held.Unfinished()[0], time.Time{}, fault) }))
	m.paused = fault != ""
	l.freed(m)
}

func (l *lanes) aside() {
	m := l.pick()
	if m.held == nil {
		return
	}
	l.ok(l.write(func(tx *store.Tx) error {
		if err := tx.SetAside(m.held, m.held.Unfinished()[0], time.Time{}); err != nil {
			return err
		}
		tx.EndClaim(m.held)
		return nil
	}))
	m.items = m.items[1:]
	l.freed(m)
}

func (l *lanes) resume() {
	var dead []store.Dead
	l.ok(l.h.Read(l.ctx, func(r *store.Rx) (err error) {
		dead, err = r.DeadWork(100)
		return err
	}))
	paused := 0
	for _, m := range l.all {
		if !m.paused {
			continue
		}
		paused++
		for _, d := range dead {
			if d.Work.Key != m.key {
				continue
			}
			if d.Work.Seq != m.items[0] || d.Fault != "broken" {
				l.t.Fatalf("dead is %d (%s), want %d", d.Work.Seq, d.Fault, m.items[0])
			}
			discard := rapid.Bool().Draw(l.t, "discard")
			l.ok(l.write(func(tx *store.Tx) error { return tx.ResumeLane(d.Work, discard) }))
			if discard {
				m.items = m.items[1:]
			}
			m.paused = false
		}
	}
	if paused != len(dead) {
		l.t.Fatalf("%d paused lanes, %d shown", paused, len(dead))
	}
}

// crash ends the holder's life but not the holder.
func (l *lanes) crash() {
	m := l.pick()
	if m.held == nil {
		return
	}
	l.w.LetGo(m.held)
	m.zombies, m.held = append(m.zombies, m.held), nil
}

func (l *lanes) zombie() {
	m := l.pick()
	if len(m.zombies) == 0 {
		return
	}
	z := rapid.SampledFrom(m.zombies).Draw(l.t, "zombie")
	if len(z.Items) == 0 {
		return
	}
	err := l.write(func(tx *store.Tx) error {
		if rapid.Bool().Draw(l.t, "finish") {
			return tx.FinishWork(z, z.Items[0])
		}
		tx.EndClaim(z)
		return nil
	})
	if !isLost(err) {
		l.t.Fatalf("a zombie's commit: %v", err)
	}
}

// A rapid state machine over the verbs that a worker is made of, with crashes
// and zombies at every step.
func TestLanesKeepTheirOrderWhateverHappens(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{Clock: clock.NewFake(storetest.Start())})
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		ctx := context.Background()
		l := &lanes{t: t, w: w, ctx: ctx, kind: fmt.Sprint("k", n), h: w.In(w.NewID())}
		for key := range 3 {
			l.all = append(l.all, &model{key: desk.ID(key + 1)})
		}
		t.Repeat(map[string]func(*rapid.T){
			"add":    func(t *rapid.T) { l.t = t; l.add() },
			"claim":  func(t *rapid.T) { l.t = t; l.claim() },
			"finish": func(t *rapid.T) { l.t = t; l.finish() },
			"fail":   func(t *rapid.T) { l.t = t; l.fail() },
			"aside":  func(t *rapid.T) { l.t = t; l.aside() },
			"resume": func(t *rapid.T) { l.t = t; l.resume() },
			"crash":  func(t *rapid.T) { l.t = t; l.crash() },
			"zombie": func(t *rapid.T) { l.t = t; l.zombie() },
		})
	})
}
