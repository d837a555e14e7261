package prove

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/promise"
	"parley/web"
)

// browsers are the programs that will do, the first that there is.
var browsers = [...]string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"}

// What cannot be seen without a browser, or without what it would show.
const (
	noBrowser = promise.Unseen("there is no Chromium on this machine to look with")
	noScreens = promise.Unseen("the program was built without its screens")
)

// pageWait is how long a page, and a script in it, may take.
const pageWait = 30 * time.Second

// flags of a browser that nobody sees, that talks to this machine alone and brings
// nothing of its maker's along.
func flags(profile string) []string {
	return []string{"--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--disable-default-apps", "--password-store=basic", "--use-mock-keychain", "--mute-audio", "--lang=en-US",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		// A website's page and the chat's frame in it are looked at by one hand, and the
		// website, which is made up, counts as one of the world outside.
		"--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process,LocalNetworkAccessChecks"}
}

// screen is a running browser with one page.
type screen struct {
	home    string            // the program's address
	pages   map[string]string // of websites that are made up
	profile string
	cmd     *exec.Cmd
	wire    *wire
	session string
	clock   clock.Clock

	mu    sync.Mutex
	asked []string
	rooms []room // where scripts can run
	moved chan struct{}
}

// room is the page, or a frame in it.
type room struct {
	id     int64
	origin string
}

// Browse opens a real browser.
func (m *model) Browse(ctx context.Context, pages map[string]string) (promise.Browser, error) {
	if _, err := fs.Stat(web.FS(), "w/chat.html"); err != nil {
		return nil, noScreens
	}
	program := ""
	for _, name := range browsers {
		if at, err := exec.LookPath(name); err == nil && program == "" {
			program = at
		}
	}
	if program == "" {
		return nil, noBrowser
	}
	profile, err := os.MkdirTemp("", "parley-prove-")
	if err != nil {
		return nil, err
	}
	s := &screen{home: m.url, pages: pages, profile: profile, clock: m.clock, moved: make(chan struct{}, 1)}
	if err = s.start(ctx, program); err != nil {
		return nil, errors.Join(fmt.Errorf("the browser: %w", err), s.Close())
	}
	return s, nil
}

func (s *screen) start(ctx context.Context, program string) error {
	s.cmd = exec.Command(program, flags(s.profile)...)
	s.cmd.Env = []string{"HOME=" + s.profile, "PATH=" + pathOf(program), "LANG=C.UTF-8"}
	var err error
	if s.wire, err = plug(s.cmd, s.hear); err != nil {
		return err
	}
	ctx, cancel := clock.WithTimeout(ctx, s.clock, pageWait)
	defer cancel()
	var made struct{ TargetID string }
	if err := s.wire.call(ctx, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &made); err != nil {
		return err
	}
	var joined struct{ SessionID string }
	if err := s.wire.call(ctx, "", "Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &joined); err != nil {
		return err
	}
	s.session = joined.SessionID
	for _, one := range []string{"Page.enable", "Runtime.enable"} {
		if err := s.wire.call(ctx, s.session, one, nil, nil); err != nil {
			return err
		}
	}
	return s.wire.call(ctx, s.session, "Fetch.enable", map[string]any{"patterns": []map[string]string{{"urlPattern": "*"}}}, nil)
}

// pathOf is where a script that starts the browser finds what it calls.
func pathOf(program string) string {
	return program[:strings.LastIndexByte(program, '/')] + ":/usr/local/bin:/usr/bin:/bin"
}

// hear takes in what the browser tells by itself. It is called by one hand only.
func (s *screen) hear(method string, params json.RawMessage) {
	switch method {
	case "Fetch.requestPaused":
		s.serve(params)
	case "Runtime.executionContextCreated":
		var p struct {
			Context struct {
				ID      int64
				Origin  string
				AuxData struct {
					IsDefault bool
				}
			}
		}
		if json.Unmarshal(params, &p) == nil && p.Context.AuxData.IsDefault {
			s.change(func() { s.rooms = append(s.rooms, room{id: p.Context.ID, origin: p.Context.Origin}) })
		}
	case "Runtime.executionContextDestroyed":
		var p struct{ ExecutionContextID int64 }
		if json.Unmarshal(params, &p) == nil {
			s.change(func() {
				s.rooms = slices.DeleteFunc(s.rooms, func(r room) bool { return r.id == p.ExecutionContextID })
			})
		}
	case "Runtime.executionContextsCleared":
		s.change(func() { s.rooms = nil })
	}
}

