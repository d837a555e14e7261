package crash

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/test/pgtest"
)

// The root key and every workspace's key change under load: no write and no
// read fails. Then the program is killed in the middle of that, again and again:
// the next start ends what was begun, and all is there. What the first root key
// opened, it opens no more (asvs: V11.1.1, V13.3.4).
func TestKeysRotateUnderLoadAndWhenKilled(t *testing.T) {
	t.Parallel()
	t.Logf("-seed %d", *seed)
	binary := build(t)
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := ""
			if postgres {
				database = pgtest.DB(t)
			}
			in := newPlace(t, binary, database, *seed)
			in.setUp()
			first := in.rootKey()
			l := newLoad(in)
			in.rotates(l, 4)
			for range max(*cycles/30, 1) {
				in.killedWhileItRotates(l)
			}
			in.end(l)
			in.refuses(first)
		})
	}
}

func (in *place) rootFile() string { return filepath.Join(in.dir, "root.key") }

func (in *place) rootKey() string {
	in.t.Helper()
	raw, err := os.ReadFile(in.rootFile())
	must(in.t, err)
	return string(raw)
}

// rotates changes every key n times while people write and read.
func (in *place) rotates(l *load, n int) {
	in.t.Helper()
	p := in.start()
	p.up()
	for range n {
		before := in.rootKey()
		wait := l.begin(p)
		if said, err := in.command(0, "key", "rotate").CombinedOutput(); err != nil {
			in.t.Errorf("key rotate: %v\n%s", err, said)
		}
		in.want(p, http.MethodGet, "/api/v1/conversations", nil, nil)
		in.want(p, http.MethodGet, "/api/v1/knowledge/sources", nil, nil)
		if !wait() {
			in.t.Errorf("not everything could be said while keys rotated:\n%s", p.log.String())
		}
		if in.rootKey() == before {
			in.t.Error("the root key is the same")
		}
	}
	p.stop()
}

// killedWhileItRotates is one life that ends while keys change. The command may
// come too late to meet it: then it does the work by itself.
func (in *place) killedWhileItRotates(l *load) {
	in.t.Helper()
	p := in.start()
	p.up()
	wait := l.begin(p)
	in.lines(p, 2)
	rotate := in.command(0, "key", "rotate")
	must(in.t, rotate.Start())
	in.moment(p, 60*time.Millisecond)
	p.kill()
	wait()
	_ = rotate.Wait() // what it says depends on when its server died
	if in.conn != nil {
		in.outlast(in.conn)
	}
}

// refuses makes sure that an earlier root key starts nothing.
func (in *place) refuses(earlier string) {
	in.t.Helper()
	must(in.t, os.WriteFile(in.rootFile(), []byte(earlier), 0o600))
	said, err := in.command(0, "doctor").CombinedOutput()
	if err == nil || !strings.Contains(string(said), "root key refused") {
		in.t.Errorf("with an earlier root key: %v\n%s", err, said)
	}
}
