package crash

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/store"
)

// judge looks at what an install holds after all that, with the program
// stopped.
func (in *place) judge(l *load) {
	in.t.Helper()
	cfg, err := config.FromEnvironment(map[string]string{"PARLEY_DATA": in.dir, "PARLEY_DATABASE": in.database, "PARLEY_DEV": "1"})
	must(in.t, err)
	ctx := context.Background()
	held, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	must(in.t, err)
	defer func() { must(in.t, held.Close()) }()
	all, err := held.DB.Workspaces(ctx)
	must(in.t, err)
	if len(all) != 1 {
		in.t.Fatalf("%d workspaces", len(all))
	}
	in.drains(held)
	must(in.t, held.DB.In(all[0].ID).Read(ctx, func(r *store.Rx) error {
		dead, err := r.DeadWork(10)
		if len(dead) > 0 {
			in.t.Errorf("%d lanes are paused, the first by %q of %q", len(dead), dead[0].Fault, dead[0].Work.Kind)
		}
		if err == nil {
			err = in.threads(r, l)
		}
		if err == nil {
			err = in.events(r)
		}
		return err
	}))
}

// drains lets the lanes run until no work is left, which they must reach by
// themselves: the program was stopped in mid-work, with some of it due a moment
// later.
func (in *place) drains(held *app.Install) {
	in.t.Helper()
	a, err := app.Build(context.Background(), held)
	must(in.t, err)
	ctx, stop := context.WithTimeout(context.Background(), 90*time.Second)
	defer stop()
	moved := make(chan struct{}, 1)
	unwatch := held.DB.Watch(func(store.Commit) {
		select {
		case moved <- struct{}{}:
		default:
		}
	})
	defer unwatch()
	done := make(chan error, 1)
	go func() { done <- a.Work(ctx) }()
	again := time.NewTicker(100 * time.Millisecond) // finished work makes no commit that is watched
	defer again.Stop()
	for left := in.waiting(held); left != ""; left = in.waiting(held) {
		select {
		case <-ctx.Done():
			in.t.Errorf("lanes still wait after 90 s: %s", left)
			return
		case <-moved:
		case <-again.C:
		}
	}
	stop()
	<-done
	a.Close()
}

// waiting names the lanes that hold work, but for what comes again by itself.
func (in *place) waiting(held *app.Install) string {
	var names []string
	must(in.t, held.DB.In(0).Read(context.Background(), func(r *store.Rx) error {
		names = names[:0]
		left, err := r.Backlogs()
		for _, b := range left {
			if b.Kind != "every" {
				names = append(names, b.Kind)
			}
		}
		return err
	}))
	return strings.Join(names, " ")
}

// threads holds every conversation against what was acknowledged.
func (in *place) threads(r *store.Rx, l *load) error {
	stored, place := map[string]int{}, store.Place{}
	answers := 0
	for {
		rows, err := r.List(store.View("all"), 0, place, 100)
		if err != nil {
			return err
		}
		for _, row := range rows {
			messages, err := r.MessagesAfter(row.ID, 0, 10_000)
			if err != nil {
				return err
			}
			for _, id := range in.incoming(messages) {
				stored[id]++
			}
			if row.ID.String() == l.member.talk {
				in.replies(messages, l.member)
				continue
			}
			answers += in.answered(row, messages)
		}
		if len(rows) < 100 {
			break
		}
		place = store.Place{At: rows[len(rows)-1].LastAt, ID: rows[len(rows)-1].ID}
	}
	for _, id := range l.acked() {
		if stored[id] != 1 {
			in.t.Errorf("%s was acknowledged and is stored %d times", id, stored[id])
		}
		delete(stored, id)
	}
	for id := range stored {
		in.t.Errorf("%s is stored but its sender, who tries until it is, does not know", id)
	}
	in.t.Logf("%d lines and %d replies acknowledged, %d answers of the AI", len(l.acked()), len(l.member.acked), answers)
	return nil
}

