package member

import (
	"bytes"
	"context"

	"parley/internal/desk"
	"parley/internal/member/oidc"
	"parley/internal/store"
)

// face keeps the picture of who just came by an account outside, where they let it
// be shown and it is another one than before. Nobody is kept from signing in by
// it: what goes wrong leaves them without a picture, and is tried again when the
// provider names another one.
func (r *Roster) face(ctx context.Context, ws desk.ID, t store.Trip, who oidc.Person) {
	if who.Subject == "" { // the second half of a sign-in: who they are was said in the first
		return
	}
	var f store.Face
	var from []byte
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		if f, err = rx.Face(t.Subject); err == nil && who.Picture != "" {
			from, err = rx.FaceHash(who.Picture)
		}
		return err
	})
	if err != nil || !f.Shown || bytes.Equal(f.From, from) {
		return
	}
	var picture []byte
	if from != nil {
		// Its words may hold the address: that it failed is what matters.
		if picture, err = r.outside.Picture(ctx, t.Way, who.Picture); err != nil {
			picture = nil
		}
	}
	f.From = from
	_ = r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutFace(f, picture); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: f.Member})
		return nil
	})
}

// Face reads a member's picture; nil where there is none.
func (r *Roster) Face(ctx context.Context, ws, member desk.ID) (picture []byte, err error) {
	err = r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) { picture, err = rx.MemberFace(member); return err })
	return picture, err
}

// ShowFace lets the picture of a member's account outside be shown from their next
// sign-in by it on, or deletes it and keeps it away.
func (r *Roster) ShowFace(ctx context.Context, who Who, shown bool) error {
	action := "member.picture_off"
	if shown {
		action = "member.picture_on"
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.ShowFace(who.Member.ID, shown); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: who.Member.ID})
		return r.record(tx, who.Actor, action, who.Member.ID)
	})
}
