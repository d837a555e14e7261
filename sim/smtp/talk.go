package smtp

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"
)

// talk is one connection.
type talk struct {
	s    *Sim
	conn net.Conn
	in   *bufio.Reader
	safe bool
	user string
	from string
	to   string
}

var errCut = errors.New("cut")

func (s *Sim) serve(c net.Conn) {
	t := &talk{s: s, conn: c, in: bufio.NewReader(c)}
	if s.opt.Implicit && t.secure() != nil {
		return
	}
	if t.strike(Greet, "220 stand-in ESMTP") != nil {
		return
	}
	for {
		line, err := t.line()
		if err != nil || t.answer(line) != nil {
			return
		}
	}
}

func (t *talk) secure() error {
	c := tls.Server(t.conn, &tls.Config{Certificates: []tls.Certificate{t.s.cert}, MinVersion: tls.VersionTLS12})
	if err := c.Handshake(); err != nil {
		return err
	}
	t.conn, t.in, t.safe = c, bufio.NewReader(c), true
	return nil
}

func (t *talk) line() (string, error) {
	line, err := t.in.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	t.s.mu.Lock()
	t.s.lines = append(t.s.lines, line)
	t.s.mu.Unlock()
	return line, nil
}

func (t *talk) say(lines ...string) error {
	_, err := io.WriteString(t.conn, strings.Join(lines, "\r\n")+"\r\n")
	return err
}

// strike answers as ever, or as the weather wants it.
func (t *talk) strike(at Step, well string) error {
	s := t.s
	s.mu.Lock()
	f, calm := s.force[at], s.calm
	now := Force{}
	if f != nil && f.Times != 0 {
		f.Times--
		now = *f
	}
	s.mu.Unlock()
	switch {
	case now.Cut:
		return errCut
	case now.Hang:
		<-calm
		return errCut
	case now.Answer != "":
		if err := t.say(now.Answer); err != nil || at == Greet {
			return errCut
		}
		return nil
	}
	return t.say(well)
}

func (t *talk) answer(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(word) {
	case "EHLO":
		hello := []string{"250-stand-in"}
		if !t.safe && !t.s.opt.Plain {
			hello = append(hello, "250-STARTTLS")
		}
		if t.s.opt.User != "" {
			hello = append(hello, "250-AUTH PLAIN LOGIN")
		}
		return t.say(append(hello, "250 8BITMIME")...)
	case "HELO", "NOOP", "RSET":
		return t.say("250 ok")
	case "STARTTLS":
		if err := t.say("220 go on"); err != nil {
			return err
		}
		return t.secure()
	case "AUTH":
		return t.auth(rest)
	case "MAIL":
		t.from = address(rest)
		if t.s.opt.User != "" && t.user == "" {
			return t.say("530 5.7.0 sign in first")
		}
		return t.say("250 ok")
	case "RCPT":
		t.to = address(rest)
		return t.strike(Rcpt, "250 ok")
	case "DATA":
		return t.data()
	case "QUIT":
		_ = t.say("221 bye") // who said goodbye may be gone
		return errCut
	}
	return t.say("502 5.5.2 unknown")
}

func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	at, _, _ := strings.Cut(rest, ">")
	return at
}

func (t *talk) auth(rest string) error {
	way, first, _ := strings.Cut(rest, " ")
	var user, password string
	switch strings.ToUpper(way) {
	case "PLAIN":
		parts := strings.Split(decode(first), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		for _, to := range []*string{&user, &password} {
			if err := t.say("334 " + base64.StdEncoding.EncodeToString([]byte("?"))); err != nil {
				return err
			}
			line, err := t.line()
			if err != nil {
				return err
			}
			*to = decode(line)
		}
	}
	if user != t.s.opt.User || password != t.s.opt.Password {
		return t.say("535 5.7.8 wrong user or password")
	}
	t.user = user
	return t.strike(Auth, "235 ok")
}

func decode(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return string(b)
}

// biggest is more than any letter has.
const biggest = 1 << 20

func (t *talk) data() error {
	if err := t.strike(Data, "354 go on"); err != nil {
		return err
	}
	var raw bytes.Buffer
	for raw.Len() < biggest {
		line, err := t.in.ReadString('\n')
		if err != nil {
			return err
		}
		if line == ".\r\n" {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, "."))
	}
	t.s.mu.Lock()
	t.s.mails = append(t.s.mails, Mail{From: t.from, To: t.to, Raw: raw.Bytes(), Safe: t.safe, User: t.user})
	t.s.told()
	t.s.mu.Unlock()
	return t.strike(Taken, "250 taken")
}
