package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/picture"
	"parley/internal/store"
)

// Upload is a file that a member brings.
type Upload struct {
	By           desk.ID // the member, 0 = a key
	Conversation desk.ID // where it will be sent; 0 = not said yet
	Name         string
	Mime         string // what the browser calls it
	Voice        bool   // recorded in the composer
	Body         io.Reader
}

// Upload takes a file in. It goes again after desk.UploadTerm when no message
// takes it. Errors: desk.NotFound for the conversation; desk.Invalid media_empty,
// media_too_large, media_virus, media_unscannable, and those of undrawn;
// desk.Conflict storage_full; desk.Unavailable disk_full, media_unchecked.
func (md *Media) Upload(ctx context.Context, ws desk.ID, u Upload) (desk.Media, error) {
	f := desk.Media{ID: md.DB.NewID(), Workspace: ws, Conversation: u.Conversation, Member: u.By, Kind: desk.MediaFile, Mime: u.Mime,
		Name: cleanName(u.Name), Voice: u.Voice}
	err := md.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if err := room(r); err != nil || u.Conversation == 0 {
			return err
		}
		c, err := r.Conversation(u.Conversation)
		f.Contact = c.Contact
		return err
	})
	if err != nil {
		return f, md.noRoom(ctx, f, err)
	}
	t := md.take(ctx, f)
	t.draw = md.redrawn
	defer t.drop()
	if _, err := io.Copy(t, u.Body); err != nil {
		return f, err
	}
	if f, err = t.keep(); err != nil {
		return f, err
	}
	f.Voice = f.Voice && f.Kind == desk.MediaAudio
	err = md.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return tx.InsertMedia(&f) })
	return f, md.noRoom(ctx, f, err)
}

// Prepare makes uploads ready for one conversation, before the transaction that
// sends them: sealed under its contact's key, in a form its channel takes. It
// answers how a message speaks of them, in the same order. A file that the
// message of an earlier try has is left as it is. Errors: desk.NotFound
// "media_not_found"; desk.Invalid "media_elsewhere", or what channel.CheckFile
// says.
func (md *Media) Prepare(ctx context.Context, ws, conversation desk.ID, ids []desk.ID) ([]desk.MediaRef, error) {
	if len(ids) > desk.MaxFiles {
		return nil, desk.Fail(desk.Invalid, "too_many_files", "a message has at most 10 files")
	}
	var c store.Row
	var skills desk.Skills
	files := make([]desk.Media, len(ids))
	err := md.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if c, err = r.Conversation(conversation); err != nil {
			return err
		}
		if skills, err = md.skills(r, c.Account); err != nil {
			return err
		}
		for i, id := range ids {
			if files[i], err = r.Media(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	refs := make([]desk.MediaRef, len(ids))
	for i, f := range files {
		if f.Contact != 0 && f.Contact != c.Contact || slices.Index(ids, f.ID) != i {
			return nil, desk.Fail(desk.Invalid, "media_elsewhere", "this file belongs to another message or conversation")
		}
		if f.Message == 0 {
			if f, err = md.fitted(ctx, f, c, skills); err != nil {
				return nil, err
			}
		}
		refs[i] = f.Ref()
	}
	return refs, nil
}

func (md *Media) skills(r *store.Rx, account desk.ID) (desk.Skills, error) {
	acct, err := r.Account(account)
	if err != nil {
		return desk.Skills{}, err
	}
	ch, err := md.Channels.Find(acct.Kind)
	if err != nil {
		return desk.Skills{}, err
	}
	return channel.SkillsOf(ch, acct), nil
}

// fitted is an upload in the form that a channel takes and under the key of who
// gets it.
func (md *Media) fitted(ctx context.Context, f desk.Media, c store.Row, skills desk.Skills) (desk.Media, error) {
	rule, _ := skills.MediaFor(f.Kind)
	turn := f.Mime == "image/webp" && len(rule.Mimes) > 0 && !slices.Contains(rule.Mimes, f.Mime)
	as := f
	if turn {
		as.Mime = "image/png"
	}
	if err := channel.CheckFile(skills, md.outgoing(as)); err != nil {
		return f, err
	}
	if !turn && f.Contact != 0 {
		return f, nil
	}
	now := f
	now.Contact, now.Conversation = c.Contact, c.ID
	if turn {
		now.Mime, now.Name = "image/png", renamed(f.Name, "image/png")
	}
	now, err := md.again(ctx, f, now, turn)
	if err != nil {
		return f, err
	}
	if err := channel.CheckFile(skills, md.outgoing(now)); err != nil {
		return f, errors.Join(err, md.Blobs.Drop(f.Workspace, now.Blob))
	}
	return now, md.DB.In(f.Workspace).Write(ctx, func(tx *store.Tx) error {
		was, err := tx.LockMedia(f.ID)
		if err != nil || was.Message != 0 || was.Blob != f.Blob {
			return errors.Join(err, tx.LetBlobGo(now.Blob)) // another request was faster
		}
		return tx.SaveMedia(was, now)
	})
}

// again seals the bytes of was anew as those of now, turned into PNG or as they
// are.
func (md *Media) again(ctx context.Context, was, now desk.Media, turn bool) (desk.Media, error) {
	bytesOf, err := md.Open(ctx, was)
	if err != nil {
		return now, err
	}
	defer func() { _ = bytesOf.Close() }() // read only
	src := io.Reader(bytesOf)
	if turn {
		var b bytes.Buffer
		if _, err := b.ReadFrom(src); err != nil {
			return now, err
		}
		drawCtx, cancel := clock.WithTimeout(ctx, md.DB.Clock(), drawTime)
		defer cancel()
		points, err := md.drawer.PNG(drawCtx, b.Bytes())
		if errors.Is(err, picture.ErrBusy) {
			return now, undrawn(err)
		}
		if err != nil {
			return now, desk.Fail(desk.Invalid, "file_type", channel.Words("en", "file_type"))
		}
		src = bytes.NewReader(points)
	}
	t := md.retake(ctx, now)
	defer t.drop()
	if _, err := io.Copy(t, src); err != nil {
		return now, err
	}
	return t.keep()
}

// renamed is the name of a WebP that became a picture of another type.
func renamed(name, mime string) string {
	if end := path.Ext(name); strings.EqualFold(end, ".webp") {
		return strings.TrimSuffix(name, end) + map[string]string{"image/png": ".png", "image/jpeg": ".jpg"}[mime]
	}
	return name
}

// Attach gives prepared uploads to a message, in the transaction that inserts
// it. An upload that another message took meanwhile is desk.Conflict.
func (md *Media) Attach(tx *store.Tx, c store.Row, message desk.ID, ids []desk.ID) error {
	for i, id := range ids {
		was, err := tx.LockMedia(id)
		if err != nil {
			return err
		}
		if was.Message != 0 || was.State != desk.MediaReady || was.Contact != c.Contact {
			return desk.Fail(desk.Conflict, "media_used", "this file belongs to another message")
		}
		now := was
		now.Message, now.Conversation, now.Place = message, c.ID, i
		if err := tx.SaveMedia(was, now); err != nil {
			return err
		}
	}
	return nil
}
