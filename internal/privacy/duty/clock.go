package duty

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

var system = desk.Actor{Kind: desk.BySystem, Name: "Parley"}

const tickStep = 100

// Tick opens what each workspace owes and has not open, brings an assessment
// forward whose ground has changed, and reminds. It is work for flow.Every.
func (d *Duties) Tick(ctx context.Context) error {
	all, err := d.DB.Workspaces(ctx)
	failed := err
	for _, ws := range all {
		if !ws.Closed() {
			failed = errors.Join(failed, d.tickIn(ctx, ws))
		}
	}
	return failed
}

func (d *Duties) tickIn(ctx context.Context, ws desk.Workspace) error {
	for _, k := range desk.DutyKinds() {
		if first, every := k.Standing(); every > 0 {
			if err := d.stand(ctx, ws, store.Duty{Kind: k, Standing: true, Every: every, Due: ws.CreatedAt.Add(first)}); err != nil {
				return err
			}
		}
	}
	if err := d.forward(ctx, ws.ID); err != nil {
		return err
	}
	for {
		n := 0
		err := d.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
			due, err := tx.DutiesToRemind(tickStep)
			if n = len(due); err != nil || n == 0 {
				return err
			}
			return d.remind(tx, due)
		})
		if err != nil || n < tickStep {
			return err
		}
	}
}

// stand opens what a workspace owes; one of before the register was there gets the
// same time as a new one.
func (d *Duties) stand(ctx context.Context, ws desk.Workspace, owed store.Duty) error {
	there := false
	err := d.DB.In(ws.ID).Read(ctx, func(r *store.Rx) error {
		_, err := r.StandingDuty(owed.Kind)
		if there = err == nil; desk.IsNotFound(err) {
			return nil
		}
		return err
	})
	if err != nil || there {
		return err
	}
	if now, first := d.DB.Clock().Now(), owed.Due.Sub(ws.CreatedAt); owed.Due.Before(now) {
		owed.Due = now.Add(first)
	}
	return d.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
		made, err := tx.AddDuty(&owed)
		if err != nil || !made {
			return err
		}
		return d.Audit.Add(tx, system, "duty.create", owed.ID)
	})
}

// forward brings the next assessment forward when it rests on something else than
// the last one that was signed.
func (d *Duties) forward(ctx context.Context, ws desk.ID) error {
	return d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		last, err := tx.LastDuty(desk.DutyAssessment)
		if desk.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		open, err := tx.StandingDuty(desk.DutyAssessment)
		if err != nil {
			return err
		}
		set, err := settingsOf(&tx.Rx)
		soon := tx.Now().Add(desk.DutySoon)
		if err != nil || set.basis() == last.Basis || !open.Due.After(soon) {
			return err
		}
		open.Due = soon
		open.Next = tx.Now()
		if err := tx.MoveDuty(open); err != nil {
			return err
		}
		return d.Audit.Add(tx, system, "duty.move", open.ID)
	})
}

// remind writes one letter to each who answers for it, about the most urgent.
func (d *Duties) remind(tx *store.Tx, due []store.Duty) error {
	says := []string{"late", "0", "3", "14"}
	most := len(says) - 1
	for _, one := range due {
		most = min(most, slices.Index(says, desk.Urgency(one.Due, tx.Now())))
		one.Next = desk.NextReminder(one.Due, tx.Now())
		if err := errors.Join(tx.MoveDuty(one), d.Audit.Add(tx, system, "duty.warn", one.ID)); err != nil {
			return err
		}
	}
	if d.Letters == nil {
		return nil
	}
	to, err := tx.PrivacyMembers()
	for _, id := range to {
		err = errors.Join(err, d.Letters.Queue(tx, desk.Letter{Member: id, Kind: desk.LetterDuty, About: says[most]}))
	}
	return err
}

// day is a day as the papers say it; "" = never.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
