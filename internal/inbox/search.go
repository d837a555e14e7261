package inbox

import (
	"context"
	"slices"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Found is a page of a search: conversations, each once, those whose contact is
// called so first, then by their newest message that says so.
type Found struct {
	Conversations []store.Row
	Next          desk.ID // pass as before to go on; 0 = the end
}

// Bounds of one search.
const (
	maxQuery    = 200 // bytes
	searchPages = 8   // look-ups for one page: many hits may lie in one conversation
)

// Search finds conversations by the words of their messages, and on the first
// page (before 0) by the names, e-mail addresses and phones of their contacts. A
// conversation that says so in older messages, too, may come again on a later
// page.
func (in *Inbox) Search(ctx context.Context, ws desk.ID, query string, before desk.ID, limit int) (Found, error) {
	query = text.Normalise(query, maxQuery)
	found := Found{Conversations: []store.Row{}}
	if query == "" {
		return found, nil
	}
	err := in.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		found = Found{Conversations: []store.Row{}}
		s := search{r: r, limit: limit, seen: map[desk.ID]bool{}, found: &found}
		if before == 0 {
			if err := s.contacts(query); err != nil {
				return err
			}
		}
		return s.messages(text.Terms(query), before)
	})
	return found, err
}

type search struct {
	r     *store.Rx
	limit int
	seen  map[desk.ID]bool
	found *Found
}

func (s *search) add(c store.Row) {
	if !s.seen[c.ID] && len(s.found.Conversations) < s.limit {
		s.seen[c.ID] = true
		s.found.Conversations = append(s.found.Conversations, c)
	}
}

func (s *search) contacts(query string) error {
	terms := text.Prefix(query)
	if len(terms) == 0 {
		return nil
	}
	people, err := s.r.FindContacts(terms[:min(len(terms), store.MaxSearchTerms)], s.limit)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Stored() {
			continue
		}
		same, err := s.r.Person(p.ID)
		if err != nil {
			return err
		}
		for _, one := range same {
			all, err := s.r.ConversationsWith(one.ID, s.limit)
			if err != nil {
				return err
			}
			for _, c := range all {
				s.add(c)
			}
		}
	}
	return nil
}

func (s *search) messages(terms []string, before desk.ID) error {
	if len(terms) == 0 {
		return nil
	}
	for range searchPages {
		ids, err := s.r.SearchMessages(terms, before, s.limit)
		if err != nil {
			return err
		}
		convs, err := s.r.ConversationsOf(ids)
		if err != nil {
			return err
		}
		stored, err := s.stored(convs)
		if err != nil {
			return err
		}
		for i, c := range convs {
			if len(s.found.Conversations) == s.limit {
				s.found.Next = before
				return nil
			}
			before = ids[i]
			if c.ID != 0 && !stored[c.Contact] {
				s.add(c)
			}
		}
		if len(ids) < s.limit {
			return nil
		}
	}
	s.found.Next = before
	return nil
}

// stored names the contacts whose messages nobody finds by searching: what is
// held of them is stored and nothing else (A-14.1-04).
func (s *search) stored(convs []store.Row) (map[desk.ID]bool, error) {
	var ids []desk.ID
	for _, c := range convs {
		if c.ID != 0 && !slices.Contains(ids, c.Contact) {
			ids = append(ids, c.Contact)
		}
	}
	people, err := s.r.ContactsBy(ids)
	out := map[desk.ID]bool{}
	for _, p := range people {
		out[p.ID] = p.Stored()
	}
	return out, err
}

// index makes messages findable by the stems of their words.
func (in *Inbox) index(ctx context.Context, job *flow.Job) error {
	h := in.DB.In(job.Items[0].Workspace)
	ids := make([]desk.ID, len(job.Items))
	for i, it := range job.Items {
		ids[i] = it.Message
	}
	var batch []store.MessageTerms
	err := h.Read(ctx, func(r *store.Rx) error {
		batch = batch[:0]
		messages, err := r.Messages(ids)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.Deleted || m.Kind == desk.KindEvent || m.Body == "" {
				continue
			}
			batch = append(batch, store.MessageTerms{Message: m.ID, Terms: text.Terms(string(m.Body)), Anew: m.Edited})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.Write(ctx, func(tx *store.Tx) error {
		if err := tx.IndexMessages(batch); err != nil {
			return err
		}
		return job.Finish(tx)
	})
}
