package store

import (
	"strings"
	"time"

	"parley/internal/desk"
)

// Reasons for which people disclose something of a person.
const (
	ForLaw       = "law"       // a demand of an authority
	ForTerms     = "terms"     // to enforce terms
	ForSafety    = "safety"    // to protect somebody's rights or safety
	ByConsent    = "consent"   // the person allowed it
	ForMarketing = "marketing" // of others, which the person allowed
)

// Disclosure is something of a person that people decided to disclose.
type Disclosure struct {
	ID          desk.ID
	Contact     desk.ID
	Demand      desk.ID // 0 = none
	Reason      string
	Recipient   string
	What        []string // kinds of data
	OptIn       desk.ID  // the consent that allows it, 0 = none is needed
	Member      desk.ID
	Times       int64
	First, Last time.Time // zero = of a demand that was not handed over
	SilentUntil time.Time // until when the person must not be told
}

const (
	disclosureColumns   = `id, contact_id, demand_id, reason, recipient, what, opt_in_id, member_id, times, first_at, last_at, silent_until`
	sqlInsertDisclosure = `INSERT INTO disclosure (workspace_id, ` + disclosureColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	// What the person must not be told of yet is not in their list.
	sqlDisclosuresOf  = `SELECT ` + disclosureColumns + ` FROM disclosure WHERE workspace_id = $1 AND contact_id = $2 AND first_at > 0 AND silent_until <= $3 ORDER BY id`
	sqlDisclosuresFor = `SELECT ` + disclosureColumns + ` FROM disclosure WHERE workspace_id = $1 AND demand_id = $2 ORDER BY id`
	sqlHandOver       = `UPDATE disclosure SET times = times + 1, first_at = CASE WHEN first_at = 0 THEN $3 ELSE first_at END, last_at = $3, member_id = $4
		WHERE workspace_id = $1 AND demand_id = $2`
	sqlDropUndisclosed  = `DELETE FROM disclosure WHERE workspace_id = $1 AND demand_id = $2 AND first_at = 0`
	sqlOldDisclosures   = `DELETE FROM disclosure WHERE workspace_id = $1 AND last_at > 0 AND last_at <= $2`
	sqlEraseDisclosures = `DELETE FROM disclosure WHERE workspace_id = $1 AND contact_id = $2`
)

// AddDisclosure keeps a disclosure; its id is made.
func (t *Tx) AddDisclosure(d *Disclosure) error {
	d.ID = t.NewID()
	to, err := t.seal(t.subject(d.Contact), "disclosure", "recipient", d.ID, []byte(d.Recipient))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertDisclosure, int64(t.ws), int64(d.ID), int64(d.Contact), int64(d.Demand), d.Reason, to, strings.Join(d.What, " "), int64(d.OptIn),
		int64(d.Member), d.Times, us(d.First), us(d.Last), us(d.SilentUntil))
	return err
}

func (r *Rx) disclosures(query string, args ...any) ([]Disclosure, error) {
	all := []Disclosure{}
	err := r.each(query, args, func(s scanner) error {
		var d Disclosure
		var to []byte
		var what string
		var first, last, silent int64
		if err := s.Scan(&d.ID, &d.Contact, &d.Demand, &d.Reason, &to, &what, &d.OptIn, &d.Member, &d.Times, &first, &last, &silent); err != nil {
			return err
		}
		d.What, d.First, d.Last, d.SilentUntil = strings.Fields(what), at(first), at(last), at(silent)
		clear, err := r.soft("disclosure", "recipient", d.ID, to)
		d.Recipient = string(clear)
		all = append(all, d)
		return err
	})
	return all, err
}

// DisclosuresTo lists what was disclosed of a contact by a decision of people, as
// far as the contact may be told of it at a moment.
func (r *Rx) DisclosuresTo(contact desk.ID, now time.Time) ([]Disclosure, error) {
	return r.disclosures(sqlDisclosuresOf, int64(r.ws), int64(contact), us(now))
}

// DisclosuresFor lists the persons of a demand with what was handed over of each.
func (r *Rx) DisclosuresFor(demand desk.ID) ([]Disclosure, error) {
	return r.disclosures(sqlDisclosuresFor, int64(r.ws), int64(demand))
}

// HandOver notes that what a demand is about was handed over, once more.
func (t *Tx) HandOver(demand, by desk.ID) error {
	_, err := t.exec(sqlHandOver, int64(t.ws), int64(demand), us(t.now), int64(by))
	return err
}

// DropUndisclosed forgets whom a demand was about when nothing was handed over.
func (t *Tx) DropUndisclosed(demand desk.ID) error {
	_, err := t.exec(sqlDropUndisclosed, int64(t.ws), int64(demand))
	return err
}
