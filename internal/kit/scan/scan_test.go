package scan_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/scan"
	"parley/sim/clam"
)

func start(t *testing.T) (*clam.Sim, *scan.Scanner, *clock.Fake) {
	t.Helper()
	s, err := clam.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	fake := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return s, &scan.Scanner{Clock: fake, Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", s.Address())
	}}, fake
}

// asvs: V5.4.3
func TestTheTestVirusIsFoundWhereverItLies(t *testing.T) {
	t.Parallel()
	s, scanner, _ := start(t)
	long := bytes.Repeat([]byte("x"), 3<<20)
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"a letter": {[]byte("hello"), nil}, "nothing": {nil, nil}, "a long file": {long, nil}, "the test file": {clam.EICAR(), scan.ErrVirus},
		"in the middle": {append(append(bytes.Clone(long[:1<<20-9]), clam.EICAR()...), long...), scan.ErrVirus},
	} {
		if err := scanner.Check(t.Context(), c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := scanner.Ping(t.Context()); err != nil || s.Files() != 5 {
		t.Errorf("%d files, %v", s.Files(), err)
	}
}

// A file is clean only where the scanner said so.
func TestAScannerThatFailsHasCheckedNothing(t *testing.T) {
	t.Parallel()
	for _, weather := range []clam.Weather{clam.Silent, clam.Cut, clam.Absurd} {
		s, scanner, fake := start(t)
		s.Set(weather)
		told := make(chan error, 1)
		go func() { told <- scanner.Check(t.Context(), []byte("hello")) }()
		if weather == clam.Silent {
			for len(told) == 0 {
				fake.Advance(time.Minute)
			}
		}
		err := <-told
		if err == nil || errors.Is(err, scan.ErrVirus) || errors.Is(err, scan.ErrTooBig) {
			t.Errorf("%s: %v", weather, err)
		}
	}
	s, scanner, _ := start(t)
	s.Close()
	if scanner.Check(t.Context(), []byte("hello")) == nil || scanner.Ping(t.Context()) == nil {
		t.Error("a scanner that is away checked a file")
	}
}

func TestAFileLongerThanTheScannerTakesIsNotClean(t *testing.T) {
	t.Parallel()
	s, scanner, _ := start(t)
	s.Most = 1 << 20
	if err := scanner.Check(t.Context(), make([]byte, 8<<20)); err == nil {
		t.Error("it is said to be clean")
	}
}
