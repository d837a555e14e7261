package config

import (
	"encoding/base64"
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
func (c Config) RootKeyBytes() ([]byte, error) {
	if c.RootKey.IsZero() {
		return nil, nil
	}
	// Standard and URL alphabets, padded or not: people paste what their tool
	// printed.
	text := strings.TrimRight(c.RootKey.Reveal(), "=")
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
	if strings.Contains(c.Blobs, "://") {
		add("PARLEY_BLOBS", errors.New("takes a folder; object stores such as s3:// are not supported by this version"))
	}
	add("PARLEY_META_GRAPH_URL", serviceURL(c.MetaGraphURL))
	add("PARLEY_INSTAGRAM_GRAPH_URL", serviceURL(c.InstagramGraphURL))
	add("PARLEY_OPENAI_URL", serviceURL(c.OpenAIURL))
	add("PARLEY_EMBEDDINGS_URL", serviceURL(c.EmbeddingsURL))
	add("PARLEY_ANTHROPIC_URL", serviceURL(c.AnthropicURL))
	add("PARLEY_DATABASE", postgres(c.Database))
	add("PARLEY_KEYS_DATABASE", postgres(c.KeysDatabase))
	_, err := c.RootKeyBytes()
	add("PARLEY_ROOT_KEY", err)
	if c.ClockOffset != 0 && !c.Dev {
		add("PARLEY_CLOCK_OFFSET", errors.New("moves the clock and is refused unless PARLEY_DEV=1"))
	}
	return wrong
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
