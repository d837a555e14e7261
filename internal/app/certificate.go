package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/config"
)

// certificate is the install's own. Its files are looked at again while
// connections come, so that a renewed one is shown to the next connection and
// none is cut off.
type certificate struct {
	cert, key, host string
	clk             clock.Clock
	log             *slog.Logger

	mu     sync.Mutex
	shown  *tls.Certificate
	files  string // size and time of the files when they were last read
	looked time.Time
}

const (
	lookAgain   = time.Second
	renewalWarn = 14 * 24 * time.Hour // a certificate that ends sooner deserves a look
)

// newCertificate reads the files that cfg names; nil where it names none.
func newCertificate(cfg config.Config, clk clock.Clock, log *slog.Logger) (*certificate, error) {
	if cfg.TLSCert == "" {
		return nil, nil
	}
	at, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return nil, err
	}
	c := &certificate{cert: cfg.TLSCert, key: cfg.TLSKey, host: at.Hostname(), clk: clk, log: log, looked: clk.Now()}
	c.files = c.marks()
	c.shown, err = c.read()
	return c, err
}

// read loads the pair and says what browsers would not take about it.
func (c *certificate) read() (*tls.Certificate, error) {
	cert, err1 := os.ReadFile(c.cert)
	key, err2 := os.ReadFile(c.key)
	if err := errors.Join(named("PARLEY_TLS_CERT", err1), named("PARLEY_TLS_KEY", err2)); err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("PARLEY_TLS_CERT and PARLEY_TLS_KEY are no pair of PEM files: %w", err)
	}
	leaf, now := pair.Leaf, c.clk.Now()
	switch err := leaf.VerifyHostname(c.host); {
	case err != nil:
		return nil, fmt.Errorf("PARLEY_TLS_CERT is not for %s, the host of PARLEY_PUBLIC_URL: %w", c.host, err)
	case now.After(leaf.NotAfter):
		return nil, fmt.Errorf("PARLEY_TLS_CERT ended on %s: renew it", leaf.NotAfter.Format(time.DateOnly))
	case now.Before(leaf.NotBefore):
		return nil, fmt.Errorf("PARLEY_TLS_CERT begins on %s: is this machine's clock right?", leaf.NotBefore.Format(time.DateOnly))
	}
	return &pair, nil
}

func named(setting string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", setting, err)
	}
	return nil
}

// marks tell whether the files are those that were read.
func (c *certificate) marks() string {
	var marks string
	for _, name := range []string{c.cert, c.key} {
		if st, err := os.Stat(name); err == nil {
			marks += fmt.Sprintf("%d %d;", st.Size(), st.ModTime().UnixNano())
		}
	}
	return marks
}

// show gives the certificate for one connection. Files that cannot be used
// leave the one that is shown: whoever renews writes two files, one after the
// other.
func (c *certificate) show(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clk.Since(c.looked) < lookAgain {
		return c.shown, nil
	}
	c.looked = c.clk.Now()
	marks := c.marks()
	if marks == c.files {
		return c.shown, nil
	}
	c.files = marks
	if fresh, err := c.read(); err != nil {
		c.log.Warn("the renewed certificate cannot be used, the one before is still shown", "error", err)
	} else {
		c.shown = fresh
		c.log.Info("a renewed certificate is shown from now on", "ends", fresh.Leaf.NotAfter)
	}
	return c.shown, nil
}

// settings are those of the listener.
func (c *certificate) settings() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.show}
}

func (a *App) checkCertificate() []Finding {
	c, err := newCertificate(a.Config, a.Clock, a.Log)
	if c == nil && err == nil {
		return nil
	}
	if err != nil {
		return []Finding{{"certificate", Fail, err.Error()}}
	}
	ends := c.shown.Leaf.NotAfter
	text := fmt.Sprintf("for %s, until %s", c.host, ends.Format(time.DateOnly))
	if ends.Sub(a.Clock.Now()) < renewalWarn {
		return []Finding{{"certificate", Warn, text + ": renew it, the files are read again by themselves"}}
	}
	return []Finding{{"certificate", OK, text}}
}

func (a *App) checkScanner(ctx context.Context) Finding {
	s := scanner(a.Install, a.out)
	if s == nil {
		return Finding{"virus scanner", Warn, "PARLEY_CLAMAV is not set: files of customers and members are not looked through for viruses"}
	}
	if err := s.Ping(ctx); err != nil {
		return Finding{"virus scanner", Fail, "does not answer, so files wait and uploads are refused: " + err.Error()}
	}
	return Finding{"virus scanner", OK, "looks through every file"}
}
