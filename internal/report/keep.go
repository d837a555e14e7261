package report

import (
	"parley/internal/desk"
	"parley/internal/store"
)

// keptTalks is more conversations than one contact has.
const keptTalks = 1000

// Keep makes the counts of a contact who is about to be made nameless nobody's:
// they stay in the days that will be counted anew, and nothing leads back from
// them. It belongs in the transaction that begins the removal, and answers how many
// engagements stay so. Days of before are counts already.
func (r *Report) Keep(tx *store.Tx, contact desk.ID) (engagements int64, err error) {
	ws, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	talks, err := tx.ConversationsWith(contact, keptTalks)
	if err != nil {
		return 0, err
	}
	today := dayOf(tx.Now())
	for day := today - openDays; day <= today; day++ {
		made := dayCount{}
		for _, c := range talks {
			if err := r.conversation(&tx.Rx, ws, c.ID, day, made); err != nil {
				return 0, err
			}
		}
		engagements += made[[2]string{All, All}][Engagements]
		if err := tx.KeepTally(made.rows(day)); err != nil {
			return 0, err
		}
	}
	return engagements, nil
}
