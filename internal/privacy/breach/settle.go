package breach

import (
	"context"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Settle says of a person whose mail may have left whether it did; where it did
// not, they are told again.
func (d *Desk) Settle(ctx context.Context, a Act, person desk.ID, left bool) error {
	return d.change(ctx, a, "incident.settle", func(tx *store.Tx, i *store.Incident, _ *desk.IncidentStand) error {
		p, err := tx.LockTold(person)
		if err != nil {
			return err
		}
		if p.Incident != i.ID || p.State != store.ToldUnsure {
			return desk.Fail(desk.Conflict, "not_unsure", "it is known what came of telling this person")
		}
		if left {
			p.State, p.Way, p.At = store.ToldDone, wayHand, tx.Now()
			return tx.SaveTold(p)
		}
		who, err := tx.Contact(p.Contact)
		if err != nil {
			return err
		}
		p.State, p.Found = "", tx.Now()
		if err := d.choose(tx, who, &p); err != nil {
			return err
		}
		if p.State == store.ToldByMail {
			err = d.Flow.Add(tx, flow.Item{Kind: MailWork, Key: p.ID, Object: p.ID})
		}
		return errorsOf(err, tx.SaveTold(p))
	})
}