// incoming is the sender's names of a visitor's lines, which must be in order.
func (in *place) incoming(messages []desk.Message) []string {
	var ids []string
	for _, m := range messages {
		if m.Direction == desk.In {
			_, id, _ := strings.Cut(m.ExternalID, ":")
			ids = append(ids, id)
		}
	}
	if !slices.IsSorted(ids) {
		in.t.Errorf("out of order: %v", ids)
	}
	for i, m := range messages {
		if m.Seq != int64(i+1) {
			in.t.Errorf("message %d has the place %d", i+1, m.Seq)
		}
	}
	return ids
}

// answered counts the AI's answers of a conversation: at most one to a line,
// each sent, and something after the last line.
func (in *place) answered(row store.Row, messages []desk.Message) (answers int) {
	since, runs := 0, map[desk.ID]bool{}
	waiting := false
	for _, m := range messages {
		switch {
		case m.Direction == desk.In:
			since, waiting = 0, true
		case m.Author.Kind == desk.FromAI && m.Direction == desk.Out:
			since++
			answers++
			waiting = false
			if m.Status != desk.StatusSent || runs[m.Run] {
				in.t.Errorf("conversation %s: an answer is %q, its run seen before: %v", row.ID, m.Status, runs[m.Run])
			}
			runs[m.Run] = true
		case m.Direction == desk.Out:
			waiting = false
		}
		if since > 1 {
			in.t.Errorf("conversation %s: the AI spoke twice to one line", row.ID)
		}
	}
	if waiting && row.HandOver == "" {
		in.t.Errorf("conversation %s: the last line has no answer", row.ID)
	}
	return answers
}

// replies holds the member's conversation against what was acknowledged.
func (in *place) replies(messages []desk.Message, m *member) {
	var said []string
	for _, one := range messages {
		if one.Author.Kind == desk.FromMember && one.Direction == desk.Out {
			said = append(said, string(one.Body))
			if one.Status != desk.StatusSent {
				in.t.Errorf("%s is %q", one.Body, one.Status)
			}
		}
		if one.Author.Kind == desk.FromAI && len(said) > 0 {
			in.t.Error("the AI spoke in a conversation that a member holds")
		}
	}
	if !slices.Equal(said, m.acked) {
		in.t.Errorf("replies acknowledged\n%v\nstored\n%v", m.acked, said)
	}
}

// events checks that the numbers have no gap and that no message was announced
// twice. (A change may be told again: "sending" twice around a kill.)
func (in *place) events(r *store.Rx) error {
	last, told := int64(0), map[string]int{}
	for {
		page, err := r.EventsAfter(last, 500)
		if err != nil {
			return err
		}
		for _, e := range page {
			if e.No != last+1 {
				in.t.Errorf("event %d follows %d", e.No, last)
			}
			last = e.No
			if e.Message != 0 && e.Kind != desk.MessageChanged {
				told[string(e.Kind)+" "+e.Message.String()]++
			}
		}
		if len(page) < 500 {
			break
		}
	}
	for what, n := range told {
		if n > 1 {
			in.t.Errorf("%s was told %d times", what, n)
		}
	}
	return nil
}

// doctor asks the running program how it is.
func (in *place) doctor() {
	in.t.Helper()
	out, err := in.command(0, "doctor", "--json").Output()
	var found []app.Finding
	if bad := json.Unmarshal(out, &found); bad != nil {
		in.t.Fatalf("doctor: %v, %v", err, bad)
	}
	for _, f := range found {
		if f.State == app.Fail && f.Name != "front end" || f.Name == "work" && f.State != app.OK {
			in.t.Errorf("doctor: %s %s %s", f.State, f.Name, f.Text)
		}
	}
}

// quiet waits until nothing has happened for a while: what still waits then is
// stuck.
func (in *place) quiet(p *process) {
	in.t.Helper()
	end := time.Now().Add(patience)
	for after := "0"; ; {
		var page struct {
			Items []json.RawMessage
			Next  string
		}
		in.want(p, "GET", "/api/v1/events?wait=2&after="+after, nil, &page)
		if len(page.Items) == 0 {
			return
		}
		if time.Now().After(end) {
			in.t.Fatal("it does not come to rest")
		}
		after = page.Next
	}
}
