package media

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"slices"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// LinkTerm is how long the public address of a file works: a channel that
// fetches files itself does so while or soon after it takes the message.
const LinkTerm = 30 * time.Minute

// LinkPath is where api serves the addresses that Link makes.
const LinkPath = "/m/"

const (
	linkHead = 3 * 8 // workspace, media, end
	linkMark = 32
)

// Link is the public address of a file of a message that is being sent, "" where
// there is none. It names the file and its own end and cannot be guessed: the
// workspace's key marks it.
func (md *Media) Link(ctx context.Context, m desk.Media) (string, error) {
	if md.PublicURL == "" {
		return "", nil
	}
	head := binary.BigEndian.AppendUint64(nil, uint64(m.Workspace))
	head = binary.BigEndian.AppendUint64(head, uint64(m.ID))
	head = binary.BigEndian.AppendUint64(head, uint64(md.DB.Clock().Now().Add(LinkTerm).Unix()))
	mark, err := md.mark(ctx, m.Workspace, head)
	if err != nil {
		return "", err
	}
	return md.PublicURL + LinkPath + base64.RawURLEncoding.EncodeToString(append(head, mark...)), nil
}

func (md *Media) mark(ctx context.Context, ws desk.ID, head []byte) ([]byte, error) {
	return md.DB.Vault().Hash(ctx, int64(ws), "file address", string(head))
}

func noLink() error { return desk.Fail(desk.NotFound, "file_gone", "there is no such file") }

// ByLink finds the file of a public address: while it is not over, and while its
// message is one that leaves or has left. Everything else is desk.NotFound.
func (md *Media) ByLink(ctx context.Context, token string) (m desk.Media, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != linkHead+linkMark {
		return m, noLink()
	}
	ws, id := desk.ID(binary.BigEndian.Uint64(raw)), desk.ID(binary.BigEndian.Uint64(raw[8:]))
	end := time.Unix(int64(binary.BigEndian.Uint64(raw[16:])), 0)
	if now := md.DB.Clock().Now(); ws <= 0 || id <= 0 || !now.Before(end) || end.Sub(now) > LinkTerm {
		return m, noLink()
	}
	if known, err := md.workspace(ctx, ws); err != nil || !known {
		return m, orNoLink(err) // before the mark: asking for its key would make one
	}
	mark, err := md.mark(ctx, ws, raw[:linkHead])
	if err != nil || !secret.Equal(mark, raw[linkHead:]) {
		return m, orNoLink(err)
	}
	err = md.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if m, err = r.Media(id); err != nil {
			return err
		}
		of, err := r.Message(m.Message)
		if err == nil && (of.Deleted || of.Direction != desk.Out || !slices.Contains(leaving(), of.Status)) {
			err = noLink()
		}
		return err
	})
	return m, err
}

func orNoLink(err error) error {
	if err != nil {
		return err
	}
	return noLink()
}

func (md *Media) workspace(ctx context.Context, ws desk.ID) (bool, error) {
	err := md.DB.In(ws).Read(ctx, func(r *store.Rx) error { _, err := r.Settings(); return err })
	if desk.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func leaving() []desk.Status {
	return []desk.Status{desk.StatusSending, desk.StatusUnknown, desk.StatusSent, desk.StatusDelivered, desk.StatusRead}
}

// outgoing is a file as a channel gets it. Its address is only a promise that
// there will be one, for what has to be known before the call.
func (md *Media) outgoing(m desk.Media) desk.File {
	return desk.File{Kind: m.Kind, Mime: m.Mime, Name: FileName(m), Size: m.Size, Voice: m.Voice, URL: md.PublicURL,
		Open: func() (io.ReadCloser, error) { return md.Open(context.Background(), m) }}
}

// Check says before a message is sent whether its channel takes its files.
func (md *Media) Check(r *store.Rx, m desk.Message, skills desk.Skills) error {
	if len(m.Files) == 0 {
		return nil
	}
	files, err := r.MediaOf(m.ID)
	if err == nil && len(files) != len(m.Files) {
		err = desk.Fail(desk.Invalid, "file_gone", channel.Words("en", "file_gone"))
	}
	for _, f := range files {
		if err == nil && f.State != desk.MediaReady {
			err = desk.Fail(desk.Invalid, "file_gone", channel.Words("en", "file_gone"))
		}
		if err == nil {
			err = channel.CheckFile(skills, md.outgoing(f))
		}
	}
	return err
}

// Files opens the files of a message for its channel: by public address where it
// fetches them itself, as bytes until ctx ends otherwise.
func (md *Media) Files(ctx context.Context, m desk.Message, skills desk.Skills) ([]desk.File, error) {
	if len(m.Files) == 0 {
		return nil, nil
	}
	var files []desk.Media
	err := md.DB.In(m.Workspace).Read(ctx, func(r *store.Rx) (err error) { files, err = r.MediaOf(m.ID); return err })
	if err != nil {
		return nil, err
	}
	all := make([]desk.File, len(files))
	for i, f := range files {
		all[i] = md.outgoing(f)
		all[i].URL = ""
		all[i].Open = func() (io.ReadCloser, error) { return md.Open(ctx, f) }
		if skills.FileURLs {
			if all[i].URL, err = md.Link(ctx, f); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
