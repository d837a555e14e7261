package config_test

import (
	"encoding/base64"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/config"
)

var update = flag.Bool("update", false, "write the golden page instead of comparing")

func load(pairs ...string) (config.Config, error) {
	env := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return config.Load(func(name string) string { return env[name] })
}

func TestAnEmptyEnvironmentIsAWorkingLoopbackInstall(t *testing.T) {
	t.Parallel()
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.PublicURL != "http://127.0.0.1:8080" || c.Data != "./data" || c.Dev {
		t.Fatalf("%+v", c)
	}
}

func TestEverySettingCanBeRead(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"PARLEY_LISTEN": "[::1]:80", "PARLEY_ADMIN_LISTEN": "127.0.0.1:9090",
		"PARLEY_PUBLIC_URL": "https://chat.example.com", "PARLEY_TLS_CERT": "/srv/tls.crt", "PARLEY_TLS_KEY": "/srv/tls.key", "PARLEY_DATA": "/srv/parley", "PARLEY_BLOBS": "/srv/files",
		"PARLEY_DATABASE": "postgres://a:b@h/d", "PARLEY_KEYS_DATABASE": "postgresql://a:b@h/k",
		"PARLEY_ROOT_KEY":        base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"PARLEY_ROOT_KEY_NEXT":   strings.Repeat("0a", 32),
		"PARLEY_TRUSTED_PROXIES": "10.1.2.3/8, 192.0.2.7,2001:db8::1",
		"PARLEY_META_APP_ID":     "1", "PARLEY_META_APP_SECRET": "s", "PARLEY_META_VERIFY_TOKEN": "v",
		"PARLEY_META_GRAPH_URL": "http://127.0.0.1:1", "PARLEY_META_LOGIN_CONFIG": "3", "PARLEY_META_SIGNUP_CONFIG": "4",
		"PARLEY_INSTAGRAM_APP_ID": "2", "PARLEY_INSTAGRAM_APP_SECRET": "t",
		"PARLEY_INSTAGRAM_GRAPH_URL": "http://127.0.0.1:2",
		"PARLEY_CRAWL_PRIVATE":       "wiki.lan:8080",
		"PARLEY_OPENAI_URL":          "http://127.0.0.1:3/v1", "PARLEY_OPENAI_KEY": "o",
		"PARLEY_EMBEDDINGS_URL": "http://127.0.0.1:5/v1", "PARLEY_EMBEDDINGS_KEY": "e",
		"PARLEY_ANTHROPIC_URL": "http://127.0.0.1:4", "PARLEY_ANTHROPIC_KEY": "a", "PARLEY_MODEL_DPA": "DPA-7 of 2026-11-01", "PARLEY_MODEL_DAYS": "30",
		"PARLEY_GOOGLE_CLIENT_ID": "g", "PARLEY_GOOGLE_CLIENT_SECRET": "gs", "PARLEY_OIDC_NAME": "Northwind ID", "PARLEY_OIDC_ISSUER": "https://id.example.com",
		"PARLEY_OIDC_CLIENT_ID": "i", "PARLEY_OIDC_CLIENT_SECRET": "is", "PARLEY_OIDC_HOSTS": "keys.example.com",
		"PARLEY_SMTP_URL": "smtp://u:p@mail.example.com?from=a@example.com", "PARLEY_DEV": "1", "PARLEY_CLOCK_OFFSET": "-90m",
		"PARLEY_SECURITY_CONTACT": "mailto:security@example.com", "PARLEY_OPERATOR_MAIL": "ops@example.com",
		"PARLEY_STORAGE": "500MB",
		"PARLEY_CLAMAV":  "/run/clamav/clamd.ctl",
		"PARLEY_BACKUPS": "/mnt/backups", "PARLEY_RECOVERY_KEY": "age1northwind",
		"PARLEY_GEO_FILE": "/srv/city.mmdb", "PARLEY_OTLP": "http://127.0.0.1:9",
		"PARLEY_SENTRY_DSN": "http://k@127.0.0.1:7/1", "PARLEY_SENTRY_DPA": "DPA-8 of 2026-11-01",
		"PARLEY_POSTHOG_KEY": "phc", "PARLEY_POSTHOG_URL": "http://127.0.0.1:8", "PARLEY_POSTHOG_DPA": "DPA-9 of 2026-11-01",
	}
	c, err := config.Load(func(name string) string { return " " + values[name] + "\n" })
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if v.Field(i).IsZero() {
			t.Errorf("%s was not read into %s", f.Tag.Get("env"), f.Name)
		}
		if !strings.HasPrefix(f.Tag.Get("env"), "PARLEY_") || len(f.Tag.Get("doc")) < 20 {
			t.Errorf("%s needs env and doc tags", f.Name)
		}
	}
	if c.TrustedProxies[0] != netip.MustParsePrefix("10.0.0.0/8") || c.TrustedProxies[1] != netip.MustParsePrefix("192.0.2.7/32") {
		t.Errorf("proxies %v", c.TrustedProxies)
	}
	if key, err := c.RootKeyBytes(); err != nil || len(key) != 32 || c.ClockOffset != -90*time.Minute {
		t.Errorf("root key %d bytes, %v; offset %v", len(key), err, c.ClockOffset)
	}
	if key, err := c.NextRootKeyBytes(); err != nil || len(key) != 32 || key[31] != 10 {
		t.Errorf("next root key %x, %v", key, err)
	}
}

