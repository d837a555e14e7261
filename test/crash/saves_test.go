package crash

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"parley/test/pgtest"
)

// saves is an install with a recovery key, two people and a file, which is stopped.
type saves struct {
	*place
	deadly         string // the program that can be told where to die
	folder         string // of its backups
	recovery, root string // files of keys
	stays, erased  string // contacts; one is erased after the backup
	log            string // of steps
}

type savedRow struct {
	Kind, Name, State, Reason, SHA256 string
	Bytes                             int64
}

func eachEngine(t *testing.T, fn func(t *testing.T, postgres bool)) {
	t.Helper()
	t.Logf("-seed %d", *seed)
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fn(t, postgres)
		})
	}
}

func newSaves(t *testing.T, postgres bool) *saves {
	t.Helper()
	database := ""
	if postgres {
		database = pgtest.DB(t)
	}
	home := t.TempDir()
	s := &saves{place: newPlace(t, build(t), database, *seed), deadly: buildDeadly(t), folder: filepath.Join(home, "backups"),
		recovery: filepath.Join(home, "recovery.key"), log: filepath.Join(home, "steps")}
	s.root = s.rootFile()
	s.env = []string{"PARLEY_BACKUPS=" + s.folder}
	s.setUp()
	s.does("backup", "key", s.recovery)
	l := newLoad(s.place)
	p := s.start()
	p.up()
	for _, w := range l.writers[:2] {
		if !w.write(p, 2) {
			t.Fatal("a line was not taken")
		}
	}
	s.upload(p)
	var all struct {
		Items []struct{ Contact struct{ ID string } }
	}
	s.until("both people are there", func() bool {
		s.want(p, http.MethodGet, "/api/v1/conversations", nil, &all)
		return len(all.Items) == 2
	})
	s.stays, s.erased = all.Items[0].Contact.ID, all.Items[1].Contact.ID
	p.stop()
	return s
}

// upload keeps a file, so that there is one to save.
func (s *saves) upload(p *process) {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "terms.txt")
	must(s.t, err)
	_, err = io.WriteString(part, "Our terms, as a file.")
	must(s.t, errors.Join(err, form.Close()))
	req, err := http.NewRequest(http.MethodPost, s.url("/api/v1/media"), &body)
	must(s.t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Idempotency-Key", "terms")
	res, err := p.client.Do(req)
	must(s.t, err)
	said, err := io.ReadAll(res.Body)
	must(s.t, errors.Join(err, res.Body.Close()))
	if res.StatusCode != http.StatusCreated {
		s.t.Fatalf("a file is not kept: %s %s", res.Status, said)
	}
}

// does carries a command out, which succeeds.
func (s *saves) does(args ...string) []byte {
	s.t.Helper()
	out, err := s.command(0, args...).Output()
	if err != nil {
		s.t.Fatalf("parley %v: %v\n%s", args, err, told(err))
	}
	return out
}

func told(err error) []byte {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.Stderr
	}
	return nil
}

// walked are the steps of a command that nobody kills.
func (s *saves) walked(cmd *exec.Cmd) []string {
	s.t.Helper()
	if err := s.dies(cmd, 0); err != nil {
		s.t.Fatalf("nobody killed it: %v", err)
	}
	return s.steps()
}

// dies carries a command out and kills it at a step; nil = it came to its end.
func (s *saves) dies(cmd *exec.Cmd, step int) error {
	s.t.Helper()
	if err := os.Remove(s.log); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatal(err)
	}
	cmd.Path, cmd.Args[0] = s.deadly, s.deadly
	cmd.Env = append(cmd.Env, "KILL_LOG="+s.log, "KILL_AT="+strconv.Itoa(step))
	said, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		s.t.Fatalf("it was not killed, it failed: %v\n%s", err, said)
	}
	return err
}

