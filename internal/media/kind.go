package media

import (
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

const (
	maxMime = 100
	// headSize is how much of a file tells its type.
	headSize = 4 << 10
)

// typeOf tells a file's type by its first bytes. The claim only decides between
// types that share one container: sound without pictures in MP4, an office
// document in a ZIP.
func typeOf(head []byte, claim string) string {
	told := bare(mimetype.Detect(head).String())
	claim = bare(claim)
	switch told {
	case "audio/x-m4a":
		return "audio/mp4"
	case "video/x-m4v":
		return "video/mp4"
	case "application/ogg":
		return "audio/ogg"
	case "image/apng", "image/vnd.mozilla.apng":
		return "image/png"
	case "video/mp4", "video/webm", "video/3gpp", "video/ogg":
		if sound := "audio/" + strings.TrimPrefix(told, "video/"); claim == sound || claim == "audio/x-m4a" && told == "video/mp4" {
			return sound
		}
	case "application/zip", "application/x-ole-storage":
		if slices.Contains(office(), claim) {
			return claim
		}
	}
	return told
}

// office are documents that are ZIP or OLE inside.
func office() []string {
	const open = "application/vnd.openxmlformats-officedocument."
	return []string{open + "wordprocessingml.document", open + "spreadsheetml.sheet", open + "presentationml.presentation",
		"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"}
}

// bare is a type without its parameters.
func bare(s string) string {
	s, _, _ = strings.Cut(text.Cut(s, maxMime), ";")
	return strings.ToLower(strings.TrimSpace(s))
}

// isPicture: the kinds that are cleaned, measured and may be shown in place.
func isPicture(mime string) bool {
	return slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "image/webp"}, mime)
}

// kindOf says how a file of a type is shown. A page or a drawing with scripts is
// a file to keep, never a picture.
func kindOf(mime string, hint desk.MediaKind) desk.MediaKind {
	switch group, _, _ := strings.Cut(mime, "/"); {
	case isPicture(mime) && hint == desk.MediaSticker:
		return desk.MediaSticker
	case isPicture(mime):
		return desk.MediaImage
	case group == "video":
		return desk.MediaVideo
	case group == "audio":
		return desk.MediaAudio
	}
	return desk.MediaFile
}

// Inline reports whether browsers may show a file of this type in place: types
// that hold nothing they would run.
func Inline(mime string) bool {
	return isPicture(mime) || slices.Contains([]string{"audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/x-wav", "audio/aac", "audio/webm", "audio/flac",
		"video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/3gpp"}, mime)
}

// cleanName is the last part of what somebody calls a file, without anything
// that means something to a shell, a header or a folder.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), strings.ContainsRune(`"<>:|?*`, r):
			return -1
		case r == '\\':
			return '/'
		}
		return r
	}, text.Normalise(s, 8*desk.MaxFileName))
	if s = strings.TrimLeft(path.Base(s), ". "); s == "/" {
		return ""
	}
	end := path.Ext(s)
	if len(s) > desk.MaxFileName && len(end) < 20 {
		return text.Cut(s[:len(s)-len(end)], desk.MaxFileName-len(end)) + end
	}
	return text.Cut(s, desk.MaxFileName)
}

// FileName is the name a file is saved under: its own, or its kind with the end
// that its type asks for.
func FileName(m desk.Media) string {
	name := m.Name
	if name == "" {
		name = string(m.Kind)
	}
	if path.Ext(name) != "" {
		return name
	}
	if t := mimetype.Lookup(m.Mime); t != nil && t.Extension() != "" {
		return name + t.Extension()
	}
	return name
}

// Disposition is the header that names a file to a browser.
func Disposition(m desk.Media) string {
	how := "attachment"
	if Inline(m.Mime) {
		how = "inline"
	}
	return mime.FormatMediaType(how, map[string]string{"filename": FileName(m)})
}