func TestWrongValuesStopTheStartAndSayWhatToWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, value, says string }{
		{"PARLEY_LISTEN", "8080", "write for example 127.0.0.1:8080"},
		{"PARLEY_LISTEN", "localhost:99999", "write for example"},
		{"PARLEY_ADMIN_LISTEN", "127.0.0.1:8080", "must differ"},
		{"PARLEY_PUBLIC_URL", "chat.example.com", "https://chat.example.com"},
		{"PARLEY_PUBLIC_URL", "https://chat.example.com/inbox", "scheme and host only"},
		{"PARLEY_PUBLIC_URL", "https://chat.example.com/", "scheme and host only"},
		{"PARLEY_TLS_CERT", "/srv/tls.crt", "set both or none"},
		{"PARLEY_BLOBS", "s3://bucket/files", "takes a folder"},
		{"PARLEY_DATABASE", "mysql://hunter2@h/d", "begin with postgres://"},
		{"PARLEY_KEYS_DATABASE", "hunter2", "begin with postgres://"},
		{"PARLEY_ROOT_KEY", "hunter2", "32 bytes in base64"},
		{"PARLEY_ROOT_KEY_NEXT", "hunter2", "32 bytes in base64"},
		{"PARLEY_ROOT_KEY_NEXT", strings.Repeat("0a", 32), "beside PARLEY_ROOT_KEY"},
		{"PARLEY_TRUSTED_PROXIES", "10.0.0.0/99", "neither an address"},
		{"PARLEY_SECURITY_CONTACT", "security@example.com", "mailto:"},
		{"PARLEY_CLAMAV", "clam", "is not an address with a port"},
		{"PARLEY_STORAGE", "20 elephants", "write for example 500MB or 20GB"},
		{"PARLEY_STORAGE", "-1gb", "is not an amount"},
		{"PARLEY_STORAGE", "9000000tb", "is not an amount"},
		{"PARLEY_DEV", "maybe", "write 1 or 0"},
		{"PARLEY_CLOCK_OFFSET", "1 day", "write for example 90m"},
		{"PARLEY_CLOCK_OFFSET", "1h", "unless PARLEY_DEV=1"},
	} {
		_, err := load(c.name, c.value)
		if err == nil || !strings.Contains(err.Error(), c.name+": ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows a secret: %v", c.name, err)
		}
	}
}

func TestAmountsAreReadInEitherCase(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]config.Bytes{"0": 0, "700": 700, "700b": 700, "20kb": 20e3, "20KB": 20e3, "5mB": 5e6, "20gb": 20e9, "20 Gb": 20e9, "2tb": 2e12, "2TB": 2e12} {
		if c, err := load("PARLEY_STORAGE", raw); err != nil || c.Storage != want {
			t.Errorf("%q is read as %d, %v", raw, c.Storage, err)
		}
	}
}

// asvs: V12.2.1
func TestACertificateMakesTheAddressHTTPS(t *testing.T) {
	t.Parallel()
	c, err := load("PARLEY_TLS_CERT", "a", "PARLEY_TLS_KEY", "b")
	if err != nil || c.PublicURL != "https://127.0.0.1:8080" {
		t.Error(c.PublicURL, err)
	}
	if _, err := load("PARLEY_TLS_CERT", "a", "PARLEY_TLS_KEY", "b", "PARLEY_PUBLIC_URL", "http://chat.example.com"); err == nil {
		t.Error("an http address with a certificate")
	}
}

func TestAllWrongSettingsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := load("PARLEY_LISTEN", "x", "PARLEY_DEV", "y")
	if err == nil || strings.Count(err.Error(), "PARLEY_") < 2 {
		t.Fatal(err)
	}
}

func TestSettingsPageIsUpToDate(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "docs", "config.md")
	if *update {
		if err := os.WriteFile(path, []byte(config.Page()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != config.Page() {
		t.Fatalf("docs/config.md is out of date; run go test ./internal/kit/config -update (%v)", err)
	}
}
