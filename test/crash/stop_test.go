package crash

import (
	"os"
	"strings"
	"testing"
	"time"

	"parley/test/pgtest"
)

// Whoever stops the program while it is starting, at whatever moment, stopped it:
// it ends at once, says nothing of it, and did not fail. A command that does one
// thing and is stopped before says so, and did.
func TestAProgramThatIsStoppedWhileItStartsEndsQuietly(t *testing.T) {
	t.Parallel()
	binary := build(t)
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := 0
			for step := range 12 {
				database := ""
				if postgres {
					database = pgtest.DB(t)
				}
				in := newPlace(t, binary, database, *seed)
				p := in.start()
				p.alive(in.dir)
				select {
				case <-p.ready:
				case <-p.gone:
				case <-time.After(time.Duration(step) * 20 * time.Millisecond):
					before++
				}
				p.stop()
				if code, said := p.cmd.ProcessState.ExitCode(), p.log.String(); code != 0 || strings.Contains(said, "cancel") || strings.Contains(said, "parley:") {
					t.Errorf("stopped %d ms after its folder was there it ends with %d:\n%s", step*20, code, said)
				}
			}
			if before == 0 {
				t.Error("it was never stopped before it was ready")
			}
		})
	}
}

// alive waits for the first sign that the program does something.
func (p *process) alive(dir string) {
	p.t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for end := time.After(patience); ; {
		if files, err := os.ReadDir(dir); err == nil && len(files) > 0 {
			return
		}
		select {
		case <-look.C:
		case <-p.gone:
			p.t.Fatalf("parley ended by itself:\n%s", p.log.String())
		case <-end:
			p.t.Fatal("parley does nothing")
		}
	}
}
