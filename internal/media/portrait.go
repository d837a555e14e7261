package media

import (
	"context"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// Portrait reads the picture of a person from where their channel says it is,
// sealed under their key, in place of the one they had (was, 0 = none). It answers
// 0 when there is none to be had: a picture is never asked for twice.
func (md *Media) Portrait(ctx context.Context, acct channel.Account, contact, was desk.ID, url string) (desk.ID, error) {
	ch, err := md.Channels.Find(acct.Kind)
	if err != nil {
		return was, err
	}
	fetcher, ok := ch.(channel.Fetcher)
	if !ok || url == "" {
		return 0, md.drops(ctx, acct.Workspace, was)
	}
	ctx, cancel := clock.WithTimeout(ctx, md.DB.Clock(), fetchTime)
	defer cancel()
	f := desk.Media{ID: was, Workspace: acct.Workspace, Contact: contact, Kind: desk.MediaImage, Role: desk.RoleProfile}
	if f.ID == 0 {
		f.ID = md.DB.NewID()
	}
	t := md.take(ctx, f)
	t.draw = md.redrawn
	defer t.drop()
	_, err = fetcher.Fetch(ctx, acct, desk.MediaRef{Kind: desk.MediaImage, URL: url}, maxPicture, t)
	if err == nil {
		f, err = t.keep()
	}
	if err != nil || f.Kind != desk.MediaImage {
		md.Log.InfoContext(ctx, "the picture of a person was not read", "workspace", acct.Workspace, "contact", contact, "reason", reasonOf(err))
		return was, nil
	}
	err = md.DB.In(acct.Workspace).Write(ctx, func(tx *store.Tx) error {
		old, err := tx.LockMedia(f.ID)
		if desk.IsNotFound(err) {
			return tx.InsertMedia(&f)
		}
		if err != nil {
			return err
		}
		return tx.SaveMedia(old, f)
	})
	if isFull(err) {
		_ = md.noRoom(ctx, f, err) // they stay without a picture, or with the one they had
		return was, nil
	}
	return f.ID, err
}

// drops deletes a picture that its person took away.
func (md *Media) drops(ctx context.Context, ws, id desk.ID) error {
	if id == 0 {
		return nil
	}
	return md.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		m, err := tx.LockMedia(id)
		if desk.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.DropMedia(m)
	})
}
