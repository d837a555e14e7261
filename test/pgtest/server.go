package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Options of a server.
type Options struct {
	// Durable keeps fsync and full page writes on and gives the server half a
	// gigabyte, as an operator of a small machine would. Tests leave it off.
	Durable bool
	// Cert and Key, in PEM, make the server speak TLS to whoever asks for it.
	Cert, Key []byte
}

// Server is one running PostgreSQL.
type Server struct {
	dir   string // holds data/, log and the socket
	bin   string
	port  string
	owner *syscall.SysProcAttr
	// leash is the watcher's standard input: when this process ends, by any
	// cause, the kernel closes it and the watcher stops the server.
	leash   io.WriteCloser
	watcher *exec.Cmd
}

// ErrMissing says how to get PostgreSQL.
var ErrMissing = errors.New("PostgreSQL is not installed; run: apt-get install -y --no-install-recommends postgresql-15")

// Start makes a cluster in a temporary folder and starts it. ctx limits the
// start only; the caller ends the server with Stop.
func Start(ctx context.Context, opt Options) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	owner, err := ordinaryUser()
	if err != nil {
		return nil, err
	}
	// Short, because a socket's path may have 107 bytes at most.
	dir, err := os.MkdirTemp("", "parleypg")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, owner: owner}
	if owner.Credential != nil {
		err = os.Chown(dir, int(owner.Credential.Uid), int(owner.Credential.Gid))
	}
	if err == nil {
		err = s.watch()
	}
	if err == nil {
		err = s.run(ctx, "initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "--no-sync",
			"-E", "UTF8", "--locale=C.UTF-8")
	}
	if err == nil && opt.Cert != nil {
		err = errors.Join(s.own("server.crt", opt.Cert), s.own("server.key", opt.Key))
	}
	if err == nil {
		err = s.launch(ctx, opt)
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// URL is the address of a database on the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Host: "127.0.0.1:" + s.port,
		Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// Restart stops the server the way a machine's restart would, cutting every
// connection, and starts it again on the same port.
func (s *Server) Restart(ctx context.Context) error {
	return s.run(ctx, "pg_ctl", "-D", s.data(), "-m", "fast", "-w", "-l", s.logFile(), "restart")
}

// Stop ends the server and removes its files.
func (s *Server) Stop() error {
	if s.watcher == nil {
		return os.RemoveAll(s.dir)
	}
	return errors.Join(s.leash.Close(), s.watcher.Wait())
}

// Log is what the server wrote to its log so far, for a failing test to show.
func (s *Server) Log() string {
	b, err := os.ReadFile(s.logFile())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Dir is the folder that holds everything of the server: data, log and socket.
func (s *Server) Dir() string { return s.dir }

func (s *Server) data() string    { return filepath.Join(s.dir, "data") }
func (s *Server) logFile() string { return filepath.Join(s.dir, "log") }

// own writes a file of the server's into its data folder.
func (s *Server) own(name string, b []byte) error {
	name = filepath.Join(s.data(), name)
	if err := os.WriteFile(name, b, 0o600); err != nil {
		return err
	}
	if s.owner.Credential == nil {
		return nil
	}
	return os.Chown(name, int(s.owner.Credential.Uid), int(s.owner.Credential.Gid))
}

// launch tries a few ports: another process may take one between our look and
// the server's.
func (s *Server) launch(ctx context.Context, opt Options) error {
	var failed error
	for range 5 {
		port, err := freePort(ctx)
		if err != nil {
			return err
		}
		s.port = port
		failed = s.run(ctx, "pg_ctl", "-D", s.data(), "-w", "-l", s.logFile(), "-o", s.settings(opt), "start")
		if failed == nil {
			return nil
		}
		failed = fmt.Errorf("%w\n%s", failed, s.Log())
	}
	return failed
}

func (s *Server) settings(opt Options) string {
	set := []string{
		"listen_addresses=127.0.0.1", "port=" + s.port, "unix_socket_directories=" + s.dir,
		"max_connections=300", "timezone=UTC", "jit=off",
	}
	if opt.Cert != nil {
		set = append(set, "ssl=on")
	}
	if opt.Durable {
		set = append(set, "shared_buffers=512MB", "max_wal_size=2GB")
	} else {
		set = append(set, "shared_buffers=64MB", "max_wal_size=512MB", "fsync=off", "full_page_writes=off", "synchronous_commit=off")
	}
	var b strings.Builder
	for _, one := range set {
		b.WriteString(" -c " + one)
	}
	return b.String()
}

// watch starts the process that outlives this one just long enough to clean up.
// It has a session of its own, so that an interrupt from the terminal leaves it
// to its work.
func (s *Server) watch() error {
	const script = `read -r _; "$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2"`
	cmd := exec.Command("/bin/sh", "-c", script, "sh", s.bin, s.dir)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: s.owner.Credential}
	leash, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("pgtest: start the watcher: %w", err)
	}
	s.leash, s.watcher = leash, cmd
	return nil
}

func (s *Server) run(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = s.owner
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: %s: %w\n%s", name, err, out)
	}
	return nil
}

// binaries finds the newest PostgreSQL of this machine; Debian keeps initdb out
// of the path.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", ErrMissing
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// ordinaryUser is whom the server runs as: PostgreSQL refuses to run as root.
func ordinaryUser() (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("pgtest: running as root and there is neither a user postgres nor nobody to run PostgreSQL as")
}

func freePort(ctx context.Context) (string, error) {
	var cfg net.ListenConfig
	l, err := cfg.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}