func (s *saves) steps() []string {
	s.t.Helper()
	raw, err := os.ReadFile(s.log)
	must(s.t, err)
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// A backup is killed at every step, as a power cut would. What bears the name of a
// backup is whole, the list says nothing of it that is not so, and the next backup
// is made and clears away what was left.
func TestABackupKilledAtEveryStepIsWholeOrNone(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, postgres bool) {
		s := newSaves(t, postgres)
		names := s.walked(s.command(0, "backup"))
		if len(names) < 18 || !slices.Contains(names, "backup: a file of people") {
			t.Fatalf("a backup has only these steps: %v", names)
		}
		for i, name := range names {
			if s.dies(s.command(0, "backup"), i+1) == nil {
				t.Fatalf("it was not killed at %q", name)
			}
			if done := s.steps(); done[len(done)-1] != name {
				t.Fatalf("killed at %q and not at %q", done[len(done)-1], name)
			}
			s.honest("killed at "+name, true)
			s.does("backup")
			if left, err := filepath.Glob(filepath.Join(s.folder, "*", "*.part")); err != nil || len(left) > 0 {
				t.Errorf("made again after it was killed at %q: %v are left, %v", name, left, err)
			}
		}
		s.honest("at the end", false)
	})
}

// A backup for which the disk has no room says so, leaves nothing that looks like
// one, and the next is made where there is room again.
func TestABackupOnAFullDiskSaysSoAndLeavesNothing(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, postgres bool) {
		s := newSaves(t, postgres)
		for _, room := range []int{0, 150, 5000} {
			cmd := s.command(0, "backup")
			cmd.Path, cmd.Args[0] = s.deadly, s.deadly
			cmd.Env = append(cmd.Env, "KILL_ROOM="+strconv.Itoa(room))
			said, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(said), "the disk with the backups is full") {
				t.Errorf("with room for %d bytes: %v\n%s", room, err, said)
			}
			if all := s.honest("on a full disk", false); all[0].State != "failed" || !strings.Contains(all[0].Reason, "is full") {
				t.Errorf("the list says %+v", all[0])
			}
		}
		s.does("backup")
		if all := s.honest("with room again", false); all[0].State != "done" || all[1].State != "done" {
			t.Errorf("with room again: %+v", all[:2])
		}
	})
}

// honest holds the list of backups to the folder. Right after a kill there may be
// parts, and one may be said to be on its way.
func (s *saves) honest(when string, killed bool) (all []savedRow) {
	s.t.Helper()
	listed := map[string]savedRow{}
	for line := range strings.Lines(string(s.does("backup", "list", "--json"))) {
		var row savedRow
		must(s.t, json.Unmarshal([]byte(line), &row))
		all, listed[row.Name] = append(all, row), row
		if row.State == "writing" && !killed {
			s.t.Errorf("%s: %s is still being written", when, row.Name)
		}
	}
	for _, kind := range []string{"data", "keys"} {
		files, err := os.ReadDir(filepath.Join(s.folder, kind))
		must(s.t, err)
		for _, f := range files {
			row, known := listed[f.Name()]
			switch {
			case strings.HasSuffix(f.Name(), ".age.part") && killed:
			case !strings.HasSuffix(f.Name(), ".age"):
				s.t.Errorf("%s: %s was left", when, f.Name())
			case !known:
				s.t.Errorf("%s: nobody knows of %s", when, f.Name())
			case row.State == "done":
				s.same(when, kind, row)
			case killed: // written whole, and killed before that was noted
				s.does("restore", "--check", "--recovery-key", s.recovery, map[string]string{"data": "--backup", "keys": "--keys"}[kind], f.Name())
			}
			delete(listed, f.Name())
		}
	}
	for name, row := range listed {
		if row.State == "done" {
			s.t.Errorf("%s: %s is said to be there", when, name)
		}
	}
	return all
}

func (s *saves) same(when, kind string, row savedRow) {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.folder, kind, row.Name))
	must(s.t, err)
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != row.SHA256 || int64(len(raw)) != row.Bytes {
		s.t.Errorf("%s: %s is not what the list says", when, row.Name)
	}
}