func (s *screen) change(fn func()) {
	s.mu.Lock()
	fn()
	s.mu.Unlock()
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

// serve answers what the browser asks for: a made-up page itself, the program's
// by asking it, nothing else.
func (s *screen) serve(params json.RawMessage) {
	var p struct {
		RequestID string `json:"requestId"`
		Request   struct{ URL, Method string }
	}
	if json.Unmarshal(params, &p) != nil {
		return
	}
	s.change(func() { s.asked = append(s.asked, p.Request.Method+" "+p.Request.URL) })
	page, made := s.pages[p.Request.URL]
	switch {
	case made:
		s.wire.tell(s.session, "Fetch.fulfillRequest", map[string]any{"requestId": p.RequestID, "responseCode": 200,
			"responseHeaders": []map[string]string{{"name": "Content-Type", "value": "text/html; charset=utf-8"}}, "body": base64.StdEncoding.EncodeToString([]byte(page))})
	case strings.HasPrefix(p.Request.URL, s.home+"/"):
		s.wire.tell(s.session, "Fetch.continueRequest", map[string]any{"requestId": p.RequestID})
	default:
		s.wire.tell(s.session, "Fetch.failRequest", map[string]any{"requestId": p.RequestID, "errorReason": "AddressUnreachable"})
	}
}

// Open goes to an address and waits until the page is loaded.
func (s *screen) Open(ctx context.Context, address string) error {
	ctx, cancel := clock.WithTimeout(ctx, s.clock, pageWait)
	defer cancel()
	var gone struct{ ErrorText string }
	if err := s.wire.call(ctx, s.session, "Page.navigate", map[string]any{"url": address}, &gone); err != nil {
		return err
	}
	if gone.ErrorText != "" {
		return fmt.Errorf("the browser at %s: %s", address, gone.ErrorText)
	}
	return s.Run(ctx, "", `document.readyState === "complete" || new Promise((done) => addEventListener("load", done))`, nil)
}

// Run carries a script out.
func (s *screen) Run(ctx context.Context, origin, script string, out any) error {
	ctx, cancel := clock.WithTimeout(ctx, s.clock, pageWait)
	defer cancel()
	params := map[string]any{"expression": "(async () => JSON.stringify(await (" + script + ") ?? null))()", "awaitPromise": true, "returnByValue": true, "userGesture": true}
	if origin != "" {
		id, err := s.room(ctx, origin)
		if err != nil {
			return err
		}
		params["contextId"] = id
	}
	var got struct {
		Result           struct{ Value string }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	if err := s.wire.call(ctx, s.session, "Runtime.evaluate", params, &got); err != nil {
		return err
	}
	if e := got.ExceptionDetails; e != nil {
		return fmt.Errorf("a script in the browser: %s %s", e.Text, e.Exception.Description)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal([]byte(got.Result.Value), out)
}

// room waits for the frame of an origin.
func (s *screen) room(ctx context.Context, origin string) (int64, error) {
	for {
		s.mu.Lock()
		at := slices.IndexFunc(s.rooms, func(r room) bool { return r.origin == origin })
		var id int64
		if at >= 0 {
			id = s.rooms[at].id
		}
		s.mu.Unlock()
		if at >= 0 {
			return id, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("the browser shows no frame of %s", origin)
		case <-s.moved:
		}
	}
}

// Asked lists what the browser asked for.
func (s *screen) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Cookies names all that the browser holds.
func (s *screen) Cookies(ctx context.Context) (names []string, err error) {
	ctx, cancel := clock.WithTimeout(ctx, s.clock, pageWait)
	defer cancel()
	var held struct{ Cookies []struct{ Name string } }
	err = s.wire.call(ctx, "", "Storage.getCookies", nil, &held)
	for _, c := range held.Cookies {
		names = append(names, c.Name)
	}
	return names, err
}

// Close ends the browser and takes its profile away.
func (s *screen) Close() error {
	var err error
	if s.wire != nil {
		err = s.wire.end()
	}
	return errors.Join(err, os.RemoveAll(s.profile))
}
