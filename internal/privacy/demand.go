package privacy

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/store"
)

const (
	maxDemanded = 50 // persons of one demand
	maxSilence  = 5 * 365 * 24 * time.Hour
	demandsAt   = 50
)

// DemandParts are the kinds of data that a demand may be about.
func DemandParts() []string { return []string{"profile", "messages", "files"} }

// Demands are what authorities demand, and what else of a person is disclosed by a
// decision of people (A-8.8-01): written down with a scope that never changes,
// approved by two members, handed over as far as the scope goes and no further.
type Demands struct{ *Copies }

// DemandOf is a demand with its persons.
type DemandOf struct {
	store.Demand
	Persons []store.Disclosure
}

// Open writes a demand down. Its scope names persons, kinds of data and, of
// messages and files, a time. Errors: desk.NotFound, desk.Invalid.
func (d Demands) Open(ctx context.Context, ws desk.ID, by desk.Actor, wish store.Demand, persons []desk.ID) (DemandOf, error) {
	now := d.DB.Clock().Now()
	if err := checkDemand(wish, now); err != nil {
		return DemandOf{}, err
	}
	if len(persons) == 0 || len(persons) > maxDemanded {
		return DemandOf{}, desk.Fail(desk.Invalid, "demand_persons", "name whom it is about: 1 to 50 persons")
	}
	var out DemandOf
	err := d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		out = DemandOf{Demand: wish}
		if by.Kind == desk.ByMember {
			out.OpenedBy = by.ID
		}
		if err := tx.AddDemand(&out.Demand); err != nil {
			return err
		}
		named := map[desk.ID]bool{}
		for _, id := range persons {
			same, err := tx.Person(id)
			if err != nil {
				return err
			}
			if named[same[0].ID] {
				continue
			}
			named[same[0].ID] = true
			one := store.Disclosure{Contact: same[0].ID, Demand: out.ID, Reason: store.ForLaw, Recipient: wish.Authority, What: wish.Parts, SilentUntil: wish.SilentUntil}
			if err := tx.AddDisclosure(&one); err != nil {
				return err
			}
			out.Persons = append(out.Persons, one)
		}
		return d.Audit.Add(tx, by, "demand.create", out.ID)
	})
	return out, err
}

func checkDemand(d store.Demand, now time.Time) error {
	switch {
	case strings.TrimSpace(d.Authority) == "" || strings.TrimSpace(d.Basis) == "":
		return desk.Fail(desk.Invalid, "demand_basis", "name the authority and the law by which it demands")
	case len(d.Parts) == 0 || slices.ContainsFunc(d.Parts, func(p string) bool { return !slices.Contains(DemandParts(), p) }):
		return desk.Fail(desk.Invalid, "demand_parts", "say which data it is about: profile, messages, files")
	case slices.ContainsFunc(d.Parts, func(p string) bool { return p != "profile" }) && (d.From.IsZero() || !d.From.Before(d.Until)):
		return desk.Fail(desk.Invalid, "demand_time", "say about which time it is: from a day until a later one")
	case d.Due.IsZero():
		return desk.Fail(desk.Invalid, "demand_due", "say until when it must be answered")
	case !d.SilentUntil.IsZero() && (!d.SilentUntil.After(now) || d.SilentUntil.After(now.Add(maxSilence))):
		return desk.Fail(desk.Invalid, "demand_silence", "say until which day its persons must not be told, within five years")
	}
	return nil
}

// Get returns a demand with its persons; desk.NotFound.
func (d Demands) Get(ctx context.Context, ws, id desk.ID) (out DemandOf, err error) {
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if out.Demand, err = r.AuthorityDemand(id); err == nil {
			out.Persons, err = r.DisclosuresFor(id)
		}
		return err
	})
	return out, err
}

// List lists the newest demands with their persons.
func (d Demands) List(ctx context.Context, ws, before desk.ID) (all []DemandOf, err error) {
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		all = []DemandOf{}
		some, err := r.AuthorityDemands(before, demandsAt)
		for _, one := range some {
			if err != nil {
				return err
			}
			var persons []store.Disclosure
			persons, err = r.DisclosuresFor(one.ID)
			all = append(all, DemandOf{one, persons})
		}
		return err
	})
	return all, err
}

// Approve notes that a member holds a demand for lawful and its scope for as
// narrow as it can be. It takes two of them; desk.Conflict same_person refuses the
// first one's second approval.
func (d Demands) Approve(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return d.change(ctx, demandAct{ws, id, by, "demand.approve"}, func(_ *store.Tx, one *store.Demand) error {
		switch {
		case one.State != store.DemandOpen:
			return demandState()
		case one.First == 0:
			one.First = by.ID
		case one.First == by.ID:
			return desk.Fail(desk.Conflict, "same_person", "you approved it already; somebody else must, too")
		default:
			one.Second, one.State = by.ID, store.DemandApproved
		}
		return nil
	})
}

// Challenge notes what is wrong with a demand that is not answered yet, and takes
// its approvals back.
func (d Demands) Challenge(ctx context.Context, ws, id desk.ID, by desk.Actor, why string) error {
	return d.change(ctx, demandAct{ws, id, by, "demand.challenge"}, func(_ *store.Tx, one *store.Demand) error {
		if one.State != store.DemandOpen && one.State != store.DemandApproved {
			return demandState()
		}
		one.State, one.First, one.Second, one.Said = store.DemandOpen, 0, 0, append(one.Said, why)
		return nil
	})
}

