package api

import (
	"slices"

	"parley/internal/channel"
	"parley/internal/desk"
)

// Take says which files of one kind a channel takes.
type Take struct {
	Kind  string   `json:"kind" enum:"image,video,audio,file,sticker"`
	Types []string `json:"types" nullable:"false" doc:"Exact types; none = every type"`
	Max   int64    `json:"max" doc:"Bytes"`
	Mute  bool     `json:"mute" doc:"No text can stand beside it"`
}

// takes adds WebP where PNG is taken: Parley turns the one into the other.
func takes(s desk.Skills) []Take {
	all := []Take{}
	for _, r := range s.Media {
		types := orEmpty(slices.Clone(r.Mimes))
		if slices.Contains(types, "image/png") && !slices.Contains(types, "image/webp") {
			types = append(types, "image/webp")
		}
		all = append(all, Take{string(r.Kind), types, min(r.Max, desk.MaxFile), r.Mute})
	}
	return all
}

// Attachment is a file of a message.
type Attachment struct {
	ID       desk.ID `json:"id"`
	Kind     string  `json:"kind" enum:"image,video,audio,file,sticker"`
	Role     string  `json:"role" enum:",story,share,ad" doc:"What it is to the message; empty: it was sent"`
	State    string  `json:"state" enum:"waiting,ready,failed,gone"`
	Reason   string  `json:"reason,omitempty" doc:"Why it is failed or gone, for programs"`
	Words    string  `json:"words,omitempty" doc:"The same in the reader's language"`
	Mime     string  `json:"mime"`
	Name     string  `json:"name"`
	Size     int64   `json:"size"`
	Width    int     `json:"width,omitempty" doc:"Of a picture, in points"`
	Height   int     `json:"height,omitempty"`
	Voice    bool    `json:"voice,omitempty" doc:"Recorded, not picked"`
	Animated bool    `json:"animated,omitempty"`
	URL      string  `json:"url" doc:"Where its bytes are; empty unless it is ready"`
}

const mediaPath = "/api/v1/media"

func attachment(m desk.Media, locale string) Attachment {
	a := Attachment{ID: m.ID, Kind: string(m.Kind), Role: m.Role, State: string(m.State), Reason: m.Reason, Words: channel.Words(locale, m.Reason),
		Mime: m.Mime, Name: m.Name, Size: m.Size, Width: m.Width, Height: m.Height, Voice: m.Voice, Animated: m.Animated}
	if m.State == desk.MediaReady {
		a.URL = mediaPath + "/" + m.ID.String()
	}
	return a
}

// attachments are the files of a message; most have none, and say so without a
// question.
func (v *view) attachments(m desk.Message) ([]Attachment, error) {
	all := []Attachment{}
	if len(m.Files) == 0 {
		return all, nil
	}
	files, err := v.rx.MediaOf(m.ID)
	for _, f := range files {
		all = append(all, attachment(f, v.locale))
	}
	return all, err
}
