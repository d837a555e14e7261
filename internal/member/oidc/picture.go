package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
)

// Limits of a picture: what a list of people shows is small, and nobody who signs
// in waits for it.
const (
	maxAddress = 2 << 10
	maxPicture = 1 << 20
	maxSide    = 1024 // points
	maxKept    = 256 << 10
	pictureFor = 3 * time.Second
	drawMemory = 64 << 20
)

// PictureRule is the register's name for calls to where an issuer keeps pictures.
func (i Issuer) PictureRule() string { return "picture." + i.Way }

// PictureLimits completes the register's line for pictures.
func PictureLimits(r httpx.Rule) httpx.Rule {
	r.Max, r.Timeout = maxPicture, pictureFor
	return r
}

// address takes the claim of a picture; what is no short text is none.
func address(claim json.RawMessage) (at string) {
	if json.Unmarshal(claim, &at) != nil || len(at) > maxAddress {
		return ""
	}
	return at
}

func errPicture(why string) error {
	return desk.Fail(desk.Invalid, "picture_unusable", "the account provider's picture cannot be used ("+why+")")
}

// Picture reads somebody's picture from where their issuer keeps pictures, and
// draws it anew, so that no byte of what came is kept. It follows no redirect.
func (o *Outside) Picture(ctx context.Context, way, at string) ([]byte, error) {
	i, err := o.issuer(way)
	if err != nil {
		return nil, err
	}
	ctx, cancel := clock.WithTimeout(ctx, o.Clock, pictureFor)
	defer cancel()
	a, err := o.Out.Do(ctx, httpx.Call{Rule: i.PictureRule(), Method: http.MethodGet, URL: at})
	if err != nil {
		return nil, err
	}
	if a.Status != http.StatusOK {
		return nil, errPicture("status")
	}
	drawn, info, err := o.drawer.Redraw(ctx, a.Body)
	switch {
	case err != nil:
		return nil, err
	case info.Mime != "image/jpeg" && info.Mime != "image/png" || info.Width > maxSide || info.Height > maxSide || len(drawn) > maxKept:
		return nil, errPicture("kind or size")
	}
	return drawn, nil
}
