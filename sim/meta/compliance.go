package meta

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/kit/clock"
)

// sealRequest signs a payload as signed_request does: over the encoded text.
func sealRequest(key string, payload []byte) string {
	body := base64.RawURLEncoding.EncodeToString(payload)
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)) + "." + body
}

// Callback posts a signed_request to a compliance endpoint, as Meta does when a
// person removes the app or asks for deletion, and gives its answer.
func (s *Sim) Callback(ctx context.Context, address, signed string) (status int, answer []byte, err error) {
	ctx, cancel := clock.WithTimeout(ctx, s.clk, ackBudget)
	defer cancel()
	form := url.Values{"signed_request": {signed}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	began := s.clk.Now()
	res, err := s.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if answer, err = io.ReadAll(io.LimitReader(res.Body, 64<<10)); err != nil {
		return res.StatusCode, nil, err
	}
	s.locked(func() {
		s.keepDelivery(Delivery{At: began, URL: address, Object: "signed_request", Kinds: []string{"signed_request"}, Attempt: 1, Header: req.Header,
			Body: []byte(form), Status: res.StatusCode, Answer: answer, Took: s.clk.Since(began)})
	})
	return res.StatusCode, answer, nil
}
