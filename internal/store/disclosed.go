package store

import (
	"time"

	"parley/internal/desk"
)

// Disclosed is to whom something of a contact went, how often, and when. To is a
// kind of channel, a vendor of a model, or "" for the person.
type Disclosed struct {
	To, Way     string // Way: channel, model or copy
	Count       int
	First, Last time.Time
}

// Ways by which something of a contact went to somebody.
const (
	ToChannel = "channel" // messages written to them, by the channel's operator
	ToModel   = "model"   // turns that asked a language model
	ToPerson  = "copy"    // copies that they fetched
)

// A website chat is the install's own: nobody else is told by it.
const sqlDisclosed = `SELECT a.kind, 'channel', count(*), min(m.at), max(m.at) FROM message m
		JOIN channel_account a ON a.workspace_id = m.workspace_id AND a.id = m.account_id
		WHERE m.workspace_id = $1 AND m.contact_id = $2 AND m.direction = 'out' AND m.status IN ('sent', 'delivered', 'read') AND a.kind <> 'widget' GROUP BY a.kind
	UNION ALL SELECT r.vendor, 'model', count(*), min(r.at), max(r.at) FROM ai_run r
		JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
		WHERE r.workspace_id = $1 AND c.contact_id = $2 AND r.vendor <> '' GROUP BY r.vendor
	UNION ALL SELECT '', 'copy', count(*), min(taken_at), max(taken_at) FROM person_copy
		WHERE workspace_id = $1 AND contact_id = $2 AND taken_at > 0 GROUP BY contact_id
	ORDER BY 2, 1`

// Disclosures lists to whom something of a contact went.
func (r *Rx) Disclosures(contact desk.ID) ([]Disclosed, error) {
	all := []Disclosed{}
	err := r.each(sqlDisclosed, []any{int64(r.ws), int64(contact)}, func(s scanner) error {
		var d Disclosed
		var first, last int64
		err := s.Scan(&d.To, &d.Way, &d.Count, &first, &last)
		d.First, d.Last = at(first), at(last)
		all = append(all, d)
		return err
	})
	return all, err
}
