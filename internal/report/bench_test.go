package report_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/report"
	"parley/internal/store"
	"parley/test/storetest"
)

// BenchmarkNumbers seeds 100,000 turns in 50,000 conversations over 30 days, and
// says how long counting them takes and the 99th of a hundred of both questions.
// Not part of make test: go test ./internal/report -bench Numbers -benchtime 1x.
func BenchmarkNumbers(b *testing.B) {
	w := storetest.Open(b, storetest.Options{})
	h := storetest.Workspace(b, w.DB, "Shop")
	acct := storetest.Account(b, h, "widget", "w1")
	const conversations = 50_000
	for from := 0; from < conversations; from += 250 {
		err := h.Write(b.Context(), func(tx *store.Tx) error {
			for i := from; i < from+250; i++ {
				if err := seed(tx, acct.ID, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		w.Fake.Advance(30 * 24 * time.Hour / (conversations / 250))
	}
	r := report.New(report.Parts{DB: w.DB, Pleased: func(string) bool { return false }})
	begin := time.Now()
	var ws desk.Workspace
	if err := h.Read(b.Context(), func(rx *store.Rx) (err error) { ws, err = rx.Settings(); return err }); err != nil {
		b.Fatal(err)
	}
	today := w.Fake.Now().Unix() / 86400
	for day := today - 31; day <= today; day++ {
		if err := r.CountDay(b.Context(), ws, day); err != nil {
			b.Fatal(err)
		}
	}
	counted := time.Since(begin)
	for b.Loop() {
		for name, ask := range map[string]func() error{
			"numbers":    func() error { _, err := r.Numbers(b.Context(), h.Workspace(), 30); return err },
			"confidence": func() error { _, err := r.Confidence(b.Context(), h.Workspace(), 30); return err },
		} {
			var took []time.Duration
			for range 200 {
				begin := time.Now()
				if err := ask(); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[197].Microseconds())/1000, "ms/p99-"+name)
		}
	}
	b.ReportMetric(counted.Seconds()/32*1000, "ms/counted-day")
}

func seed(tx *store.Tx, acct desk.ID, i int) error {
	who := desk.Contact{ID: tx.NewID()}
	if err := tx.InsertContact(who); err != nil {
		return err
	}
	c := desk.Conversation{ID: tx.NewID(), Contact: who.ID, Account: acct, State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, CreatedAt: tx.Now()}
	if err := tx.InsertConversation(c); err != nil {
		return err
	}
	row, err := tx.LockConversation(c.ID)
	if err != nil {
		return err
	}
	for range 2 {
		m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: "?", Status: desk.StatusDelivered}
		if err := tx.AppendMessage(&row, &m); err != nil {
			return err
		}
		run := answer("sent", float64(i%100)/100)
		run.ID, run.Conversation, run.Trigger, run.Engagement = tx.NewID(), c.ID, m.ID, 1
		run.Language, run.About.Topics = []string{"en", "tr", "de", "ar"}[i%4], []string{fmt.Sprint("topic ", i%20)}
		if err := tx.InsertRun(who.ID, run); err != nil {
			return err
		}
		out := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromAI}, Kind: desk.KindText, Body: "!", Status: desk.StatusSent, Run: run.ID}
		if err := tx.AppendMessage(&row, &out); err != nil {
			return err
		}
	}
	return tx.SaveConversation(row)
}
