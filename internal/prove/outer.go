package prove

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"parley/internal/promise"
	"parley/sim/cert"
)

// Files of a certificate for this machine, beside the folder; a check that wants the
// program to speak TLS names them as {apart}/tls.crt and {apart}/tls.key.
const certFile, keyFile = "tls.crt", "tls.key"

// certLife is longer than any check moves the clock.
const certLife = 60 * 365 * 24 * time.Hour

// certify makes that certificate, which only m.own trusts.
func (m *model) certify() error {
	own, err := cert.New(m.Now().Add(-time.Hour), m.Now().Add(certLife))
	if err != nil {
		return err
	}
	m.own = own.Roots
	return errors.Join(os.WriteFile(filepath.Join(m.apart, certFile), own.Cert, 0o600), os.WriteFile(filepath.Join(m.apart, keyFile), own.Key, 0o600))
}

// Handshake offers the program one version of TLS.
func (m *model) Handshake(ctx context.Context, version uint16) (uint16, error) {
	u, err := url.Parse(m.url)
	if err != nil {
		return 0, err
	}
	// An old version is offered to see that it is refused.
	d := tls.Dialer{Config: &tls.Config{MinVersion: version, MaxVersion: version, RootCAs: m.own, Time: m.Now}}
	ctx, cancel := context.WithTimeout(ctx, toldWait)
	defer cancel()
	c, err := d.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return 0, err
	}
	agreed := uint16(0)
	if spoken, ok := c.(*tls.Conn); ok {
		agreed = spoken.ConnectionState().Version
	}
	return agreed, c.Close()
}

// Website stands a website up.
func (m *model) Website(_ context.Context, answer http.Handler, hello func(versions []uint16)) (string, error) {
	l, err := m.listen()
	if err != nil {
		return "", err
	}
	if hello == nil {
		m.answer(l, answer)
		return "http://" + l.Addr().String(), nil
	}
	own, err := tls.LoadX509KeyPair(filepath.Join(m.apart, certFile), filepath.Join(m.apart, keyFile))
	if err != nil {
		return "", errors.Join(err, l.Close())
	}
	m.answer(tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{own}, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		hello(h.SupportedVersions)
		return nil, nil // those of the listener
	}}), answer)
	return "https://" + l.Addr().String(), nil
}

// Removed hands over what Meta sends when the app was taken away there (reference 7).
func (m *model) Removed(ctx context.Context) (promise.Answer, error) {
	body := url.Values{"signed_request": {m.meta.SignedRequest(m.owner, false)}}.Encode()
	return m.HTTP(ctx, promise.Ask{Method: http.MethodPost, Path: "/hooks/meta/deauthorize", Body: []byte(body),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
}
