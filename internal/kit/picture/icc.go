package picture

import (
	"encoding/binary"
	"math"
)

// Limits of an ICC profile.
const (
	maxProfile = 4 << 20
	maxTags    = 100
)

// profile reads an ICC profile of three curves and a matrix, or of one curve of
// grey. Colours of a profile that nobody can read are sRGB, as browsers take
// them; those of one that mixes by a table are ErrColours.
func profile(b []byte, grey bool) (*colours, error) {
	const head = 128
	if len(b) < head+4 || string(b[36:40]) != "acsp" {
		return nil, nil
	}
	space := string(b[16:20])
	if (space == "GRAY") != grey || space != "GRAY" && space != "RGB " {
		return nil, nil // of another picture
	}
	tags := map[string][]byte{}
	for i, n := head+4, min(binary.BigEndian.Uint32(b[head:]), maxTags); n > 0 && i+12 <= len(b); i, n = i+12, n-1 {
		at, size := uint64(binary.BigEndian.Uint32(b[i+4:])), uint64(binary.BigEndian.Uint32(b[i+8:]))
		if at+size <= uint64(len(b)) {
			tags[string(b[i:i+4])] = b[at : at+size]
		}
	}
	if grey {
		c := curve(tags["kTRC"])
		if c == nil {
			return nil, ErrColours
		}
		return (&colours{curve: [3]func(float64) float64{c, c, c}, to: matrix{1, 0, 0, 0, 1, 0, 0, 0, 1}}).unlessSRGB(), nil
	}
	var out colours
	var m matrix
	for k, name := range []string{"r", "g", "b"} {
		at := tags[name+"XYZ"]
		if out.curve[k] = curve(tags[name+"TRC"]); out.curve[k] == nil || len(at) < 20 || string(at[:4]) != "XYZ " || string(b[20:24]) != "XYZ " {
			return nil, ErrColours
		}
		for i := range 3 {
			m[3*i+k] = fixed(at[8+4*i:])
		}
	}
	out.to = fromD50().times(m)
	return out.unlessSRGB(), nil
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// curve reads a tone curve, by table or by formula; nil when it is neither.
func curve(b []byte) func(float64) float64 {
	switch {
	case len(b) >= 12 && string(b[:4]) == "curv":
		n := int64(binary.BigEndian.Uint32(b[8:]))
		points := b[12:]
		switch {
		case n == 0:
			return func(x float64) float64 { return x }
		case n > int64(len(points))/2:
			return nil
		case n == 1:
			gamma := float64(binary.BigEndian.Uint16(points)) / 256
			return func(x float64) float64 { return math.Pow(x, gamma) }
		}
		return func(x float64) float64 {
			at := x * float64(n-1)
			i := min(int64(at), n-2)
			low, high := float64(binary.BigEndian.Uint16(points[2*i:])), float64(binary.BigEndian.Uint16(points[2*i+2:]))
			return (low + (high-low)*(at-float64(i))) / 65535
		}
	case len(b) >= 16 && string(b[:4]) == "para":
		return formula(binary.BigEndian.Uint16(b[8:]), b[12:])
	}
	return nil
}

// formula is one of the five that ICC knows; g, a, b, c, d, e, f as it calls them.
func formula(kind uint16, b []byte) func(float64) float64 {
	const most = 4
	if kind > most {
		return nil
	}
	var v [7]float64
	n := [most + 1]int{1, 3, 4, 5, 7}[kind]
	if len(b) < 4*n {
		return nil
	}
	for i := range n {
		v[i] = fixed(b[4*i:])
	}
	power := func(x float64) float64 { return math.Pow(v[1]*x+v[2], v[0]) }
	switch kind {
	case 0:
		return func(x float64) float64 { return math.Pow(x, v[0]) }
	case 1, 2: // the third has a sum in the fourth place, which is 0 in the second
		return func(x float64) float64 {
			if v[1]*x+v[2] < 0 {
				return v[3]
			}
			return power(x) + v[3]
		}
	}
	return func(x float64) float64 {
		if x < v[4] {
			return v[3]*x + v[6]
		}
		return power(x) + v[5]
	}
}
