package crash

import (
	"flag"
	"testing"
	"time"

	"parley/test/pgtest"
)

var (
	cycles = flag.Int("cycles", 40, "how often the program is killed, over all installs; a release is tried with 1000")
	seed   = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments of the kills")
)

func TestNothingIsLostOrSaidTwiceWhenKilled(t *testing.T) {
	t.Parallel()
	t.Logf("-seed %d", *seed)
	binary := build(t)
	hours := []time.Duration{-time.Hour, 0, time.Hour}
	for _, c := range []struct {
		name     string
		postgres bool
		share    int // of the kills, in tenths
		offsets  []time.Duration
	}{
		{"sqlite", false, 3, nil},
		{"sqlite beside it", false, 2, nil},
		{"sqlite, clock moved an hour", false, 3, hours},
		{"postgres, leases left behind", true, 2, hours},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			database := ""
			if c.postgres {
				database = pgtest.DB(t)
			}
			in := newPlace(t, binary, database, *seed)
			in.setUp()
			in.offsets = c.offsets
			l := newLoad(in)
			kills := *cycles * c.share / 10
			for n := range kills {
				in.live(l, n)
			}
			if c.postgres && in.held == 0 {
				t.Error("no worker was killed while it held a lane: the test proves nothing")
			}
			in.end(l)
			t.Logf("killed %d times, %d leases left behind", kills, in.held)
		})
	}
}

// live is one life: start, load, kill. Every fifth ends while it still starts,
// the others soon after some line was acknowledged.
// On PostgreSQL every second is killed while a worker holds a lane: the lease
// then stays behind, whereas with SQLite nothing of it is on disk.
func (in *place) live(l *load, n int) {
	in.t.Helper()
	p := in.start()
	if in.dice.IntN(5) == 0 {
		in.moment(p, 100*time.Millisecond)
		p.kill()
	} else {
		p.up()
		for len(in.taken) > 0 { // of the life before
			<-in.taken
		}
		wait := l.begin(p)
		if in.conn != nil && n%2 == 0 {
			in.caught(in.conn)
		} else {
			in.lines(p, 1+in.dice.IntN(15))
			in.moment(p, 10*time.Millisecond)
		}
		p.kill()
		wait()
	}
	if in.conn != nil {
		in.outlast(in.conn)
	}
}

// moment is a random one within d.
func (in *place) moment(p *process, d time.Duration) {
	select {
	case <-time.After(time.Duration(in.dice.Int64N(int64(d)))):
	case <-p.gone:
	}
}

// lines waits until so many were acknowledged, or for a while.
func (in *place) lines(p *process, n int) {
	for enough := time.After(400 * time.Millisecond); n > 0; n-- {
		select {
		case <-in.taken:
		case <-p.gone:
			return
		case <-enough:
			return
		}
	}
}

// end lets everybody say what they had begun to say, and judges.
func (in *place) end(l *load) {
	in.t.Helper()
	p := in.start()
	p.up()
	if !l.begin(p)() {
		in.t.Fatalf("not everything could be said in the end:\n%s", p.log.String())
	}
	in.quiet(p)
	in.doctor()
	p.stop()
	in.judge(l)
}
