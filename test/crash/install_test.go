package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// place is one install that is killed, with what it is asked to keep.
type place struct {
	t        *testing.T
	binary   string
	dir      string
	database string // "" = SQLite
	address  string
	dice     *rand.Rand
	offsets  []time.Duration // the clock is moved by one of them at each start
	env      []string        // more settings

	taken  chan struct{} // one for each line that was acknowledged
	token  string        // API key
	widget string
	boot   string    // opens sessions
	conn   *pgx.Conn // to a PostgreSQL, to look at leases
	held   int       // lanes that killed workers left behind
}

// newPlace makes an install with a workspace on autopilot, knowledge and a
// website chat. Each has an address of its own on loopback, so that a restart
// never finds its port taken.
func newPlace(t *testing.T, binary, database string, seed uint64) *place {
	t.Helper()
	in := &place{t: t, binary: binary, dir: t.TempDir(), database: database, dice: rand.New(rand.NewPCG(seed, 1)),
		taken: make(chan struct{}, 64)}
	if database != "" {
		conn, err := pgx.Connect(context.Background(), database)
		must(t, err)
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
		in.conn = conn
	}
	in.address = fmt.Sprintf("127.%d.%d.%d:8717", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250))
	return in
}

func (in *place) command(offset time.Duration, args ...string) *exec.Cmd {
	cmd := exec.Command(in.binary, args...)
	cmd.Env = append(os.Environ(), "PARLEY_DATA="+in.dir, "PARLEY_DATABASE="+in.database, "PARLEY_LISTEN="+in.address,
		"PARLEY_DEV=1", "PARLEY_CLOCK_OFFSET="+offset.String(), "GOMAXPROCS=2")
	cmd.Env = append(cmd.Env, in.env...)
	return cmd
}

// start starts the program, its clock moved as the dice say.
func (in *place) start() *process {
	in.t.Helper()
	var offset time.Duration
	if len(in.offsets) > 0 {
		offset = in.offsets[in.dice.IntN(len(in.offsets))]
	}
	return start(in.t, in.command(offset, "serve"))
}

// setUp fills the install, at a clock before all later ones: the AI answers
// nothing that is older than the chat's connection.
func (in *place) setUp() {
	t := in.t
	t.Helper()
	const early = -2 * time.Hour
	out, err := in.command(early, "key", "add", "--workspace", "Crash", "--name", "test", "--role", "owner").Output()
	must(t, err)
	var key struct{ Token string }
	must(t, json.Unmarshal(out, &key))
	in.token = key.Token
	p := start(t, in.command(early, "serve"))
	p.up()
	in.want(p, http.MethodPatch, "/api/v1/workspace", map[string]any{"mode": "autopilot", "burst_ms": 0}, nil)
	in.want(p, http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "faq", "name": "Shop", "language": "en", "pairs": []map[string]string{
		{"question": question, "answer": "Yes, you can return a coat within 30 days."},
		{"question": "What are your opening hours?", "answer": "We are open every day until 19."},
	}}, nil)
	var widget struct {
		ID       string
		Settings struct{ Key string }
	}
	in.want(p, http.MethodPost, "/api/v1/channels", map[string]any{"kind": "widget", "name": "Chat"}, &widget)
	in.widget = widget.Settings.Key
	in.want(p, http.MethodPatch, "/api/v1/channels/"+widget.ID, map[string]any{"settings": map[string]any{"domains": []string{"http://shop.test"}}}, nil)
	in.boot = in.frame(p)
	in.until("the knowledge is read", func() bool {
		var sources struct{ Items []struct{ State string } }
		in.want(p, http.MethodGet, "/api/v1/knowledge/sources", nil, &sources)
		return len(sources.Items) == 1 && sources.Items[0].State == "ready"
	})
	p.stop()
}

// frame reads what opens a session out of the chat's page.
func (in *place) frame(p *process) string {
	in.t.Helper()
	req, err := http.NewRequest(http.MethodGet, in.url("/w/"+in.widget), nil)
	must(in.t, err)
	req.Header.Set("Referer", "http://shop.test/")
	res, err := p.client.Do(req)
	must(in.t, err)
	page, err := io.ReadAll(res.Body)
	must(in.t, err)
	must(in.t, res.Body.Close())
	_, rest, _ := strings.Cut(string(page), `id="boot">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var boot struct {
		Token string `json:"boot_token"`
	}
	if err := json.Unmarshal([]byte(text), &boot); err != nil || boot.Token == "" {
		in.t.Fatalf("the chat's page: %s %v\n%s", res.Status, err, page)
	}
	return boot.Token
}

func (in *place) url(path string) string { return "http://" + in.address + path }

func (in *place) bearer() map[string]string {
	return map[string]string{"Authorization": "Bearer " + in.token}
}

// want calls the API with the key and fails when it refuses.
func (in *place) want(p *process, method, path string, body, out any) {
	in.t.Helper()
	for end := time.After(patience); ; {
		status, err := p.call(method, in.url(path), in.bearer(), body, out)
		if err == nil {
			return
		}
		if status != http.StatusTooManyRequests {
			in.t.Fatalf("%v\n%s", err, p.log.String())
		}
		select { // as any client does that is asked to be slower
		case <-time.After(time.Second):
		case <-end:
			in.t.Fatalf("%v\n%s", err, p.log.String())
		}
	}
}

// until looks again and again, for as long as patience lasts.
func (in *place) until(what string, ok func() bool) {
	in.t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	end := time.After(patience)
	for !ok() {
		select {
		case <-again.C:
		case <-end:
			in.t.Fatalf("never came: %s", what)
		}
	}
}

// databaseNow is the clock that leases run by, as the program reads it.
const databaseNow = `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`

// caught waits until a worker holds a lane, or says that none does for a while.
func (in *place) caught(conn *pgx.Conn) {
	in.t.Helper()
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		var n int
		must(in.t, conn.QueryRow(context.Background(), `SELECT count(*) FROM lane WHERE claim <> 0 AND lease > `+databaseNow).Scan(&n))
		if n > 0 {
			return
		}
	}
}

// outlast counts the lanes that the killed program still holds and lets the
// time of their leases pass: by PostgreSQL's clock, which rules them, that is a
// number in a row.
func (in *place) outlast(conn *pgx.Conn) {
	in.t.Helper()
	done, err := conn.Exec(context.Background(), `UPDATE lane SET lease = lease - 30000000 WHERE claim <> 0 AND lease > `+databaseNow)
	must(in.t, err)
	in.held += int(done.RowsAffected())
}
