package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"

	"parley/internal/app"
	"parley/internal/audit"
)

type auditCmd struct {
	Verify      auditVerifyCmd `cmd:"" help:"Read every chain of the record of who did what, and say whether any byte was changed, and where."`
	Mark        auditMarkCmd   `cmd:"" help:"Print where each chain stands, signed: keep it elsewhere, so that a lost end and a chain written anew are seen (verify --checkpoint)."`
	Certificate certificateCmd `cmd:"" help:"Check a signed certificate of deletion, with this install's key or one that you noted."`
}

type certificateCmd struct {
	File string `arg:"" help:"The saved certificate; - reads standard input."`
	Key  string `help:"Public key in base64, to check without the install; parley audit certificate prints it."`
	JSON bool   `help:"Print the result as JSON."`
	where
}

type auditVerifyCmd struct {
	Checkpoint []string `help:"A file with checkpoints that were kept elsewhere: a saved mail, or what parley audit mark printed; - reads standard input. The chains are held to them, too." placeholder:"FILE"`
	JSON       bool     `help:"Print one line of JSON per chain."`
	where
}

func (c *auditVerifyCmd) Run(s *session) error {
	kept, err := c.kept(s)
	if err != nil {
		return err
	}
	return s.withControl(c.where, func(ctl app.Control) error {
		all, err := ctl.VerifyAudit(s.ctx, app.VerifyAudit{Kept: kept})
		if err != nil {
			return err
		}
		bad := false
		for _, one := range all {
			bad = bad || one.Broken != ""
			if c.JSON {
				err = errors.Join(err, s.printJSON(one))
				continue
			}
			state := "whole "
			if one.Broken != "" {
				state = "BROKEN"
			}
			_, e := fmt.Fprintf(s.stdout, "%s  workspace %-20s %8d entries  %5d checkpoints  %6d pruned  %5d not yet signed  %3d kept elsewhere\n",
				state, one.Workspace, one.Entries, one.Checkpoints, one.Pruned, one.Unsigned, one.Kept)
			if one.Broken != "" {
				_, e = fmt.Fprintf(s.stdout, "        %s\n", one.Broken)
			}
			err = errors.Join(err, e)
		}
		if err == nil && bad {
			return exitError(exitFailed)
		}
		return err
	})
}

// kept reads the checkpoints of the files that were named.
func (c *auditVerifyCmd) kept(s *session) ([]string, error) {
	var all []string
	for _, file := range c.Checkpoint {
		raw, err := readBounded(s, file)
		if err != nil {
			return nil, err
		}
		marks := audit.ReadMarks(string(raw))
		if len(marks) == 0 {
			return nil, usageError{fmt.Errorf("--checkpoint: %s holds no checkpoint: save the whole mail as text, or the line that begins with parley-audit-mark", file)}
		}
		for _, m := range marks {
			line, err := m.MarshalText()
			if err != nil {
				return nil, err
			}
			all = append(all, string(line))
		}
	}
	return all, nil
}

type auditMarkCmd struct {
	where
}

func (c *auditMarkCmd) Run(s *session) error {
	return s.withControl(c.where, func(ctl app.Control) error {
		all, err := ctl.MarkAudit(s.ctx)
		for _, one := range all {
			err = errors.Join(err, s.printJSON(one))
		}
		return err
	})
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

// readBounded reads a certificate's or a checkpoint's file; a longer one is none.
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
