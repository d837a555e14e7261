package inbox

import (
	"context"

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
		all, err := s.r.ConversationsWith(p.ID, s.limit)
		if err != nil {
			return err
		}
		for _, c := range all {
			s.add(c)
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
		for _, id := range ids {
			if len(s.found.Conversations) == s.limit {
				s.found.Next = before
				return nil
			}
			before = id
			if err := s.message(id); err != nil {
				return err
			}
		}
		if len(ids) < s.limit {
			return nil
		}
	}
	s.found.Next = before
	return nil
}

func (s *search) message(id desk.ID) error {
	at, err := s.r.ConversationOf(id)
	if desk.IsNotFound(err) || err == nil && s.seen[at] {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := s.r.Conversation(at)
	if err == nil {
		s.add(c)
	}
	return err
}

// index makes messages findable by the stems of their words.
func (in *Inbox) index(ctx context.Context, job *flow.Job) error {
	h := in.DB.In(job.Items[0].Workspace)
	var batch []store.MessageTerms
	err := h.Read(ctx, func(r *store.Rx) error {
		batch = batch[:0]
		for _, it := range job.Items {
			m, err := r.Message(it.Message)
			if desk.IsNotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
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
