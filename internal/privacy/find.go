package privacy

import (
	"context"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Ways by which a person is found.
const (
	ByIdentity = "identity" // what a channel calls them
	ByCode     = "code"     // of a case
	ByNumber   = "contact"  // the contact's own number
	ByWords    = "words"    // start of name, e-mail address or telephone number
)

const (
	maxFind = 50
	maxSeek = 300 // bytes of what is looked for
)

// Person is somebody who was found, with everybody who is the same person.
type Person struct {
	Contacts   []desk.Contact // the first stands for the others
	Identities []desk.Identity
	Held       store.Holdings
	By         []string // the ways they were found
}

// Finder finds persons of a workspace.
type Finder struct{ DB *store.DB }

// Find lists who is known by something: any id that a channel calls them by, the
// code of a case, their number here, or the start of name, e-mail address or
// telephone number. desk.Invalid when nothing is asked; nobody is an empty list.
func (f *Finder) Find(ctx context.Context, ws desk.ID, sought string) ([]Person, error) {
	sought = text.Normalise(sought, maxSeek+1)
	if ws <= 0 || sought == "" || len(sought) > maxSeek {
		return nil, desk.Fail(desk.Invalid, "no_subject", "say whom to find: an id, a code, an e-mail address, a telephone number or a name of at most 300 bytes")
	}
	subject, err := f.byCode(ctx, sought)
	if err != nil {
		return nil, err
	}
	var all []Person
	err = f.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		all = nil
		ways := map[desk.ID][]string{}
		var order []desk.ID
		add := func(way string, ids ...desk.ID) {
			for _, id := range ids {
				if len(ways[id]) == 0 {
					order = append(order, id)
				}
				if !slices.Contains(ways[id], way) {
					ways[id] = append(ways[id], way)
				}
			}
		}
		if err := seek(r, sought, subject, add); err != nil {
			return err
		}
		seen := map[desk.ID]int{}
		for _, id := range order[:min(len(order), maxFind)] {
			p, err := person(r, id)
			if desk.IsNotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
			p.By = ways[id]
			head := p.Contacts[0].ID
			if at, ok := seen[head]; ok {
				all[at].By = slices.Compact(slices.Sorted(slices.Values(append(all[at].By, p.By...))))
				continue
			}
			seen[head] = len(all)
			all = append(all, p)
		}
		return nil
	})
	return all, err
}

// byCode is the provider's id of who a case of the install is about, "" when the
// words are no code or the case is over and has forgotten it.
func (f *Finder) byCode(ctx context.Context, code string) (subject string, err error) {
	err = f.DB.In(0).Read(ctx, func(r *store.Rx) error {
		one, err := r.CaseByCode(secret.Hash(code))
		subject = one.Subject
		return err
	})
	if desk.IsNotFound(err) {
		err = nil
	}
	return subject, err
}

func seek(r *store.Rx, sought, subject string, add func(way string, ids ...desk.ID)) error {
	kinds, err := r.IdentityKinds()
	if err != nil {
		return err
	}
	forms := []string{sought, strings.TrimPrefix(sought, "@")}
	if d := digits(sought); len(d) >= 5 && strings.Trim(sought, "+0123456789 ()-./") == "" {
		forms = append(forms, d, "+"+d)
	}
	slices.Sort(forms)
	for _, kind := range kinds {
		for _, form := range slices.Compact(forms) {
			known, err := r.KnownAs(desk.IdentityHint{Kind: kind, Value: form})
			if err != nil {
				return err
			}
			add(ByIdentity, known...)
		}
		if subject != "" {
			known, err := r.KnownAs(desk.IdentityHint{Kind: kind, Value: subject})
			if err != nil {
				return err
			}
			add(ByCode, known...)
		}
	}
	if id, err := desk.ParseID(sought); err == nil && id > 0 {
		if _, err := r.Contact(id); err == nil {
			add(ByNumber, id)
		} else if !desk.IsNotFound(err) {
			return err
		}
	}
	words := text.Prefix(sought)
	if len(words) == 0 {
		return nil
	}
	named, err := r.FindContacts(words, maxFind)
	for _, c := range named {
		add(ByWords, c.ID)
	}
	return err
}

func person(r *store.Rx, id desk.ID) (p Person, err error) {
	if p.Contacts, err = r.Person(id); err != nil {
		return p, err
	}
	for _, c := range p.Contacts {
		ids, err := r.Identities(c.ID)
		if err != nil {
			return p, err
		}
		held, err := r.Holdings(c.ID)
		if err != nil {
			return p, err
		}
		p.Identities, p.Held = append(p.Identities, ids...), p.Held.Plus(held)
	}
	return p, nil
}

// Person returns everybody who is one person with a contact.
func (f *Finder) Person(ctx context.Context, ws, contact desk.ID) (p Person, err error) {
	if err := resolved(ws, contact); err != nil {
		return p, err
	}
	err = f.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { p, err = person(r, contact); return err })
	return p, err
}
