package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"os"

	"parley/internal/app"
	"parley/internal/audit"
)

type auditCmd struct {
	Certificate certificateCmd `cmd:"" help:"Check a signed certificate of deletion, with this install's key or one that you noted."`
}

type certificateCmd struct {
	File string `arg:"" help:"The saved certificate; - reads standard input."`
	Key  string `help:"Public key in base64, to check without the install; parley audit certificate prints it."`
	JSON bool   `help:"Print the result as JSON."`
	where
}

// verdict is what the check says.
type verdict struct {
	Valid     bool   `json:"valid"`
	PublicKey string `json:"public_key"` // that it was checked with
	Text      string `json:"text"`
}

func (c *certificateCmd) Run(s *session) error {
	raw, err := readBounded(s, c.File)
	if err != nil {
		return err
	}
	proof, err := audit.ReadProof(raw)
	if err != nil {
		return err
	}
	key, err := c.trusted(s)
	if err != nil {
		return err
	}
	out := verdict{Valid: true, PublicKey: base64.StdEncoding.EncodeToString(key), Text: "signed by this key and unchanged"}
	if err := proof.Verify(key); err != nil {
		out.Valid, out.Text = false, "NOT signed by this key, or changed since"
	}
	if c.JSON {
		err = s.printJSON(out)
	} else {
		_, err = fmt.Fprintf(s.stdout, "%s\nkey: %s\n", out.Text, out.PublicKey)
	}
	if err == nil && !out.Valid {
		return exitError(exitFailed)
	}
	return err
}

func (c *certificateCmd) trusted(s *session) (ed25519.PublicKey, error) {
	if c.Key != "" {
		key, err := base64.StdEncoding.DecodeString(c.Key)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, usageError{fmt.Errorf("--key: a public key is %d bytes in base64", ed25519.PublicKeySize)}
		}
		return key, nil
	}
	var key ed25519.PublicKey
	return key, s.withControl(c.where, func(ctl app.Control) error {
		own, err := ctl.DocumentKey(s.ctx)
		key = own.PublicKey
		return err
	})
}

// readBounded reads a certificate's file; a longer one is none.
func readBounded(s *session, path string) ([]byte, error) {
	from := s.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	return io.ReadAll(io.LimitReader(from, audit.MaxProof+1))
}
