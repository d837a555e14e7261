package pdf

import (
	"cmp"
	"context"
	"slices"
	"unicode"

	"github.com/tetratelabs/wazero/api"
)

// mend puts the letters of a line that is written from right to left into the
// order in which they are read. PDFium turns such a line round letter by letter:
// where one drawn sign stands for several letters (lam and alef), or a vowel mark
// is drawn over its letter, those come out the wrong way round.
func (d *Document) mend(ctx context.Context, text uint64, units []uint16, from, to int) error {
	for i := from; i+1 < to; i++ {
		n := turned(units[i:to])
		if n < 2 {
			continue
		}
		one, err := d.oneSign(ctx, text, i, i+n-1)
		if err == nil && !one && isMark(units[i]) {
			one, err = d.above(ctx, text, i, i+n-1, from)
		}
		if err != nil {
			return err
		}
		if one {
			slices.Reverse(units[i : i+n])
			i += n - 1
		}
	}
	if !slices.ContainsFunc(units[from:to], isRight) {
		return nil
	}
	for i := from; i < to; i++ {
		n := foreign(units[i:to])
		if n > 1 {
			if err := d.fromLeft(ctx, text, units, i, i+n); err != nil {
				return err
			}
		}
		i += max(n-1, 0)
	}
	return nil
}

// isRight: letters and marks that are written from right to left.
func isRight(u uint16) bool {
	return u >= 0x590 && u <= 0x8ff || u >= 0xfb1d && u <= 0xfdff || u >= 0xfe70 && u <= 0xfefc
}

// foreign is how long the beginning of a line goes on without a blank and without
// anything written from right to left.
func foreign(line []uint16) int {
	n := 0
	for n < len(line) && !isRight(line[n]) && !unicode.IsSpace(rune(line[n])) && line[n] != 0xfffe {
		n++
	}
	return n
}

func inWord(u uint16) bool { return unicode.IsLetter(rune(u)) || unicode.IsDigit(rune(u)) }

// placed is a letter with how far to the right it begins.
type placed struct {
	unit uint16
	x    float64
}

// fromLeft puts a word, a number or a code that stands in a line from right to left
// into its own order, which is from the left: "GUL-011" comes out as "-011GUL".
// Signs around it belong to the line and stay.
func (d *Document) fromLeft(ctx context.Context, text uint64, units []uint16, from, to int) error {
	word := make([]placed, to-from)
	for i := range word {
		x, _, err := d.origin(ctx, text, from+i)
		if err != nil {
			return err
		}
		word[i] = placed{units[from+i], x}
	}
	sorted := byPlace(word)
	if !inWord(sorted[0].unit) || !inWord(sorted[len(sorted)-1].unit) {
		for len(word) > 0 && !inWord(word[0].unit) {
			word, from = word[1:], from+1
		}
		for len(word) > 0 && !inWord(word[len(word)-1].unit) {
			word = word[:len(word)-1]
		}
		if sorted = byPlace(word); len(sorted) < 2 || !inWord(sorted[0].unit) || !inWord(sorted[len(sorted)-1].unit) {
			return nil
		}
	}
	for i, p := range sorted {
		units[from+i] = p.unit
	}
	return nil
}

func byPlace(word []placed) []placed {
	out := slices.Clone(word)
	slices.SortStableFunc(out, func(a, b placed) int { return cmp.Compare(a.x, b.x) })
	return out
}

const (
	lam = 0x644
	heh = 0x647
)

// turned is how many units at the beginning of a line may be the letters of one
// sign in the wrong order: no sign is read alef before lam, or a mark before its
// letter.
func turned(line []uint16) int {
	switch first := line[0]; {
	case isAlef(first) && line[1] == lam:
		return 2
	case first == heh && len(line) > 3 && line[1] == lam && line[2] == lam && isAlef(line[3]):
		return 4 // the sign for God
	case isMark(first):
		n := 1
		for n < len(line) && isMark(line[n]) {
			n++
		}
		if n < len(line) && unicode.IsLetter(rune(line[n])) {
			return n + 1
		}
	}
	return 0
}

func isAlef(u uint16) bool { return u == 0x627 || u == 0x622 || u == 0x623 || u == 0x625 || u == 0x671 }

// isMark: vowels and the like of Arabic and Hebrew.
func isMark(u uint16) bool {
	return (u >= 0x591 && u <= 0x5c7 || u >= 0x610 && u <= 0x61a || u >= 0x64b && u <= 0x65f || u == 0x670 || u >= 0x6d6 && u <= 0x6ed) &&
		unicode.Is(unicode.Mn, rune(u))
}

// oneSign reports whether the letters at two places of the text, and so those
// between them, were drawn as one.
func (d *Document) oneSign(ctx context.Context, text uint64, a, b int) (bool, error) {
	ax, ay, err := d.origin(ctx, text, a)
	if err != nil {
		return false, err
	}
	bx, by, err := d.origin(ctx, text, b)
	return err == nil && ax == bx && ay == by, err
}

func (d *Document) origin(ctx context.Context, text uint64, at int) (x, y float64, err error) {
	index, err := d.e.call(ctx, "FPDFText_GetCharIndexFromTextIndex", text, uint64(at))
	if err != nil {
		return 0, 0, err
	}
	if _, err = d.e.call(ctx, "FPDFText_GetCharOrigin", text, index, uint64(d.scratch), uint64(d.scratch+8)); err != nil {
		return 0, 0, err
	}
	x, _ = d.e.mod.Memory().ReadFloat64Le(d.scratch)
	y, _ = d.e.mod.Memory().ReadFloat64Le(d.scratch + 8)
	return x, y, nil
}

// above reports whether a mark is drawn over the letter at a place after it, and
// not over the one before it.
func (d *Document) above(ctx context.Context, text uint64, mark, letter, from int) (bool, error) {
	left, right, err := d.span(ctx, text, mark)
	if err != nil {
		return false, err
	}
	middle := (left + right) / 2
	left, right, err = d.span(ctx, text, letter)
	if err != nil || middle < left || middle > right {
		return false, err
	}
	if mark == from {
		return true, nil
	}
	left, right, err = d.span(ctx, text, mark-1)
	return err == nil && (middle < left || middle > right), err
}

// span is how far a letter reaches from left to right.
func (d *Document) span(ctx context.Context, text uint64, at int) (left, right float64, err error) {
	index, err := d.e.call(ctx, "FPDFText_GetCharIndexFromTextIndex", text, uint64(at))
	if err != nil {
		return 0, 0, err
	}
	at0 := uint64(d.scratch)
	ok, err := d.e.call(ctx, "FPDFText_GetCharBox", text, index, at0, at0+8, at0+16, at0+24)
	if err != nil || api.DecodeI32(ok) == 0 {
		return 0, 0, err
	}
	left, _ = d.e.mod.Memory().ReadFloat64Le(d.scratch)
	right, _ = d.e.mod.Memory().ReadFloat64Le(d.scratch + 8)
	return left, right, nil
}
