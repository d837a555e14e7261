package looks

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/promise"
	"parley/internal/store"
	"parley/internal/vault"
)

// slack is how late what ends by itself may be: sweeps run each hour or each day,
// and a machine may be off for a night.
const slack = 48 * time.Hour

// ages wants nothing of these kinds, or of all, to be older than its term.
func ages(kinds ...string) func(context.Context, Install) promise.Result {
	return func(ctx context.Context, in Install) promise.Result {
		everywhere, err := in.DB.Workspaces(ctx)
		if err != nil {
			return unread(err)
		}
		ids := []desk.ID{0}
		for _, ws := range everywhere {
			ids = append(ids, ws.ID)
		}
		now, seen := in.DB.Clock().Now(), 0
		for _, ws := range ids {
			var all []store.Age
			if err := in.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { all, err = r.Ages(); return err }); err != nil {
				return unread(err)
			}
			for _, a := range all {
				if len(kinds) > 0 && !slices.Contains(kinds, a.Kind) {
					continue
				}
				seen++
				if age := now.Sub(a.Oldest); !a.Oldest.IsZero() && age > a.Term+slack {
					return failed("%s of workspace %s are up to %d days old, and their term is %d", a.Kind, ws, days(age), days(a.Term))
				}
			}
		}
		if seen == 0 {
			return unseen("nothing of it has a term here")
		}
		return proven(fmt.Sprintf("%d oldest rows of %s are within their terms", seen, cmp.Or(strings.Join(kinds, ", "), "everything that ends")))
	}
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// dayKeys wants no key of a day to be left past its term: what it seals could
// still be read.
func dayKeys(kind vault.Kind, term time.Duration) func(context.Context, Install) promise.Result {
	return func(ctx context.Context, in Install) promise.Result {
		all, err := in.Keys(ctx)
		if err != nil {
			return unread(err)
		}
		for _, k := range all {
			if age := in.DB.Clock().Now().Sub(k.Oldest); k.Kind == kind && age > term+24*time.Hour+slack {
				return failed("a key of a day is %d days old, and its term is %d", days(age), days(term))
			}
		}
		return proven("no key of a day is past its term")
	}
}

// backups wants every file to be within its term.
func backups(_ context.Context, in Install) promise.Result {
	if in.Backups == nil {
		return unseen("this install makes no backups: parley doctor says how to begin")
	}
	all, err := in.Backups()
	if err != nil {
		return unread(err)
	}
	for _, b := range all {
		if age := in.DB.Clock().Now().Sub(b.At); age > b.Term {
			return failed("a backup of %s is %d days old, and its term is %d", b.Kind, days(age), days(b.Term))
		}
	}
	return proven(fmt.Sprintf("%d backups are within their terms", len(all)))
}

// ways wants every way to the program to be TLS 1.2 or newer.
func ways(_ context.Context, in Install) promise.Result {
	if in.Handshake == nil {
		return unseen("the program itself speaks no TLS here, it answers " + in.Plain)
	}
	if v, err := in.Handshake(tls.VersionTLS11); err == nil {
		return failed("the program agreed to %s", tls.VersionName(v))
	}
	v, err := in.Handshake(tls.VersionTLS12)
	if err != nil {
		return failed("a browser with TLS 1.2 cannot reach the program: %v", err)
	}
	return proven("TLS 1.1 is refused", tls.VersionName(v)+" is spoken")
}

// sealed writes a made-up person's message and looks for it at rest.
func sealed(ctx context.Context, in Install) (res promise.Result) {
	if in.Raw == nil {
		return unseen("the bytes of the database lie on another machine")
	}
	hidden, shown := secret.Token(), secret.Token()
	since := in.DB.Clock().Now()
	away, err := in.Canary(ctx, hidden, shown)
	if away != nil {
		defer func() {
			if err := away(ctx); err != nil && res.State == promise.Proven {
				res = unread(err)
			}
		}()
	}
	if err != nil {
		return unread(err)
	}
	clear, found := 0, 0
	err = in.Raw(ctx, since, func(piece []byte) error {
		clear += bytes.Count(piece, []byte(hidden))
		found += bytes.Count(piece, []byte(shown))
		return nil
	})
	switch {
	case errors.Is(err, promise.ErrShut):
		return unseen("there are too many bytes to look through each hour")
	case err != nil:
		return unread(err)
	case clear > 0:
		return failed("what a made-up person wrote lies readable on the disk")
	case found == 0:
		return unseen("the search did not even find what is not encrypted")
	}
	return proven("what is not encrypted is found at rest", "what a person wrote is not")
}

