package privacy

import (
	"context"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// Disclosures lists to whom something of a person went, over all their contacts:
// the operators of channels, the vendors of models, copies that they fetched, and
// what people decided to disclose
// (A-23.1-02). Errors: desk.NotFound.
func Disclosures(ctx context.Context, db *store.DB, ws, contact desk.ID) (all []store.Disclosed, err error) {
	if err := resolved(ws, contact); err != nil {
		return nil, err
	}
	err = db.In(ws).Read(ctx, func(r *store.Rx) error {
		same, err := r.Person(contact)
		if err != nil {
			return err
		}
		all, err = disclosed(r, same, db.Clock().Now())
		return err
	})
	return all, err
}

// disclosed is without what a person must not be told of yet.
func disclosed(r *store.Rx, same []desk.Contact, now time.Time) ([]store.Disclosed, error) {
	all := []store.Disclosed{}
	at := map[[2]string]int{}
	for _, c := range same {
		some, err := r.Disclosures(c.ID)
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			name := [2]string{d.Way, d.To}
			i, ok := at[name]
			if !ok {
				at[name], all = len(all), append(all, d)
				continue
			}
			all[i].Count += d.Count
			if d.First.Before(all[i].First) {
				all[i].First = d.First
			}
			if d.Last.After(all[i].Last) {
				all[i].Last = d.Last
			}
		}
		decided, err := r.DisclosuresTo(c.ID, now)
		if err != nil {
			return nil, err
		}
		for _, d := range decided {
			all = append(all, store.Disclosed{To: d.Recipient, Way: d.Reason, Count: int(d.Times), First: d.First, Last: d.Last})
		}
	}
	return all, nil
}

// ToldWords says who received something.
func ToldWords(lang string, d store.Disclosed) string {
	switch d.Way {
	case store.ToChannel:
		if s := i18n.T(lang, "copy.channel."+d.To, nil); s != "copy.channel."+d.To {
			return s
		}
		return d.To
	case store.ToModel:
		return i18n.T(lang, "copy.vendor", map[string]string{"name": d.To})
	case store.ForLaw, store.ForTerms, store.ForSafety, store.ByConsent, store.ForMarketing:
		return i18n.T(lang, "copy.told."+d.Way, map[string]string{"name": d.To})
	}
	return i18n.T(lang, "copy.told.person", nil)
}
