package privacy

import (
	"context"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Restrictions are what a person may ask for short of erasure. Nil leaves a flag
// as it is.
type Restrictions struct {
	Restricted   *bool // processing is restricted: stored and nothing else
	NoAutomation *bool // no automatic replies
	Limited      *bool // limited data use: for the conversation only
	Objected     *bool // objects: no automatic replies, and no use but the conversation
	Sensitive    *bool // what is special of them serves the conversation only
	Frozen       *bool // too young: stored, until a person decides
}

// wish is one restriction: its name in the privacy ledger, where it stands and
// what is wanted.
type wish struct {
	act  string
	is   *bool
	want *bool
}

func wishes(c *desk.Contact, w Restrictions) []wish {
	return []wish{{"restrict", &c.Restricted, w.Restricted}, {"no_automation", &c.NoAutomation, w.NoAutomation}, {"limit", &c.Limited, w.Limited},
		{"object", &c.Objected, w.Objected}, {"limit_sensitive", &c.Sensitive, w.Sensitive}, {"freeze", &c.Frozen, w.Frozen}}
}

// Quieter stops what the AI has under way with a contact.
type Quieter interface {
	Quiet(tx *store.Tx, contact desk.ID) error
}

// RestrictParts is what Restrict needs.
type RestrictParts struct {
	DB    *store.DB
	Keys  *store.KeyStore
	Flow  *flow.Flow
	Inbox Quieter
	Audit Audit
}

// Restrict sets and lifts restrictions.
type Restrict struct{ RestrictParts }

// NewRestrict makes it.
func NewRestrict(p RestrictParts) *Restrict { return &Restrict{p} }

// Set changes the restrictions of a contact, and of everybody who is the same
// person. Each act is in the privacy ledger before
// it is reported; when the AI may not speak any more, what it has under way is
// stopped in the same transaction.
func (r *Restrict) Set(ctx context.Context, ws, contact desk.ID, by desk.Actor, want Restrictions) (desk.Contact, error) {
	if err := resolved(ws, contact); err != nil {
		return desk.Contact{}, err
	}
	var same []desk.Contact
	err := r.DB.In(ws).Read(ctx, func(rx *store.Rx) (err error) { same, err = rx.Person(contact); return err })
	if err != nil {
		return desk.Contact{}, err
	}
	var acts []int64
	for _, c := range same {
		some, err := r.record(ctx, ws, c, want)
		if err != nil {
			return desk.Contact{}, err
		}
		acts = append(acts, some...)
	}
	var out desk.Contact
	if err := r.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		for i, c := range same {
			set, err := r.set(tx, c.ID, by, want)
			if err != nil {
				return err
			}
			if i == 0 {
				out = set
			}
		}
		return nil
	}); err != nil {
		return out, err
	}
	for _, no := range acts {
		if err := r.Keys.FinishLedger(ctx, no, r.DB.Clock().Now()); err != nil {
			return out, err
		}
	}
	return out, nil
}

// record enters what changes for a contact in the privacy ledger.
func (r *Restrict) record(ctx context.Context, ws desk.ID, c desk.Contact, want Restrictions) (acts []int64, err error) {
	hash, err := r.DB.In(ws).Hash(ctx, LedgerContact, c.ID.String())
	if err != nil {
		return nil, err
	}
	for _, act := range changes(c, want) {
		no, err := r.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: act, Subject: c.ID, Hashes: [][]byte{hash}, At: r.DB.Clock().Now()})
		if err != nil {
			return nil, err
		}
		acts = append(acts, no)
	}
	return acts, nil
}

func (r *Restrict) set(tx *store.Tx, contact desk.ID, by desk.Actor, want Restrictions) (desk.Contact, error) {
	silent := false
	out, err := tx.ChangeContact(contact, func(c *desk.Contact) error {
		was := c.Silent()
		for _, f := range wishes(c, want) {
			if f.want != nil {
				*f.is = *f.want
			}
		}
		silent = !was && c.Silent()
		return nil
	})
	if err != nil {
		return out, err
	}
	if silent {
		if err := r.Inbox.Quiet(tx, contact); err != nil {
			return out, err
		}
	}
	if err := r.Audit.Add(tx, by, "contact.restrict", contact); err != nil {
		return out, err
	}
	return out, r.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: contact})
}

// changes are the names of the acts in the privacy ledger.
func changes(c desk.Contact, want Restrictions) (all []string) {
	for _, f := range wishes(&c, want) {
		switch {
		case f.want == nil || *f.want == *f.is:
		case *f.want:
			all = append(all, f.act)
		default:
			all = append(all, f.act+"_lifted")
		}
	}
	return all
}
