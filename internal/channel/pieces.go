package channel

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// Length measures a text in a channel's own unit.
func Length(s, unit string) int {
	if unit == "bytes" {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

// SplitText cuts a text into pieces of at most limit units ("bytes" or
// "characters"), in order: at the end of a sentence where one fits, else at a
// blank, else between two characters a reader sees as such. Together the pieces
// hold every visible character. A text that fits, and any text with limit ≤ 0,
// is one piece; an empty one none.
func SplitText(s string, limit int, unit string) []string {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	var pieces []string
	spans := text.Sentences(s)
	at := 0
	for limit > 0 && Length(s[at:], unit) > limit {
		end := at + cutAt(s[at:], limit, unit)
		for len(spans) > 0 && spans[0].End <= at {
			spans = spans[1:]
		}
		cut := 0
		for _, p := range spans {
			if p.End > end {
				break
			}
			cut = p.End
		}
		if cut <= at {
			cut = blankBefore(s, at, end)
		}
		pieces = append(pieces, strings.TrimSpace(s[at:cut]))
		at = cut + len(s[cut:]) - len(strings.TrimLeftFunc(s[cut:], unicode.IsSpace))
	}
	if at < len(s) {
		pieces = append(pieces, s[at:])
	}
	return pieces
}

// cutAt is the longest prefix, in bytes, that fits and ends between two
// characters; at least one.
func cutAt(s string, limit int, unit string) int {
	end := len(s)
	n := 0
	for i, r := range s {
		step := 1
		if unit == "bytes" {
			step = utf8.RuneLen(r)
			if r == utf8.RuneError {
				_, step = utf8.DecodeRuneInString(s[i:])
			}
		}
		if n+step > limit {
			end = i
			break
		}
		n += step
	}
	whole := end
	for whole > 0 && whole < len(s) && joined(s, whole) {
		_, size := utf8.DecodeLastRuneInString(s[:whole])
		whole -= size
	}
	switch {
	case whole > 0:
		return whole
	case end > 0:
		return end // one character, longer than the limit
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// joined reports whether the characters on both sides of i are seen as one:
// letters with marks, emoji built of several, flags.
func joined(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i:])
	switch {
	case unicode.In(after, unicode.Mn, unicode.Me), after == '\u200d', before == '\u200d':
		return true
	case after >= 0x1f3fb && after <= 0x1f3ff: // skin tones
		return true
	case flag(after) && flag(before):
		n := 0
		for head := s[:i]; ; n++ {
			r, size := utf8.DecodeLastRuneInString(head)
			if !flag(r) || size == 0 {
				break
			}
			head = head[:len(head)-size]
		}
		return n%2 == 1
	}
	return false
}

func flag(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// blankBefore is the last blank of s[at:end], end itself where there is none in
// its second half: a short line looks better than a long one cut in a word, but
// not at any price.
func blankBefore(s string, at, end int) int {
	if end >= len(s) {
		return end
	}
	if r, _ := utf8.DecodeRuneInString(s[end:]); unicode.IsSpace(r) {
		return end
	}
	if i := strings.LastIndexFunc(s[at:end], unicode.IsSpace); i > (end-at)/2 {
		return at + i
	}
	return end
}

// Pieces cuts a message into the calls a channel needs for it, in order: files
// first, then the text, its choices below the last piece. Choices that the
// channel cannot show are numbered in the text. Where there are several, each
// carries Ref with "/", its number and how many there are: "771/2-3".
//
// It is pure, so that whoever sends can note after each call how far it came
// and go on from there.
func Pieces(out desk.Outgoing, skills desk.Skills) []desk.Outgoing {
	if out.Template != nil {
		return []desk.Outgoing{out}
	}
	body, buttons := choices(out, skills)
	var all []desk.Outgoing
	add := func(p desk.Outgoing) {
		if len(all) > 0 {
			p.ReplyTo = ""
		}
		all = append(all, p)
	}
	for i, files := range grouped(out.Files, skills) {
		p := out
		p.Files, p.Text, p.Buttons = files, "", nil
		if i == 0 && len(buttons) == 0 && captioned(files, body, skills) {
			p.Text, body = body, ""
		}
		add(p)
	}
	for i, texts := 0, cutText(body, len(buttons) > 0, skills); i < len(texts); i++ {
		p := out
		p.Files, p.Text, p.Buttons = nil, texts[i], nil
		if i == len(texts)-1 {
			p.Buttons = buttons
		}
		add(p)
	}
	for i := range all {
		all[i].Ref = pieceRef(out.Ref, i+1, len(all))
	}
	return all
}

func pieceRef(ref string, n, of int) string {
	if ref == "" || of == 1 {
		return ref
	}
	return ref + "/" + strconv.Itoa(n) + "-" + strconv.Itoa(of)
}

// PieceOf reads the Ref of a piece as it comes back: which message it is of, and
// whether it is the last, before which all others were taken.
func PieceOf(ref string) (message string, last bool) {
	message, rest, several := strings.Cut(ref, "/")
	n, of, _ := strings.Cut(rest, "-")
	return message, !several || n == of
}

func cutText(body string, above bool, skills desk.Skills) []string {
	texts := SplitText(body, skills.TextLimit, skills.TextUnit)
	if !above || skills.ButtonText <= 0 || len(texts) == 0 {
		return texts
	}
	last := len(texts) - 1
	return append(texts[:last], SplitText(texts[last], skills.ButtonText, skills.TextUnit)...)
}

func captioned(files []desk.File, body string, skills desk.Skills) bool {
	if len(files) != 1 || skills.Caption <= 0 || Length(body, skills.TextUnit) > skills.Caption {
		return false
	}
	rule, ok := skills.MediaFor(files[0].Kind)
	return ok && !rule.Mute
}

// grouped puts neighbouring pictures into one call where the channel takes
// several.
func grouped(files []desk.File, skills desk.Skills) [][]desk.File {
	var all [][]desk.File
	for i, f := range files {
		last := len(all) - 1
		if i > 0 && f.Kind == desk.MediaImage && files[i-1].Kind == desk.MediaImage && len(all[last]) < skills.Pictures {
			all[last] = append(all[last], f)
			continue
		}
		all = append(all, []desk.File{f})
	}
	return all
}

// choices brings the buttons of a message into the form a channel has: as they
// are, as numbers below numbered lines, or as numbered lines alone.
func choices(out desk.Outgoing, skills desk.Skills) (body string, buttons []desk.Button) {
	body = out.Text
	if len(out.Buttons) == 0 {
		return body, nil
	}
	can, short := shows(out.Buttons, skills)
	if can && short {
		return body, out.Buttons
	}
	for i, b := range out.Buttons {
		n := strconv.Itoa(i + 1)
		body += "\n" + n + ". " + b.Label
		if can {
			buttons = append(buttons, desk.Button{ID: b.ID, Label: n})
		}
	}
	return strings.TrimSpace(body), buttons
}

// shows reports whether a channel has room for so many buttons, and for their
// labels.
func shows(all []desk.Button, skills desk.Skills) (can, short bool) {
	can, short = skills.Buttons && (skills.MaxButtons <= 0 || len(all) <= skills.MaxButtons), true
	for _, b := range all {
		short = short && (skills.ButtonLabel <= 0 || utf8.RuneCountInString(b.Label) <= skills.ButtonLabel)
	}
	return can, short
}

// Numbered reports whether Pieces sets numbers before choices, so that a person
// may answer with one.
func Numbered(all []desk.Button, skills desk.Skills) bool {
	can, short := shows(all, skills)
	return len(all) > 0 && !(can && short)
}
