package notify

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
)

// Rule is the register's name for the mail server.
const Rule = "mail"

// Server is a mail server as PARLEY_SMTP_URL names it.
type Server struct {
	Address  string // host:port
	Host     string
	User     string
	Password secret.Text
	From     string // name <address>, or an address
	Implicit bool   // TLS from the first byte (smtps); else STARTTLS
	Here     bool   // on this machine, where plain text is allowed
}

// Parse reads smtp://user:password@host:587?from=name%20<address>, or smtps://
// for TLS from the first byte. The error never shows the password.
func Parse(raw secret.Text) (Server, error) {
	if raw.IsZero() {
		return Server{}, nil
	}
	wrong := func(what string) (Server, error) {
		return Server{}, errors.New("PARLEY_SMTP_URL: " + what + "; it looks like smtp://user:password@mail.example.com:587?from=support@example.com")
	}
	u, err := url.Parse(raw.Reveal())
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return wrong("this is not the address of a mail server")
	}
	s := Server{Host: u.Hostname(), User: u.User.Username(), From: strings.TrimSpace(u.Query().Get("from")), Implicit: u.Scheme == "smtps"}
	password, _ := u.User.Password()
	s.Password = secret.New(password)
	port := u.Port()
	switch {
	case port == "" && s.Implicit:
		port = "465"
	case port == "":
		port = "587"
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return wrong("the port is a number")
	}
	if s.From == "" {
		return wrong("?from= is missing, the address mails come from")
	}
	if err := gomail.NewMsg().From(s.From); err != nil {
		return wrong("?from= is not a mail address")
	}
	ip := net.ParseIP(s.Host)
	s.Here = s.Host == "localhost" || ip != nil && ip.IsLoopback()
	s.Address = net.JoinHostPort(s.Host, port)
	if _, _, err := net.SplitHostPort(s.Address); err != nil {
		return wrong("this is not the name of a mail server")
	}
	return s, nil
}

// domain is what stands behind the @ of the address mails come from.
func (s Server) domain() string {
	msg := gomail.NewMsg()
	if err := msg.From(s.From); err != nil || len(msg.GetFrom()) != 1 {
		return "localhost"
	}
	_, domain, _ := strings.Cut(msg.GetFrom()[0].Address, "@")
	return domain
}

// post hands mails to the server.
type post struct {
	limit  time.Duration // of one mail; 0 = sendTime
	server Server
	out    *httpx.Client
	roots  *x509.CertPool
	clk    clock.Clock
}

// fault is why the server did not take a mail; code "" = it did.
type fault struct {
	code  string // the server's, such as 550, or a word of ours
	final bool   // asking again does not help
	cause error  // for whoever tests the connection; may name an address
}

// sendTime is how long one mail may take.
const sendTime = 60 * time.Second

func (p post) send(ctx context.Context, m mail) fault {
	msg, err := p.message(m)
	if err != nil {
		return fault{"address", true, err}
	}
	client, err := p.client()
	if err != nil {
		return fault{"setting", true, err}
	}
	ctx, cancel := clock.WithTimeout(ctx, p.clk, p.time())
	defer cancel()
	return read(client.DialAndSendWithContext(ctx, msg))
}

func (p post) time() time.Duration { return cmp.Or(p.limit, sendTime) }

func (p post) client() (*gomail.Client, error) {
	_, port, err := net.SplitHostPort(p.server.Address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: p.server.Host, MinVersion: tls.VersionTLS12, RootCAs: p.roots}
	options := []gomail.Option{gomail.WithPort(number), gomail.WithTimeout(p.time()), gomail.WithTLSConfig(secure), gomail.WithoutNoop(), gomail.WithHELO(p.server.domain()),
		gomail.WithDialContextFunc(func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := p.out.Dial(ctx, Rule, p.server.Address)
			if err != nil || !p.server.Implicit {
				return conn, err
			}
			safe := tls.Client(conn, secure)
			return safe, safe.HandshakeContext(ctx)
		})}
	switch {
	case p.server.Implicit:
		options = append(options, gomail.WithSSL())
	case p.server.Here:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if p.server.User != "" {
		options = append(options, gomail.WithUsername(p.server.User), gomail.WithPassword(p.server.Password.Reveal()),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(p.server.Host, options...)
}

func (p post) message(m mail) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(p.server.From); err != nil {
		return nil, err
	}
	if err := msg.To(m.to); err != nil {
		return nil, err
	}
	msg.SetMessageIDWithValue(m.id + "@" + p.server.domain())
	msg.SetDateWithValue(p.clk.Now())
	msg.Subject(m.subject)
	// No out-of-office answers, and nothing that follows links on the way.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.stop != "" { // RFC 8058: one press in the mail program, no sign-in
		msg.SetGenHeader("List-Unsubscribe", "<"+m.stop+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	msg.SetGenHeader("Content-Language", m.locale)
	msg.SetBodyString(gomail.TypeTextPlain, m.text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.html)
	return msg, nil
}

// read tells a refusal that stands from one that may pass.
func read(err error) fault {
	if err == nil {
		return fault{}
	}
	var said *gomail.SendError
	if errors.As(err, &said) && said.ErrorCode() >= 400 {
		return fault{strconv.Itoa(said.ErrorCode()), said.ErrorCode() >= 500, err}
	}
	if refusal := code(err.Error()); refusal != "" { // of a greeting or a sign-in
		return fault{refusal, false, err}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fault{"timed_out", false, err}
	}
	return fault{"unreachable", false, err}
}

// code finds the three figures at the end of a wrapped answer such as
// "dial failed: 535 5.7.8 …".
func code(s string) string {
	for part := range strings.SplitSeq(s, ": ") {
		if len(part) > 3 && (part[3] == ' ' || part[3] == '-') {
			if n, err := strconv.Atoi(part[:3]); err == nil && n >= 400 && n < 600 {
				return part[:3]
			}
		}
	}
	return ""
}
