package intake

import (
	"slices"

	"parley/internal/desk"
	"parley/internal/store"
)

// survey is what a commit's messages need to know, looked up for all of them
// together: on PostgreSQL in three round trips instead of two for each message.
// Whoever is not in it is looked up alone.
type survey struct {
	people   map[desk.IdentityHint]desk.Identity
	talks    map[desk.ID]store.Row // newest conversation with the account, by contact
	messages map[string]bool       // external ids that are stored
}

// survey looks up what the parts of one account need and locks it.
func (in *Intake) survey(tx *store.Tx, parts []filing) error {
	s := &survey{people: map[desk.IdentityHint]desk.Identity{}, talks: map[desk.ID]store.Row{}, messages: map[string]bool{}}
	var account desk.ID
	var hints []desk.IdentityHint
	var external []string
	for i := range parts {
		parts[i].seen = s
		for _, a := range parts[i].arrivals {
			if !begins(a.Kind) {
				continue
			}
			account = parts[i].acct.ID
			if _, listed := s.people[a.Sender]; !listed {
				s.people[a.Sender] = desk.Identity{}
				hints = append(hints, a.Sender)
			}
			if _, listed := s.messages[a.ExternalID]; a.ExternalID != "" && !listed {
				s.messages[a.ExternalID] = false
				external = append(external, a.ExternalID)
			}
		}
	}
	if len(hints) == 0 {
		return nil
	}
	return s.look(tx, account, hints, external)
}

func (s *survey) look(tx *store.Tx, account desk.ID, hints []desk.IdentityHint, external []string) error {
	stored, err := tx.MessagesStored(account, external)
	if err != nil {
		return err
	}
	for i, e := range external {
		s.messages[e] = stored[i]
	}
	who, err := tx.IdentitiesBy(account, hints)
	if err != nil {
		return err
	}
	var contacts []desk.ID
	for i, h := range hints {
		s.people[h] = who[i]
		if who[i].ID != 0 {
			contacts = append(contacts, who[i].Contact)
		}
	}
	slices.Sort(contacts) // locked in one order by everybody
	contacts = slices.Compact(contacts)
	talks, err := tx.NewestConversations(contacts, account)
	for i, c := range talks {
		if c.ID != 0 {
			s.talks[contacts[i]] = c
		}
	}
	return err
}

// forget ends the survey of parts: something other than a message was filed, or
// each item is now filed for itself.
func forget(parts []filing) {
	for i := range parts {
		parts[i].seen = nil
	}
}

func (s *survey) identity(hint desk.IdentityHint) (desk.Identity, bool) {
	if s == nil {
		return desk.Identity{}, false
	}
	i := s.people[hint]
	return i, i.ID != 0
}

func (s *survey) talk(contact desk.ID) (store.Row, bool) {
	if s == nil {
		return store.Row{}, false
	}
	c, ok := s.talks[contact]
	return c, ok
}

// repeats reports whether an external id is known to be stored.
func (s *survey) repeats(external string) bool { return s != nil && s.messages[external] }

// lookedUp reports whether the survey knows of an external id, stored or not.
func (s *survey) lookedUp(external string) bool {
	if s == nil {
		return false
	}
	_, listed := s.messages[external]
	return listed
}

// met notes somebody new.
func (s *survey) met(hint desk.IdentityHint, i desk.Identity) {
	if s != nil {
		s.people[hint] = i
	}
}

// filed notes a message that was filed.
func (s *survey) filed(c store.Row, external string) {
	if s != nil {
		s.talks[c.Contact] = c
		s.messages[external] = external != ""
	}
}
