package backup

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"time"

	"filippo.io/age"

	"parley/internal/desk"
	"parley/internal/store"
)

// A backup is one age file: parts one after the other, each a name and its bytes
// in pieces, a piece of no length at the end. The last part says what the others
// hold; a file without it is none.
const (
	partFacts  = "facts"
	partRows   = "rows"
	partEpoch  = "epoch " // and its number
	partFile   = "file "  // and its place
	partEnd    = "end"
	pieceMost  = 64 << 10
	archiveSig = "parley backup 1\n"
)

// Facts stand at the beginning of a backup.
type Facts struct {
	Kind   store.BackupKind `json:"kind"`
	At     time.Time        `json:"at"`
	Engine string           `json:"engine"` // it came from; either can take it
	Ledger int64            `json:"ledger"` // number of the latest privacy act
}

// Held is what a backup holds, its last part.
type Held struct {
	Tables []store.Moved `json:"tables"`
	Files  int64         `json:"files"`
	Bytes  int64         `json:"bytes"` // of those files
	Epochs []int64       `json:"epochs,omitempty"`
	Ledger int64         `json:"ledger"` // as of the rows, where they are the keys'
}

// Rows counts them.
func (h Held) Rows() (n int64) {
	for _, t := range h.Tables {
		n += t.Rows
	}
	return n
}

// archive writes parts.
type archive struct {
	age io.WriteCloser
	out *bufio.Writer
}

func newArchive(to io.Writer, recipients []age.Recipient, facts Facts) (*archive, error) {
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return nil, err
	}
	a := &archive{age: sealed, out: bufio.NewWriterSize(sealed, 1<<16)}
	_, err = a.out.WriteString(archiveSig)
	return a, errors.Join(err, a.json(partFacts, facts))
}

// part lets fill write one part.
func (a *archive) part(name string, fill func(io.Writer) error) error {
	if err := a.piece([]byte(name)); err != nil {
		return err
	}
	pieces := bufio.NewWriterSize(pieceWriter{a}, pieceMost)
	if err := errors.Join(fill(pieces), pieces.Flush()); err != nil {
		return err
	}
	return a.piece(nil)
}

func (a *archive) json(name string, v any) error {
	return a.part(name, func(w io.Writer) error { return json.NewEncoder(w).Encode(v) })
}

func (a *archive) piece(b []byte) error {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(b)))
	if _, err := a.out.Write(n[:]); err != nil {
		return err
	}
	_, err := a.out.Write(b)
	return err
}

// end writes the last part; without it age's own end is missing, too.
func (a *archive) end(held Held) error {
	if err := errors.Join(a.json(partEnd, held), a.out.Flush()); err != nil {
		return err
	}
	return a.age.Close()
}

type pieceWriter struct{ a *archive }

func (p pieceWriter) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		some := b[:min(len(b), pieceMost)]
		err = p.a.piece(some)
		b, n = b[len(some):], n+len(some)
	}
	return n, err
}

func errArchive(cause error) error {
	return &desk.Error{Code: desk.Invalid, Reason: "backup_damaged", Text: "this is no whole backup: it was cut off or changed", Cause: cause}
}

// reading reads parts.
type reading struct {
	in   *bufio.Reader
	left int  // of the piece
	done bool // the part
}

func openArchive(from io.Reader, identities []age.Identity) (*reading, Facts, error) {
	var facts Facts
	clear, err := age.Decrypt(from, identities...)
	var wrong *age.NoIdentityMatchError
	if errors.As(err, &wrong) {
		return nil, facts, desk.Fail(desk.Invalid, "recovery_key", "this recovery key does not open the backup; it was made for another")
	}
	if err != nil {
		return nil, facts, errArchive(err)
	}
	r := &reading{in: bufio.NewReaderSize(clear, 1<<16), done: true}
	sig := make([]byte, len(archiveSig))
	if _, err := io.ReadFull(r.in, sig); err != nil || string(sig) != archiveSig {
		return nil, facts, errArchive(err)
	}
	name, err := r.next()
	if err == nil && name != partFacts {
		err = errArchive(nil)
	}
	if err == nil {
		err = r.json(&facts)
	}
	return r, facts, err
}

func (r *reading) piece() (int, error) {
	var n [4]byte
	if _, err := io.ReadFull(r.in, n[:]); err != nil {
		return 0, errArchive(err)
	}
	size := binary.BigEndian.Uint32(n[:])
	if size > pieceMost {
		return 0, errArchive(nil)
	}
	return int(size), nil
}

// next passes over what is left of a part and returns the name of the following.
func (r *reading) next() (string, error) {
	if !r.done {
		if _, err := io.Copy(io.Discard, r); err != nil {
			return "", err
		}
	}
	n, err := r.piece()
	if err != nil {
		return "", err
	}
	name := make([]byte, n)
	if _, err := io.ReadFull(r.in, name); err != nil {
		return "", errArchive(err)
	}
	r.done, r.left = false, 0
	return string(name), nil
}

// Read reads the part.
func (r *reading) Read(b []byte) (int, error) {
	if r.done {
		return 0, io.EOF
	}
	if r.left == 0 {
		n, err := r.piece()
		if err != nil {
			return 0, err
		}
		if n == 0 {
			r.done = true
			return 0, io.EOF
		}
		r.left = n
	}
	n, err := r.in.Read(b[:min(len(b), r.left)])
	r.left -= n
	if err != nil {
		err = errArchive(err)
	}
	return n, err
}

func (r *reading) json(into any) error {
	raw, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return errArchive(err)
	}
	return nil
}

// end reads the last part and that nothing follows.
func (r *reading) end(held *Held) error {
	if err := r.json(held); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) {
		return errArchive(err)
	}
	return nil
}
