package privacy

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// tickStep bounds the cases that one transaction of the clock moves.
const tickStep = 100

// Tick does what the clock does to cases: it warns who answers for them at 7, 3
// and 1 days before their end and at it, and ends what nobody proved, what nobody
// answered for a year and what nobody appealed against. It is work for flow.Every.
func (w *Casework) Tick(ctx context.Context) error {
	all, err := w.DB.Workspaces(ctx)
	failed := err
	for _, ws := range append(all, desk.Workspace{}) {
		failed = errors.Join(failed, w.tickIn(ctx, ws.ID))
	}
	return failed
}

func (w *Casework) tickIn(ctx context.Context, ws desk.ID) error {
	for {
		n := 0
		err := w.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			due, err := tx.CasesDue(tx.Now(), tickStep)
			n = len(due)
			for _, c := range due {
				if err := w.tick(tx, c.ID); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil || n < tickStep {
			return err
		}
	}
}

func (w *Casework) tick(tx *store.Tx, id desk.ID) error {
	c, err := lockCase(tx, id)
	if err != nil {
		return err
	}
	stand := standing(c)
	if act, at := stand.Deadline(); act != "" && !tx.Now().Before(at) {
		if err := stand.Do(act, tx.Now()); err != nil {
			return err
		}
		if err := w.ended(tx, &c, act, stand); err != nil {
			return err
		}
	} else if days := stand.Warning(tx.Now()); days >= 0 && days < c.Warned {
		c.Warned = days
		take(&c, stand)
		if err := w.warn(tx, c, days); err != nil {
			return err
		}
	} else {
		take(&c, stand)
	}
	return tx.SaveCase(c)
}

// ended writes what the end of a case by the clock says to the person.
func (w *Casework) ended(tx *store.Tx, c *store.Case, act desk.CaseAct, stand desk.CaseStand) error {
	by := desk.Actor{Kind: desk.BySystem, Name: "Parley"}
	letter, name := "", "case.close"
	switch act {
	case desk.CaseLapse:
		c.Reason, letter, name = desk.NotProven, "refused", "case.decide"
	case desk.CaseGiveUp:
		letter = "unanswered"
	}
	take(c, stand)
	if letter != "" {
		if err := w.write(tx, *c, letter, nil); err != nil {
			return err
		}
	}
	if c.State == desk.CaseClosed {
		if err := tx.DropCaseWords(c.ID); err != nil {
			return err
		}
	}
	return w.Audit.Add(tx, by, name, c.ID)
}

// warn mails owners and who has the role for people's requests.
func (w *Casework) warn(tx *store.Tx, c store.Case, days int) error {
	if err := w.Audit.Add(tx, desk.Actor{Kind: desk.BySystem, Name: "Parley"}, "case.warn", c.ID); err != nil {
		return err
	}
	if w.Letters == nil || tx.Workspace() == 0 {
		return nil
	}
	to, err := tx.PrivacyMembers()
	for _, id := range to {
		err = errors.Join(err, w.Letters.Queue(tx, desk.Letter{Member: id, Kind: desk.LetterCase, About: strconv.Itoa(days)}))
	}
	return err
}

// SweepCases forgets people's cases whose term is over, with their keys.
func (w *Casework) SweepCases(ctx context.Context) error {
	all, err := w.DB.Workspaces(ctx)
	failed := err
	for _, ws := range append(all, desk.Workspace{}) {
		for questions, term := range map[bool]time.Duration{false: CaseKeep, true: SupportKeep} {
			err := w.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
				over, err := tx.CasesOver(tx.Now().Add(-term), questions, tickStep)
				for _, c := range over {
					err = errors.Join(err, tx.DropCase(c.ID))
				}
				return err
			})
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
