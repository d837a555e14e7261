package pdf

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
)

// Sum is the SHA-256 of the pdfium.wasm this program was written for.
const Sum = "71aec412a303a0405baee21c3d6d3f30ad2033dc02444130fe476be3976e2d09"

//go:embed wasm
var files embed.FS

// ErrNotBuilt says that the program was built without PDFium.
var ErrNotBuilt = errors.New("pdf: built without PDFium")

// program is PDFium's bytes.
func program() ([]byte, error) {
	raw, err := files.ReadFile("wasm/pdfium.wasm")
	if err != nil {
		return nil, ErrNotBuilt
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != Sum {
		return nil, errors.New("pdf: pdfium.wasm is not the one this program was written for")
	}
	return raw, nil
}

// Built reports whether PDF can be read at all.
func Built() bool {
	f, err := files.Open("wasm/pdfium.wasm")
	if err != nil {
		return false
	}
	return f.Close() == nil
}
