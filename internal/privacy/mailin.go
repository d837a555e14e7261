package privacy

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"

	"golang.org/x/net/html"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// Bounds of a mail that is read.
const (
	MaxMail   = 2 << 20 // bytes
	mailDepth = 6
	mailParts = 40
)

// Mail is what is read of a mail: who it says it is from, which proves nothing,
// and its words.
type Mail struct {
	From    string `json:"from"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Auto    bool   `json:"auto"` // a machine wrote it, and none is answered
}

// ReadMail reads one RFC 5322 message, however it was made. Errors are
// desk.Invalid and say what is wrong.
func ReadMail(from io.Reader) (Mail, error) {
	raw, err := io.ReadAll(io.LimitReader(from, MaxMail+1))
	if err != nil {
		return Mail{}, err
	}
	if len(raw) > MaxMail {
		return Mail{}, desk.Fail(desk.Invalid, "too_large", "a mail has at most 2 MiB")
	}
	raw = bytes.TrimLeft(raw, "\r\n")
	if line, rest, ok := bytes.Cut(raw, []byte("\n")); ok && bytes.HasPrefix(line, []byte("From ")) { // of a mailbox file
		raw = rest
	}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, desk.Fail(desk.Invalid, "no_mail", "this is no mail: its header cannot be read")
	}
	all, err := msg.Header.AddressList("From")
	if err != nil || len(all) != 1 || len(msg.Header["From"]) != 1 || !addressForm(all[0].Address) {
		return Mail{}, desk.Fail(desk.Invalid, "no_sender", "a mail has one sender with one address")
	}
	out := Mail{From: all[0].Address, Auto: automatic(msg.Header, all[0].Address)}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		subject = msg.Header.Get("Subject")
	}
	out.Subject = strings.Join(strings.Fields(text.Normalise(subject, 200)), " ")
	left := mailParts
	plain, marked := words(textproto.MIMEHeader(msg.Header), msg.Body, mailDepth, &left)
	if strings.TrimSpace(plain) == "" {
		plain = marked
	}
	out.Text = strings.TrimSpace(text.Normalise(plain, MaxCaseWords-300))
	return out, nil
}

// automatic reports whether a machine wrote a mail, so that two machines never
// answer each other.
func automatic(h mail.Header, from string) bool {
	auto := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	name, _, _ := strings.Cut(strings.ToLower(from), "@")
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "bulk", "junk", "list", "auto_reply":
		return true
	}
	return auto != "" && auto != "no" || h.Get("List-Id") != "" || h.Get("List-Unsubscribe") != "" || strings.TrimSpace(h.Get("Return-Path")) == "<>" ||
		h.Get("X-Autoreply") != "" || name == "mailer-daemon" || name == "postmaster" || strings.HasPrefix(name, "no-reply") || strings.HasPrefix(name, "noreply")
}

// words is the first plain text of a part, and the first of a page without its
// marks. What cannot be read is left out.
func words(h textproto.MIMEHeader, body io.Reader, depth int, left *int) (plain, marked string) {
	if *left--; *left < 0 || depth == 0 || strings.HasPrefix(strings.ToLower(h.Get("Content-Disposition")), "attachment") {
		return "", ""
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind == "" {
		kind = "text/plain"
	}
	switch {
	case strings.HasPrefix(kind, "multipart/") && params["boundary"] != "":
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return plain, marked
			}
			p, m := words(part.Header, part, depth-1, left)
			if plain == "" {
				plain = p
			}
			if marked == "" {
				marked = m
			}
		}
	case kind == "text/plain":
		return decoded(h, params["charset"], body), ""
	case kind == "text/html":
		return "", unmarked(decoded(h, params["charset"], body))
	}
	return "", ""
}

func decoded(h textproto.MIMEHeader, charset string, body io.Reader) string {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	raw, _ := io.ReadAll(io.LimitReader(body, 4*MaxCaseWords)) // what came before a fault counts
	switch strings.ToLower(charset) {
	case "iso-8859-1", "windows-1252", "iso-8859-9", "windows-1254":
		turkish := map[byte]rune{0xd0: 'Ğ', 0xdd: 'İ', 0xde: 'Ş', 0xf0: 'ğ', 0xfd: 'ı', 0xfe: 'ş'}
		var b strings.Builder
		for _, c := range raw {
			r, ok := turkish[c]
			if !ok || strings.HasSuffix(charset, "1") || strings.HasSuffix(charset, "52") {
				r = rune(c)
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	return strings.ToValidUTF8(string(raw), "�")
}

// unmarked is a page's text.
func unmarked(page string) string {
	var b strings.Builder
	tokens, skip := html.NewTokenizer(strings.NewReader(page)), false
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return b.String()
		case html.StartTagToken:
			name, _ := tokens.TagName()
			skip = string(name) == "script" || string(name) == "style"
			b.WriteByte(' ')
		case html.EndTagToken:
			skip = false
			b.WriteByte('\n')
		case html.TextToken:
			if !skip {
				b.Write(tokens.Text())
			}
		}
	}
}
