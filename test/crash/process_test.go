package crash

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds how long something that must come may take.
const patience = 60 * time.Second

// frame stands in for the built page of the chat: what the test needs of it is
// what the program writes into it.
const frame = `<script type="application/json" id="boot">__BOOT__</script>`

// TestMain takes the program away again that the tests built.
func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" && os.RemoveAll(built.dir) != nil {
		code = 1
	}
	os.Exit(code)
}

// built is the real program, made once for all tests.
var built struct {
	once sync.Once
	dir  string
}

// build makes the real program, with a page for the chat whether or not the
// front end was built.
func build(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		var err error
		built.dir, err = os.MkdirTemp("", "crash")
		must(t, err)
		must(t, compile(built.dir))
	})
	if built.dir == "" {
		t.Fatal("it could not be built")
	}
	return filepath.Join(built.dir, "parley")
}

func compile(dir string) error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	page, plan := filepath.Join(dir, "chat.html"), filepath.Join(dir, "overlay.json")
	raw, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "web", "dist", "w", "chat.html"): page}})
	if err := errors.Join(err, os.WriteFile(page, []byte(frame), 0o600), os.WriteFile(plan, raw, 0o600)); err != nil {
		return err
	}
	// As make build does it, so that both share what was compiled.
	cmd := exec.Command("go", "build", "-overlay", plan, "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "parley"), "./cmd/parley")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, said)
	}
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// process is one life of the program.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	client *http.Client
	ready  chan struct{} // closed once it says so
	gone   chan struct{} // closed when it has ended
	log    tail
}

func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, ready: make(chan struct{}), gone: make(chan struct{}),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: patience}}
	cmd.Stderr = &p.log
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	go func() {
		defer close(p.gone)
		for lines, said := bufio.NewScanner(out), false; lines.Scan(); {
			if !said && strings.HasPrefix(lines.Text(), "Parley is ready") {
				said = true
				close(p.ready)
			}
		}
		_ = cmd.Wait() // killed, as a rule
	}()
	return p
}

// up waits until it is ready.
func (p *process) up() {
	p.t.Helper()
	select {
	case <-p.ready:
	case <-p.gone:
		p.t.Fatalf("parley ended by itself:\n%s", p.log.String())
	case <-time.After(patience):
		p.t.Fatalf("parley is not ready after %v:\n%s", patience, p.log.String())
	}
}

// kill ends it as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	select {
	case <-p.gone:
		p.t.Errorf("parley ended by itself:\n%s", p.log.String())
	default:
	}
	must(p.t, p.cmd.Process.Kill())
	<-p.gone
	p.client.CloseIdleConnections()
}

// stop ends it as an operator would.
func (p *process) stop() {
	p.t.Helper()
	must(p.t, p.cmd.Process.Signal(os.Interrupt))
	select {
	case <-p.gone:
	case <-time.After(patience):
		p.t.Fatalf("parley does not stop:\n%s", p.log.String())
	}
	p.client.CloseIdleConnections()
}

// tail keeps the end of a log.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (l *tail) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, b...)
	if over := len(l.text) - 16<<10; over > 16<<10 {
		l.text = bytes.Clone(l.text[over:])
	}
	return len(b), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// refusal is an answer that says no.
type refusal string

func (r refusal) Error() string { return string(r) }

// refused tells a server that says no from one that went away.
func refused(err error) bool {
	_, is := err.(refusal)
	return is
}

// call asks the API; it returns the status, or an error when no answer came.
func (p *process) call(method, url string, header map[string]string, in, out any) (int, error) {
	raw := []byte{}
	if in != nil {
		var err error
		if raw, err = json.Marshal(in); err != nil {
			return 0, err
		}
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	return p.send(req, out)
}

// send makes a call and reads its answer into out.
func (p *process) send(req *http.Request, out any) (int, error) {
	res, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		return 0, err // cut off: nothing was acknowledged
	}
	if res.StatusCode >= 300 {
		return res.StatusCode, refusal(fmt.Sprintf("%s %s: %s %s", req.Method, req.URL, res.Status, body.String()))
	}
	if out == nil {
		return res.StatusCode, nil
	}
	return res.StatusCode, json.Unmarshal(body.Bytes(), out)
}
