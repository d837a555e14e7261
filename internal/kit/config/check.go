package config

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"parley/internal/kit/secret"
)

// RootKeyBytes is the decoded PARLEY_ROOT_KEY, nil when it is not set. The
// error never shows the value.
func (c Config) RootKeyBytes() ([]byte, error) { return keyBytes(c.RootKey) }

// NextRootKeyBytes is the decoded PARLEY_ROOT_KEY_NEXT, nil when it is not set.
func (c Config) NextRootKeyBytes() ([]byte, error) { return keyBytes(c.RootKeyNext) }

// keyBytes takes what people's tools print: base64 in the standard or the URL
// alphabet, padded or not, or hexadecimal digits, as root.key has them.
func keyBytes(t secret.Text) ([]byte, error) {
	if t.IsZero() {
		return nil, nil
	}
	if key, err := hex.DecodeString(t.Reveal()); err == nil && len(key) == 32 {
		return key, nil
	}
	text := strings.TrimRight(t.Reveal(), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	key, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errors.New("must be 32 bytes in base64; make one with: openssl rand -base64 32")
	}
	return key, nil
}

// check gives what is wrong about values that are each readable by themselves.
func (c Config) check() []error {
	var wrong []error
	add := func(name string, err error) {
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		}
	}
	add("PARLEY_LISTEN", listener(c.Listen))
	if c.AdminListen != "" {
		add("PARLEY_ADMIN_LISTEN", listener(c.AdminListen))
		if c.AdminListen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
			add("PARLEY_ADMIN_LISTEN", errors.New("must differ from PARLEY_LISTEN, or figures would be public"))
		}
	}
	add("PARLEY_PUBLIC_URL", publicURL(c.PublicURL))
	add("PARLEY_TLS_CERT", c.checkTLS())
	if strings.Contains(c.Blobs, "://") {
		add("PARLEY_BLOBS", errors.New("takes a folder; object stores such as s3:// are not supported by this version"))
	}
	if c.ClamAV != "" && !strings.HasPrefix(c.ClamAV, "/") {
		add("PARLEY_CLAMAV", listener(c.ClamAV))
	}
	if s := c.SecurityContact; s != "" && !strings.HasPrefix(s, "mailto:") && !strings.HasPrefix(s, "https://") || strings.ContainsAny(s, "\r\n ") {
		add("PARLEY_SECURITY_CONTACT", errors.New("write for example mailto:security@example.com, or an https address"))
	}
	add("PARLEY_META_GRAPH_URL", serviceURL(c.MetaGraphURL))
	add("PARLEY_INSTAGRAM_GRAPH_URL", serviceURL(c.InstagramGraphURL))
	add("PARLEY_OPENAI_URL", serviceURL(c.OpenAIURL))
	add("PARLEY_EMBEDDINGS_URL", serviceURL(c.EmbeddingsURL))
	add("PARLEY_ANTHROPIC_URL", serviceURL(c.AnthropicURL))
	add("PARLEY_GOOGLE_ISSUER", signInURL(c.GoogleIssuer))
	add("PARLEY_GOOGLE_CLIENT_ID", both(c.GoogleClientID != "", !c.GoogleSecret.IsZero(), "PARLEY_GOOGLE_CLIENT_SECRET"))
	add("PARLEY_OIDC_ISSUER", signInURL(c.OIDCIssuer))
	add("PARLEY_OIDC_ISSUER", both(c.OIDCIssuer != "", c.OIDCClientID != "" && !c.OIDCSecret.IsZero(), "PARLEY_OIDC_CLIENT_ID and PARLEY_OIDC_CLIENT_SECRET"))
	add("PARLEY_DATABASE", postgres(c.Database))
	add("PARLEY_KEYS_DATABASE", postgres(c.KeysDatabase))
	_, err := c.RootKeyBytes()
	add("PARLEY_ROOT_KEY", err)
	_, err = c.NextRootKeyBytes()
	add("PARLEY_ROOT_KEY_NEXT", err)
	if c.RootKey.IsZero() && !c.RootKeyNext.IsZero() {
		add("PARLEY_ROOT_KEY_NEXT", errors.New("stands beside PARLEY_ROOT_KEY only; a root key in a file is changed by parley key rotate alone"))
	}
	if c.ClockOffset != 0 && !c.Dev {
		add("PARLEY_CLOCK_OFFSET", errors.New("moves the clock and is refused unless PARLEY_DEV=1"))
	}
	return wrong
}

func (c Config) checkTLS() error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("goes with PARLEY_TLS_KEY: set both or none")
	case c.TLSCert != "" && strings.HasPrefix(c.PublicURL, "http://"):
		return errors.New("makes the main listener speak https: PARLEY_PUBLIC_URL then begins with https://")
	}
	return nil
}

func listener(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address with a port; write for example 127.0.0.1:8080", addr)
	}
	return nil
}

func publicURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	bad := err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != ""
	if bad || strings.HasSuffix(s, "/") {
		return fmt.Errorf("%q is not the address of a site; write scheme and host only, for example https://chat.example.com", s)
	}
	return nil
}

func postgres(t secret.Text) error {
	if t.IsZero() {
		return nil
	}
	u, err := url.Parse(t.Reveal())
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return errors.New("must be empty (SQLite) or begin with postgres://")
	}
	return nil
}

// serviceURL is the address of somebody's API, which may lie below a path.
func serviceURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is not the address of an API; write for example https://graph.example.com", s)
	}
	return nil
}

// both: settings that are of use only together.
func both(one, other bool, names string) error {
	if one != other {
		return errors.New("goes with " + names + ": set both or none")
	}
	return nil
}

// signInURL is the address of an account provider: https, because it is believed
// who somebody is, or a stand-in on this machine.
func signInURL(s string) error {
	if err := serviceURL(s); err != nil || s == "" {
		return err
	}
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "https" || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%q speaks plain http; an account provider is asked by https only", s)
}
