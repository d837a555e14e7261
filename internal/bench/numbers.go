package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	counted "parley/internal/report"
	"parley/internal/store"
	"parley/sim/meta"
)

const (
	numbersConversations = 100_000
	numbersDays          = 30
	numbersBound         = 50 // ms
)

// Numbers measures what it takes to say how the AI did in a large workspace: the
// count of a day, and the two pages that read what was counted.
func Numbers(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(numbersConversations, 0)
	moved := meta.NewShifted(clock.Real{})
	moved.Move(-numbersDays * 24 * time.Hour)
	opt.clock = moved
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error {
		step := (numbersDays*24*time.Hour - time.Hour) / time.Duration(in.opt.Conversations)
		return in.batches(ctx, in.opt.Conversations, func(tx *store.Tx, i int) error {
			defer moved.Move(step)
			return in.turn(tx, i)
		})
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "numbers", engine: opt.Engine}
	return r.figures, errors.Join(in.measureNumbers(ctx, r), in.Close())
}

// turn adds a conversation in which the AI answered once.
func (in *install) turn(tx *store.Tx, i int) error {
	row, err := in.person(tx, fmt.Sprint("Person ", i))
	if err != nil {
		return err
	}
	asked := line("Do you ship to Germany?")
	asked.At = tx.Now()
	row.Arrived(asked.At)
	if err := tx.AppendMessage(&row, &asked); err != nil {
		return err
	}
	run := desk.Run{ID: tx.NewID(), Conversation: row.ID, Trigger: asked.ID, Decision: desk.DecideAnswer, Outcome: "sent", Engine: "extractive",
		Passages: []desk.ID{}, Scores: []float64{}, Confidence: float64(i%100) / 100, Engagement: row.Engagement,
		Language: []string{"en", "tr", "de", "ar"}[i%4], About: desk.About{Topics: []string{fmt.Sprint("topic ", i%20)}}}
	if err := tx.InsertRun(row.Contact, run); err != nil {
		return err
	}
	said := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromAI}, Kind: desk.KindText, Body: "Yes, within five days.",
		Status: desk.StatusSent, Run: run.ID, At: tx.Now()}
	if err := tx.AppendMessage(&row, &said); err != nil {
		return err
	}
	return tx.SaveConversation(row)
}

func (in *install) measureNumbers(ctx context.Context, r *report) error {
	c := counted.New(counted.Parts{DB: in.DB, Pleased: func(string) bool { return false }})
	var ws desk.Workspace
	if err := in.ws.Read(ctx, func(rx *store.Rx) (err error) { ws, err = rx.Settings(); return err }); err != nil {
		return err
	}
	today := in.clk.Now().Unix() / 86400
	s, err := in.times(numbersDays+1, func(n int) error { return c.CountDay(ctx, ws, today-int64(n)) })
	if err != nil {
		return err
	}
	r.spread("one day counted", s, 0)
	read, err := in.times(in.rounds(), func(int) error { _, err := c.Numbers(ctx, ws.ID, numbersDays); return err })
	if err != nil {
		return err
	}
	r.spread("numbers read", read, numbersBound)
	read, err = in.times(in.rounds(), func(int) error { _, err := c.Confidence(ctx, ws.ID, numbersDays); return err })
	r.spread("confidence read", read, numbersBound)
	return err
}