var (
	foreign = regexp.MustCompile(`(?i)(?:src|href)\s*=\s*["']?(?:https?:)?//[^"'>\s]+\.(?:js|css|png|gif|svg|woff2?)`)
	script  = regexp.MustCompile(`(?i)<script\b`)
)

// quiet wants the public pages to leave nothing in a browser and to call nobody.
func quiet(ctx context.Context, in Install) promise.Result {
	var seen []string
	for _, path := range []string{"/privacy", "/subprocessors", "/cookies"} {
		p, err := in.Ask(ctx, path)
		switch {
		case err != nil:
			return unread(err)
		case p.Status != http.StatusOK:
			return unseen(path + " is not published: parley doctor says what is missing")
		case len(p.Header.Values("Set-Cookie")) > 0:
			return failed("%s sets a cookie", path)
		case script.MatchString(p.Body) || foreign.MatchString(p.Body):
			return failed("%s runs a script or loads something from elsewhere", path)
		}
		seen = append(seen, path+" sets no cookie, runs nothing and loads nothing")
	}
	return proven(seen...)
}

// dated wants the page of the policy to bear the number of the version in force.
func dated(ctx context.Context, in Install) promise.Result {
	p, err := in.Ask(ctx, "/privacy")
	if err != nil {
		return unread(err)
	}
	if p.Status != http.StatusOK {
		return unseen("/privacy is not published: parley doctor says what is missing")
	}
	var newest int64
	err = in.DB.In(0).Read(ctx, func(r *store.Rx) error {
		all, err := r.PolicyVersions(promise.Privacy, 50)
		for _, one := range all {
			if !one.EffectiveAt.After(in.DB.Clock().Now()) {
				newest = max(newest, one.Number)
			}
		}
		return err
	})
	switch {
	case err != nil:
		return unread(err)
	case newest == 0:
		return unseen("the policy has no version in force")
	case !strings.Contains(p.Body, strconv.FormatInt(newest, 10)):
		return failed("/privacy does not bear the number %d of the version in force", newest)
	}
	return proven(fmt.Sprintf("/privacy bears the number %d of the version in force", newest))
}

// named wants the page of the policy to say who runs the install.
func named(ctx context.Context, in Install) promise.Result {
	p, err := in.Ask(ctx, "/privacy")
	if err != nil {
		return unread(err)
	}
	if p.Status != http.StatusOK {
		return unseen("/privacy is not published: parley doctor says what is missing")
	}
	who, err := in.Operator(ctx)
	switch {
	case err != nil:
		return unread(err)
	case who == "":
		return unseen("the operator has not said who they are, so nothing is published")
	case !strings.Contains(p.Body, html.EscapeString(who)):
		return failed("/privacy does not name the operator")
	}
	return proven("/privacy names the operator")
}

// weakness wants the way to tell of a weakness to be there, and still to hold.
func weakness(ctx context.Context, in Install) promise.Result {
	p, err := in.Ask(ctx, "/.well-known/security.txt")
	if err != nil {
		return unread(err)
	}
	_, rest, _ := strings.Cut(p.Body, "Expires: ")
	line, _, _ := strings.Cut(rest, "\n")
	ends, err := time.Parse(time.RFC3339, strings.TrimSpace(line))
	switch {
	case p.Status != http.StatusOK || !strings.Contains(p.Body, "Contact: "):
		return failed("/.well-known/security.txt names nobody: set PARLEY_SECURITY_CONTACT")
	case err != nil || in.DB.Clock().Now().After(ends):
		return failed("/.well-known/security.txt says that it holds no more")
	}
	return proven("security.txt names a contact and holds until its date")
}