// Refuse ends a demand that was not handed over; whom it was about is forgotten.
func (d Demands) Refuse(ctx context.Context, ws, id desk.ID, by desk.Actor, why string) error {
	return d.change(ctx, demandAct{ws, id, by, "demand.refuse"}, func(tx *store.Tx, one *store.Demand) error {
		if one.State != store.DemandOpen && one.State != store.DemandApproved {
			return demandState()
		}
		one.State, one.Ended, one.Said = store.DemandRefused, tx.Now(), append(one.Said, why)
		return tx.DropUndisclosed(id)
	})
}

// Hand makes the file of what an approved demand is about, and notes of each of
// its persons that it was handed over, before a byte of it is read. Each time is
// noted.
func (d Demands) Hand(ctx context.Context, ws, id desk.ID, by desk.Actor) (*blob.Reader, error) {
	one, err := d.Get(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	if err := mayHand(one.Demand); err != nil {
		return nil, err
	}
	place := blob.Place{Workspace: ws, Media: id}
	w, err := d.Blobs.Create(ctx, place)
	if err != nil {
		return nil, err
	}
	defer w.Drop()
	if err := d.writeScope(ctx, w, ws, one); err != nil {
		return nil, err
	}
	name, err := w.Keep()
	if err != nil {
		return nil, err
	}
	file, err := d.Blobs.Open(ctx, place, name)
	if err != nil {
		return nil, err
	}
	err = d.change(ctx, demandAct{ws, id, by, "demand.disclose"}, func(tx *store.Tx, one *store.Demand) error {
		if err := mayHand(*one); err != nil {
			return err
		}
		if one.Ended.IsZero() {
			one.Ended = tx.Now()
		}
		one.State = store.DemandHanded
		if err := tx.LetBlobGo(name); err != nil { // it is read once, from what is open now
			return err
		}
		return tx.HandOver(id, by.ID)
	})
	if err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	return file, nil
}

func mayHand(d store.Demand) error {
	if d.State != store.DemandApproved && d.State != store.DemandHanded || d.First == 0 || d.Second == 0 || d.First == d.Second {
		return desk.Fail(desk.Conflict, "not_approved", "two members approve a demand before it is handed over")
	}
	return nil
}

func demandState() error {
	return desk.Fail(desk.Conflict, "demand_state", "this demand is past that")
}

type demandAct struct {
	ws, id desk.ID
	by     desk.Actor
	name   string
}

// change carries out an act of a member: of a key nobody knows whose eyes read.
func (d Demands) change(ctx context.Context, act demandAct, fn func(*store.Tx, *store.Demand) error) error {
	if act.by.Kind != desk.ByMember {
		return desk.Fail(desk.Forbidden, "members_only", "a member does this, signed in; a key cannot")
	}
	return d.DB.In(act.ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.ChangeDemand(act.id, func(one *store.Demand) error { return fn(tx, one) }); err != nil {
			return err
		}
		return d.Audit.Add(tx, act.by, act.name, act.id)
	})
}

// Disclose notes that something of a person was disclosed for another reason than
// a demand of an authority. What neither terms nor safety ask for needs a consent
// of the person that holds now (A-8.8-05). Errors: desk.NotFound, desk.Invalid and
// desk.Conflict no_consent.
func (d Demands) Disclose(ctx context.Context, ws desk.ID, by desk.Actor, one store.Disclosure) (store.Disclosure, error) {
	consent := one.Reason == store.ByConsent || one.Reason == store.ForMarketing
	if !consent && one.Reason != store.ForTerms && one.Reason != store.ForSafety {
		return one, desk.Fail(desk.Invalid, "disclosure_reason", "say why: terms, safety, consent or marketing")
	}
	if strings.TrimSpace(one.Recipient) == "" || len(one.What) == 0 || slices.ContainsFunc(one.What, func(p string) bool { return !slices.Contains(DemandParts(), p) }) {
		return one, desk.Fail(desk.Invalid, "disclosure_scope", "name who received it, and what: profile, messages, files")
	}
	err := d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		same, err := tx.Person(one.Contact)
		if err != nil {
			return err
		}
		if consent {
			if err := consented(tx, same, one.OptIn); err != nil {
				return err
			}
		} else {
			one.OptIn = 0
		}
		one.Contact, one.Member, one.Demand, one.SilentUntil = same[0].ID, by.ID, 0, time.Time{}
		one.Times, one.First, one.Last = 1, tx.Now(), tx.Now()
		if by.Kind != desk.ByMember {
			one.Member = 0
		}
		if err := tx.AddDisclosure(&one); err != nil {
			return err
		}
		return d.Audit.Add(tx, by, "contact.disclose", one.Contact)
	})
	return one, err
}

// consented finds the consent that a disclosure rests on among the person's own.
func consented(tx *store.Tx, same []desk.Contact, id desk.ID) error {
	for _, c := range same {
		all, err := tx.OptIns(c.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(o desk.Consented) bool { return id != 0 && o.ID == id && o.Holds(tx.Now()) }) {
			return nil
		}
	}
	return desk.Fail(desk.Conflict, "no_consent", "this needs a consent of the person that holds now: name it")
}
