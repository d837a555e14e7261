package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"parley/internal/vault"
)

// MaxProof is the size of a signed document in bytes.
const MaxProof = 64 << 10

// Proof is a document signed by the install: a certificate that somebody keeps
// and can check later, also without the install when they noted its public key.
type Proof struct {
	Document  json.RawMessage `json:"document"`
	Key       string          `json:"key"`        // name of the key, 16 hex digits
	PublicKey string          `json:"public_key"` // base64; trust it only where it is the one you know
	Signature string          `json:"signature"`  // base64, Ed25519 over "parley-proof/1 " and the document without white space
}

const proofHead = "parley-proof/1 "

func proofText(document []byte) ([]byte, error) {
	text := bytes.NewBufferString(proofHead)
	if err := json.Compact(text, document); err != nil {
		return nil, fmt.Errorf("%w: the document is not JSON", ErrBadMark)
	}
	return text.Bytes(), nil
}

// Sign signs a JSON document.
func (s Signer) Sign(document []byte) (Proof, error) {
	if s.sign == nil {
		return Proof{}, fmt.Errorf("%w: no signing key", ErrBadMark)
	}
	text, err := proofText(document)
	if err != nil {
		return Proof{}, err
	}
	signature, public := s.sign(text)
	name := NameOf(public)
	return Proof{Document: text[len(proofHead):], Key: hex.EncodeToString(name[:]), PublicKey: base64.StdEncoding.EncodeToString(public),
		Signature: base64.StdEncoding.EncodeToString(signature)}, nil
}

// ReadProof reads what was saved of a proof. It does not verify.
func ReadProof(text []byte) (Proof, error) {
	var p Proof
	if len(text) > MaxProof {
		return p, fmt.Errorf("%w: longer than %d bytes", ErrBadMark, MaxProof)
	}
	if err := json.Unmarshal(text, &p); err != nil || len(p.Document) == 0 || p.Signature == "" {
		return p, fmt.Errorf("%w: this is no signed document", ErrBadMark)
	}
	return p, nil
}

// Verify reports ErrUnsigned unless one of the trusted keys signed exactly this
// document.
func (p Proof) Verify(trusted ...ed25519.PublicKey) error {
	signature, err := base64.StdEncoding.DecodeString(p.Signature)
	if err != nil {
		return ErrUnsigned
	}
	text, err := proofText(p.Document)
	if err != nil {
		return err
	}
	for _, public := range trusted {
		if len(public) == ed25519.PublicKeySize && ed25519.Verify(public, text, signature) {
			return nil
		}
	}
	return ErrUnsigned
}

// SignDocument signs a JSON document with the install's key, which is another
// than that of the marks. The result is JSON of a Proof.
func (l *Log) SignDocument(ctx context.Context, document []byte) ([]byte, error) {
	signer, err := l.documentSigner(ctx)
	if err != nil {
		return nil, err
	}
	p, err := signer.Sign(document)
	if err != nil {
		return nil, err
	}
	return json.Marshal(p)
}

// DocumentKey is the public key of what SignDocument signs.
func (l *Log) DocumentKey(ctx context.Context) (ed25519.PublicKey, error) {
	signer, err := l.documentSigner(ctx)
	return signer.Public(), err
}

func (l *Log) documentSigner(ctx context.Context) (Signer, error) {
	key, err := l.db.Vault().Key(ctx, vault.Ref{Kind: vault.Signing})
	if err != nil {
		return Signer{}, err
	}
	seed, err := key.Derive("documents")
	if err != nil {
		return Signer{}, err
	}
	return NewSigner(seed)
}
