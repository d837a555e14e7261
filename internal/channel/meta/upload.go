package meta

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
)

// uploadLimit is how long one upload may take.
const uploadLimit = 2 * time.Minute

// FormField is a plain field of an upload.
type FormField struct{ Name, Value string }

// Upload sends a file as multipart form: the fields in order, then the file
// under fileField. Nothing is held in memory but the frame around the file.
func (g *Graph) Upload(ctx context.Context, r Request, fileField string, f desk.File, fields []FormField) (Str, error) {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	for _, p := range fields {
		if err := form.WriteField(p.Name, p.Value); err != nil {
			return "", failed(refusal{reason: "bad_request", as: wrong}, err, 0)
		}
	}
	name := f.Name
	if name == "" {
		name = "file"
	}
	h := textproto.MIMEHeader{"Content-Type": {f.Mime},
		"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": fileField, "filename": name})}}
	if _, err := form.CreatePart(h); err != nil {
		return "", failed(refusal{reason: "bad_request", as: wrong}, err, 0)
	}
	frame := head.Len()
	if err := form.Close(); err != nil {
		return "", failed(refusal{reason: "bad_request", as: wrong}, err, 0)
	}
	whole := head.Bytes()
	body, err := f.Open()
	if err != nil {
		return "", failed(refusal{reason: "file_gone", as: wrong}, err, 0)
	}
	defer func() { _ = body.Close() }() // read only
	r.Body = io.MultiReader(bytes.NewReader(whole[:frame]), io.LimitReader(body, f.Size), bytes.NewReader(whole[frame:]))
	r.Length, r.Type, r.Limit = int64(len(whole))+f.Size, form.FormDataContentType(), uploadLimit
	var a struct {
		ID         Str `json:"id"`
		Attachment Str `json:"attachment_id"`
	}
	if err := g.Call(ctx, r, &a); err != nil {
		return "", err
	}
	id := a.ID
	if id == "" {
		id = a.Attachment
	}
	if id.ID() == "" {
		return "", failed(refusal{reason: "temporary", as: down, retry: true}, errors.New("an upload without an id"), 0)
	}
	return id, nil
}

// TypeOf is a file's type as Meta names it; a sticker goes out as a picture.
func TypeOf(k desk.MediaKind) string {
	if k == desk.MediaSticker {
		return string(desk.MediaImage)
	}
	return string(k)
}

// Check holds the files of a piece to the channel's rules.
func Check(files []desk.File, skills desk.Skills) error {
	for _, f := range files {
		if err := channel.CheckFile(skills, f); err != nil {
			return err
		}
	}
	return nil
}
