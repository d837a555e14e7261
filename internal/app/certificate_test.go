package app

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/sim/clam"
	"parley/test/tlstest"
)

var begin = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// pair writes a certificate for some hosts, ten days long, as the files that a
// Config names.
func pair(t *testing.T, dir string, from time.Time, hosts ...string) tlstest.Pair {
	t.Helper()
	p := tlstest.New(t, from, from.Add(240*time.Hour), hosts...)
	write(t, filepath.Join(dir, "crt"), p.Cert)
	write(t, filepath.Join(dir, "key"), p.Key)
	return p
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func tlsConfig(dir string) config.Config {
	return config.Config{PublicURL: "https://chat.example.com", TLSCert: filepath.Join(dir, "crt"), TLSKey: filepath.Join(dir, "key")}
}

// asvs: V12.1.1, V12.2.1, V12.2.2
func TestARenewedCertificateIsShownWithoutCuttingAnybodyOff(t *testing.T) {
	t.Parallel()
	dir, clk, quiet := t.TempDir(), clock.NewFake(begin), slog.New(slog.DiscardHandler)
	first := pair(t, dir, begin, "chat.example.com")
	own, err := newCertificate(tlsConfig(dir), clk, quiet)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.TLS = own.settings()
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	at := strings.TrimPrefix(srv.URL, "https://")
	dial := func(p tlstest.Pair, most uint16) (*tls.Conn, error) {
		d := &tls.Dialer{NetDialer: &net.Dialer{Timeout: 10 * time.Second},
			Config: &tls.Config{RootCAs: p.Roots, ServerName: "chat.example.com", MaxVersion: most, Time: clk.Now}}
		c, err := d.DialContext(t.Context(), "tcp", at)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = c.Close() })
		return c.(*tls.Conn), nil //nolint:forcetypeassert // a tls.Dialer makes nothing else
	}
	if _, err := dial(first, tls.VersionTLS11); err == nil {
		t.Error("TLS 1.1 was spoken")
	}
	open, err := dial(first, 0)
	if err != nil {
		t.Fatal(err)
	}
	second := tlstest.New(t, begin, begin.Add(480*time.Hour), "chat.example.com")
	write(t, filepath.Join(dir, "crt"), second.Cert) // the key comes a moment later
	clk.Advance(lookAgain)
	if _, err := dial(first, 0); err != nil {
		t.Error("half a renewal took the old certificate away:", err)
	}
	write(t, filepath.Join(dir, "key"), second.Key)
	clk.Advance(lookAgain)
	if _, err := dial(second, 0); err != nil {
		t.Error("the renewed certificate is not shown:", err)
	}
	if _, err := open.Write([]byte("GET / HTTP/1.1\r\nHost: chat.example.com\r\n\r\n")); err != nil {
		t.Error(err)
	}
	if n, err := open.Read(make([]byte, 100)); err != nil || n == 0 {
		t.Error("an open connection was cut off:", err)
	}
}

func TestACertificateThatNoBrowserTakesStopsTheStartAndSaysWhy(t *testing.T) {
	t.Parallel()
	quiet := slog.New(slog.DiscardHandler)
	for name, c := range map[string]struct {
		spoil func(dir string)
		says  string
	}{
		"no file":     {func(dir string) { _ = os.Remove(filepath.Join(dir, "key")) }, "PARLEY_TLS_KEY: "},
		"no PEM":      {func(dir string) { write(t, filepath.Join(dir, "crt"), []byte("x")) }, "no pair of PEM files"},
		"foreign key": {func(dir string) { write(t, filepath.Join(dir, "key"), tlstest.New(t, begin, begin, "x").Key) }, "no pair of PEM files"},
		"other host":  {func(dir string) { pair(t, dir, begin, "shop.example.com") }, "is not for chat.example.com"},
		"ended":       {func(dir string) { pair(t, dir, begin.Add(-300*time.Hour), "chat.example.com") }, "ended on 2026-11-19: renew it"},
		"not begun":   {func(dir string) { pair(t, dir, begin.Add(time.Hour), "chat.example.com") }, "clock right?"},
	} {
		dir := t.TempDir()
		pair(t, dir, begin, "chat.example.com")
		c.spoil(dir)
		_, err := newCertificate(tlsConfig(dir), clock.NewFake(begin), quiet)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := newCertificate(config.Config{}, clock.NewFake(begin), quiet); c != nil || err != nil {
		t.Error("without the setting there is none:", err)
	}
}

func TestDoctorSaysWhenTheCertificateEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pair(t, dir, begin.Add(-24*time.Hour), "*.example.com")
	for after, want := range map[time.Duration]State{0: Warn, 250 * time.Hour: Fail} {
		a := &App{Install: &Install{Config: tlsConfig(dir), Clock: clock.NewFake(begin.Add(after)), Log: slog.New(slog.DiscardHandler)}}
		if found := a.checkCertificate(); len(found) != 1 || found[0].State != want {
			t.Errorf("after %v: %+v", after, found)
		}
	}
}

// What net/http logs of a connection names its caller.
func TestAFailedConnectionLeavesNoAddressInTheLog(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	log := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	_, _ = connections{log}.Write([]byte("http: TLS handshake error from 203.0.113.9:4711: EOF\n"))
	if !strings.Contains(b.String(), "TLS handshake error") || strings.Contains(b.String(), "203.0.113") {
		t.Error(b.String())
	}
}

// The call leaves by the register like any other.
func TestDoctorAsksTheVirusScanner(t *testing.T) {
	t.Parallel()
	sim, err := clam.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	for at, want := range map[string]State{"": Warn, sim.Address(): OK, "/nowhere/clamd.ctl": Fail} {
		in := &Install{Config: config.Config{ClamAV: at}, Clock: clock.Real{}}
		out, err := hosts(metaApp(in.Config), in.Config, in.Clock)
		if err != nil {
			t.Fatal(err)
		}
		a := &App{Install: in, out: out}
		if found := a.checkScanner(t.Context()); found.State != want {
			t.Errorf("%q: %+v", at, found)
		}
	}
}
