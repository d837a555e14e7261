package log_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/log"
	"parley/internal/kit/secret"
)

type body string

func (body) Redacted() string { return "(12 characters)" }

type visitor struct{ Name string }

type sly struct{ inner body }

func (s sly) LogValue() slog.Value { return slog.AnyValue(s.inner) }

func TestNoContentReachesTheLog(t *testing.T) {
	t.Parallel()
	const canary = "canary-7f3"
	for _, text := range []bool{false, true} {
		var out bytes.Buffer
		l := log.New(&out, text, slog.LevelDebug)
		l = l.With("token", canary, "who", visitor{canary})
		l.Info("filed",
			"body", canary, "Email", canary,
			"message", body(canary), "via", sly{body(canary)},
			"visitor", visitor{canary}, "pointer", &visitor{canary},
			"raw", []byte(canary), "list", []string{canary}, "map", map[string]string{canary: canary},
			"key", secret.New(canary),
			slog.Group("in", "password", canary, "v", visitor{canary}))
		l.WithGroup("g").Info("again", "phone", canary)
		if strings.Contains(out.String(), canary) {
			t.Fatalf("content in the log:\n%s", out.String())
		}
		if !strings.Contains(out.String(), "(12 characters)") {
			t.Fatalf("Redacted was not asked:\n%s", out.String())
		}
	}
}

func TestIdsNumbersAndErrorsAreKept(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log.New(&out, false, slog.LevelInfo).Warn("send failed",
		"workspace", int64(77), "err", errors.New("window closed"), "kind", "text",
		"took", 3*time.Second, "ids", []int64{1, 2}, "ok", false)
	for _, want := range []string{`"workspace":77`, "window closed", `"kind":"text"`, "[1 2]", `"ok":false`, `"level":"WARN"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing in %s", want, out.String())
		}
	}
}
