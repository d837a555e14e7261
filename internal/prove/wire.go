package prove

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// wire speaks with a browser by its own protocol (Chrome DevTools Protocol): JSON
// over two pipes, each message ended by a zero byte. No port is opened by it.
type wire struct {
	cmd  *exec.Cmd
	to   *os.File
	gone chan struct{} // closed when the browser speaks no more

	mu    sync.Mutex
	last  int64
	waits map[int64]chan reply
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// plug starts cmd with both pipes, the third and fourth of its files, and hands
// what it tells by itself to hear.
func plug(cmd *exec.Cmd, hear func(method string, params json.RawMessage)) (*wire, error) {
	theirs, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, ours, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirs.Close(), to.Close())
	}
	cmd.ExtraFiles = []*os.File{theirs, ours}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it has children of its own
	err = cmd.Start()
	err = errors.Join(err, theirs.Close(), ours.Close())
	if err != nil {
		return nil, errors.Join(err, to.Close(), from.Close())
	}
	w := &wire{cmd: cmd, to: to, gone: make(chan struct{}), waits: map[int64]chan reply{}}
	go w.listen(from, hear)
	return w, nil
}

func (w *wire) listen(from *os.File, hear func(string, json.RawMessage)) {
	defer close(w.gone)
	defer func() { _ = from.Close() }() // it was only read
	in := bufio.NewReaderSize(from, 1<<16)
	for {
		line, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m struct {
			ID     int64
			Method string
			Params json.RawMessage
			reply
		}
		if json.Unmarshal(line[:len(line)-1], &m) != nil {
			continue // not for us
		}
		if m.ID == 0 {
			hear(m.Method, m.Params)
			continue
		}
		w.mu.Lock()
		wait := w.waits[m.ID]
		delete(w.waits, m.ID)
		w.mu.Unlock()
		if wait != nil {
			wait <- m.reply
		}
	}
}

// call asks for something and waits for the answer.
func (w *wire) call(ctx context.Context, session, method string, params, out any) error {
	wait := make(chan reply, 1)
	if err := w.send(session, method, params, wait); err != nil {
		return err
	}
	select {
	case r := <-wait:
		if r.Error != nil {
			return fmt.Errorf("%s: %s", method, r.Error.Message)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(r.Result, out)
	case <-w.gone:
		return fmt.Errorf("%s: the browser ended", method)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// tell asks for something whose answer nobody needs: what is gone meanwhile is gone.
func (w *wire) tell(session, method string, params any) { _ = w.send(session, method, params, nil) }

func (w *wire) send(session, method string, params any, wait chan reply) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last++
	m := map[string]any{"id": w.last, "method": method}
	if params != nil {
		m["params"] = params
	}
	if session != "" {
		m["sessionId"] = session
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if wait != nil {
		w.waits[w.last] = wait
	}
	_, err = w.to.Write(append(raw, 0))
	return err
}

// end kills the browser with all its children.
func (w *wire) end() error {
	err := syscall.Kill(-w.cmd.Process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		err = nil
	}
	_ = w.cmd.Wait() // killed
	<-w.gone
	return errors.Join(err, w.to.Close())
}
