package store

import (
	"encoding/json"

	"parley/internal/desk"
)

const (
	sqlPutProfile = `INSERT INTO contact_profile (workspace_id, contact_id, account_id, details, media_id, read_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, contact_id, account_id) DO UPDATE SET details = $4, media_id = $5, read_at = $6`
	sqlProfiles       = `SELECT account_id, details, media_id, read_at FROM contact_profile WHERE workspace_id = $1 AND contact_id = $2 ORDER BY account_id`
	sqlEraseProfiles  = `DELETE FROM contact_profile WHERE workspace_id = $1 AND contact_id = $2`
	sqlEraseProfileAt = `DELETE FROM contact_profile WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3`
)

// profileDetails is sealed as one value.
type profileDetails struct {
	Username  string `json:"u,omitempty"`
	Followers int64  `json:"n,omitempty"`
	Follows   bool   `json:"f,omitempty"`
	Followed  bool   `json:"b,omitempty"`
	Verified  bool   `json:"v,omitempty"`
}

// PutProfile keeps what a channel told of a contact in place of what it told
// before.
func (t *Tx) PutProfile(p desk.ContactProfile) error {
	sealed, err := t.seal(t.subject(p.Contact), "contact_profile", "details/"+p.Account.String(), p.Contact,
		toJSON(profileDetails{p.Username, p.Followers, p.Follows, p.Followed, p.Verified}))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlPutProfile, int64(t.ws), int64(p.Contact), int64(p.Account), sealed, int64(p.Picture), us(p.ReadAt))
	return err
}

// Profiles lists what channels told of a contact.
func (r *Rx) Profiles(contact desk.ID) ([]desk.ContactProfile, error) {
	var all []desk.ContactProfile
	err := r.each(sqlProfiles, []any{int64(r.ws), int64(contact)}, func(s scanner) error {
		p := desk.ContactProfile{Contact: contact}
		var sealed []byte
		var read int64
		if err := s.Scan(&p.Account, &sealed, &p.Picture, &read); err != nil {
			return err
		}
		p.ReadAt = at(read)
		clear, err := r.soft("contact_profile", "details/"+p.Account.String(), contact, sealed)
		if err == nil && len(clear) > 0 {
			var d profileDetails
			err = json.Unmarshal(clear, &d)
			p.Username, p.Followers, p.Follows, p.Followed, p.Verified = d.Username, d.Followers, d.Follows, d.Followed, d.Verified
		}
		all = append(all, p)
		return err
	})
	return all, err
}

// dropProfile deletes what one account told of a contact, with the picture.
func (t *Tx) dropProfile(contact, account desk.ID) error {
	all, err := t.Profiles(contact)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Account != account || p.Picture == 0 {
			continue
		}
		m, err := t.LockMedia(p.Picture)
		if err == nil {
			err = t.DropMedia(m)
		}
		if err != nil && !desk.IsNotFound(err) {
			return err
		}
	}
	_, err = t.exec(sqlEraseProfileAt, int64(t.ws), int64(contact), int64(account))
	return err
}
