package meta

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
)

// redirects a download may take inside Meta's media hosts.
const redirects = 3

// Download streams a file from an address of Meta's media hosts. bearer goes to
// that address's own host only.
func (g *Graph) Download(ctx context.Context, ref desk.MediaRef, bearer secret.Text, max int64, w io.Writer) (desk.Fetched, error) {
	if !ref.Expires.IsZero() && !g.clk.Now().Before(ref.Expires) {
		return desk.Fetched{}, Bad(desk.NotFound, "media_expired")
	}
	if ref.Size > max {
		return desk.Fetched{}, Bad(desk.Invalid, "media_too_large")
	}
	looked := &look{to: w, sum: sha256.New(), kind: ref.Kind}
	a, err := g.out.Stream(ctx, httpx.Call{Rule: RuleMedia, URL: ref.URL, Bearer: bearer, Max: max, Redirects: redirects}, looked)
	var e *httpx.Error
	switch {
	case errors.Is(err, errNoFile):
		return desk.Fetched{}, Bad(desk.Invalid, "media_unreadable")
	case errors.As(err, &e) && e.Kind == httpx.TooLarge:
		return desk.Fetched{}, Bad(desk.Invalid, "media_too_large")
	case errors.As(err, &e) && e.Kind == httpx.Refused:
		return desk.Fetched{}, failed(refusal{reason: "media_refused", as: denied}, err, 0)
	case err != nil:
		return desk.Fetched{}, failed(refusal{reason: "unreachable", as: down, retry: true}, err, 0)
	}
	switch {
	case a.Status == http.StatusForbidden, a.Status == http.StatusNotFound, a.Status == http.StatusGone, a.Status == http.StatusUnauthorized:
		return desk.Fetched{}, Bad(desk.NotFound, "media_expired") // as 3.2 and 4.3 say of such answers
	case a.Status == http.StatusTooManyRequests || a.Status >= 500:
		return desk.Fetched{}, failed(refusal{reason: "temporary", as: down, retry: true}, &Refusal{Status: a.Status}, 0)
	case a.Status < 200 || a.Status > 299:
		return desk.Fetched{}, failed(refusal{reason: "media_refused", as: denied}, &Refusal{Status: a.Status}, 0)
	case looked.size == 0:
		return desk.Fetched{}, Bad(desk.Invalid, "media_empty")
	}
	mime, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	return desk.Fetched{Mime: strings.ToLower(strings.TrimSpace(mime)), Size: looked.size, SHA256: hex.EncodeToString(looked.sum.Sum(nil))}, nil
}

var errNoFile = errors.New("a page came instead of the file")

// look hands bytes on, sums them, and stops where a page comes in place of a
// picture: error pages arrive with 200 as well.
type look struct {
	to   io.Writer
	sum  hash.Hash
	kind desk.MediaKind
	size int64
}

func (l *look) Write(p []byte) (int, error) {
	if l.size == 0 && l.kind != desk.MediaFile && strings.HasPrefix(http.DetectContentType(p), "text/html") {
		return 0, errNoFile
	}
	n, err := l.to.Write(p)
	l.size += int64(n)
	l.sum.Write(p[:n])
	return n, err
}
