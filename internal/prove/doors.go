package prove

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/promise"
	"parley/sim/llm"
	"parley/sim/meta"
)

// Weather sets a knob of the stand-in for Meta, or of the one for models, there for
// questions that hold a word.
func (m *model) Weather(_ context.Context, what string, times int) error {
	if knob, word, ok := strings.Cut(what, " "); ok && llm.Knob(knob).Known() {
		m.llm.Weather(llm.Knob(knob), llm.Force{Times: times, Holds: word})
		return nil
	}
	if !slices.Contains(meta.Knobs(), meta.Knob(what)) {
		return fmt.Errorf("the stand-in for Meta knows no %q", what)
	}
	m.meta.Weather(meta.Knob(what), meta.Force{Times: times})
	return nil
}

// Grants chooses in the dialog of the stand-in for Meta.
func (m *model) Grants(_ context.Context, address string, g promise.Grant) (url.Values, error) {
	back, err := m.meta.Approve(address, meta.Choice{Targets: g.Accounts, Without: g.Without})
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(back)
	if err != nil {
		return nil, err
	}
	return u.Query(), nil
}

// Restart stops the program and starts it at the same address.
func (m *model) Restart(ctx context.Context, settings map[string]string) error {
	u, err := url.Parse(m.url)
	if err != nil {
		return err
	}
	if err := m.halt(); err != nil {
		return err
	}
	m.set["PARLEY_LISTEN"] = u.Host
	set := maps.Clone(m.set)
	for name, value := range settings {
		set[name] = strings.ReplaceAll(value, "{apart}", m.apart)
	}
	return m.boot(ctx, set, func() {})
}

// Spoil cuts off the newest file that lies beside the database.
func (m *model) Spoil(context.Context) error {
	newest, when := "", time.Time{}
	err := filepath.WalkDir(filepath.Join(m.dir, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		i, err := d.Info()
		if err == nil && !i.ModTime().Before(when) {
			newest, when = path, i.ModTime()
		}
		return err
	})
	if err != nil || newest == "" {
		return errors.Join(err, fmt.Errorf("there is %q to spoil", newest))
	}
	return os.Truncate(newest, 5)
}

// toldWait is how long what was told to a service may take to come.
const toldWait = 15 * time.Second

// Told reads the tape of a stand-in.
func (m *model) Told(ctx context.Context, service string, from int, word string) ([]byte, error) {
	tape := map[string]func() string{"posthog": m.posthog.Bytes, "sentry": m.sentry.Bytes}[service]
	if tape == nil {
		return nil, promise.ErrShut
	}
	ctx, cancel := clock.WithTimeout(ctx, m.clock, toldWait)
	defer cancel()
	tick := m.clock.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		all := tape()
		all = all[min(from, len(all)):]
		if strings.Contains(all, word) || ctx.Err() != nil {
			return []byte(all), nil
		}
		select {
		case <-ctx.Done():
		case <-tick.C():
		}
	}
}

// Follow reads a stream.
func (m *model) Follow(ctx context.Context, in promise.Ask, enough func(line string) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, in.Method, m.url+in.Path, nil)
	if err != nil {
		return err
	}
	if in.Header != nil {
		req.Header = in.Header.Clone()
	}
	req.Header.Set("Authorization", "Bearer "+m.tokens[in.As])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("%s answered %d", in.Path, res.StatusCode), res.Body.Close())
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if enough(lines.Text()) {
			return res.Body.Close()
		}
	}
	return errors.Join(fmt.Errorf("%s ended", in.Path), lines.Err(), res.Body.Close())
}
