package privacy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"parley/internal/privacy"
)

// covers A-14.4-01, H-12: a mail is read whatever it is made of, and what only
// looks like one person's is refused or left to its machine.
func TestMailsAreReadHoweverTheyAreMade(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct{ raw, text, fails string }{
		"plain":          {"From: Ana <ana@example.com>\r\nSubject: my data\r\n\r\nDelete my data\r\n", "Delete my data", ""},
		"coded subject":  {"From: ana@example.com\nSubject: =?utf-8?q?verilerimi_sil?=\n\nx", "x", ""},
		"quoted":         {"From: ana@example.com\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nki=C5=9Fisel verilerimi silin", "kişisel verilerimi silin", ""},
		"Latin-5":        {"From: ana@example.com\nContent-Type: text/plain; charset=iso-8859-9\n\nki\xfeisel", "kişisel", ""},
		"alternatives":   {"From: ana@example.com\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>marked</p>\n--b\nContent-Type: text/plain\n\nplain\n--b--\n", "plain", ""},
		"a page":         {"From: ana@example.com\nContent-Type: text/html\n\n<style>x{}</style><script>alert(1)</script><p>Erase <b>me</b></p>", "Erase  me", ""},
		"attachment":     {"From: ana@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nsecret\n--b--\n", "", ""},
		"broken base64":  {"From: ana@example.com\nContent-Transfer-Encoding: base64\n\nSGVsbG8=!!!", "Hello", ""},
		"not UTF-8":      {"From: ana@example.com\n\nab\xffcd\x00ef", "ab�cdef", ""},
		"two senders":    {"From: ana@example.com, ben@example.com\n\nx", "", "one sender"},
		"sender twice":   {"From: ana@example.com\nFrom: ben@example.com\n\nx", "", "one sender"},
		"no sender":      {"Subject: x\n\nx", "", "one sender"},
		"smuggled lines": {"From: \"a\" <ana@example.com\\r\\nBcc:x@y.test>\n\nx", "", "one sender"},
		"no header":      {"hello", "", "no mail"},
		"too large":      {"From: ana@example.com\n\n" + strings.Repeat("x", privacy.MaxMail), "", "2 MiB"},
		"nested for ever": {"From: ana@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" +
			strings.Repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 2000), "", ""},
	} {
		got, err := privacy.ReadMail(strings.NewReader(x.raw))
		switch {
		case x.fails != "" && (err == nil || !strings.Contains(err.Error(), x.fails)):
			t.Errorf("%s: %v", name, err)
		case x.fails == "" && (err != nil || !strings.Contains(got.Text, x.text) || x.text == "" && got.Text != "" || !utf8.ValidString(got.Text) || strings.Contains(got.Text, "alert")):
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, header := range []string{"Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x>", "Return-Path: <>", "From: MAILER-DAEMON@example.com"} {
		raw := header + "\n\nx"
		if !strings.HasPrefix(header, "From") {
			raw = "From: ana@example.com\n" + raw
		}
		if m, err := privacy.ReadMail(strings.NewReader(raw)); err != nil || !m.Auto {
			t.Errorf("%s: %+v, %v", header, m, err)
		}
	}
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := privacy.ReadMail(strings.NewReader(string(raw)))
		if err == nil && (!utf8.ValidString(m.Text) || !utf8.ValidString(m.Subject) || len(m.Text) > privacy.MaxCaseWords || strings.ContainsAny(m.From, "\r\n\x00")) {
			t.Errorf("%+v", m)
		}
	})
}
