package notify

import (
	"net"
	"strings"
	"testing"

	"parley/internal/kit/secret"
)

// Whatever stands in the setting: it is read as a server one can dial, with an
// address mails come from, or the error shows nothing of it.
func FuzzMailServerAddress(f *testing.F) {
	for _, s := range []string{"smtp://user:password@mail.example.com:587?from=support@example.com", "smtps://[::1]?from=Shop%20<a@b.c>", "smtp://h:0?from=x", "http://x", "smtp://:p@mail.example.]com:587?from=a@b", "smtp://%zz", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		server, err := Parse(secret.New(s))
		switch {
		case err != nil:
			if len(s) > 12 && !strings.Contains("smtp://user:password@mail.example.com:587?from=support@example.com", s) && strings.Contains(err.Error(), s) {
				t.Fatalf("%q shows what was set", err)
			}
		case s != "":
			host, port, split := net.SplitHostPort(server.Address)
			if split != nil || host == "" || port == "" || server.From == "" || strings.ContainsAny(server.From, "\r\n") {
				t.Fatalf("%q is read as %+v", s, server)
			}
		}
	})
}
