package picture

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
)

// matrix is three by three, row by row.
type matrix [9]float64

// fromD50 makes linear sRGB of XYZ under D50, the light in which ICC profiles
// speak of colours.
func fromD50() matrix {
	return matrix{3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.0334540, 0.0719453, -0.2289914, 1.4052427}
}

func (m matrix) times(o matrix) (out matrix) {
	for i := range out {
		for k := range 3 {
			out[i] += m[i/3*3+k] * o[k*3+i%3]
		}
	}
	return out
}

func (m matrix) on(x, y, z float64) (a, b, c float64) {
	return m[0]*x + m[1]*y + m[2]*z, m[3]*x + m[4]*y + m[5]*z, m[6]*x + m[7]*y + m[8]*z
}

// inverse is of the adjugate; a matrix without one gives ok = false.
func (m matrix) inverse() (out matrix, ok bool) {
	out = matrix{
		m[4]*m[8] - m[5]*m[7], m[2]*m[7] - m[1]*m[8], m[1]*m[5] - m[2]*m[4],
		m[5]*m[6] - m[3]*m[8], m[0]*m[8] - m[2]*m[6], m[2]*m[3] - m[0]*m[5],
		m[3]*m[7] - m[4]*m[6], m[1]*m[6] - m[0]*m[7], m[0]*m[4] - m[1]*m[3],
	}
	d := m[0]*out[0] + m[1]*out[3] + m[2]*out[6]
	for i := range out {
		out[i] /= d
	}
	return out, math.Abs(d) > 1e-9
}

// colours says what the numbers of a picture mean: a curve for each of the three
// makes them linear, the matrix makes linear sRGB of them. nil means sRGB.
type colours struct {
	curve [3]func(float64) float64
	to    matrix
}

// unlessSRGB is nil where the colours are sRGB but for a rounding.
func (c *colours) unlessSRGB() *colours {
	lin := c.lines(256)
	enc := encoding()
	for i := range 125 {
		in := [3]int{i % 5 * 255 / 4, i / 5 % 5 * 255 / 4, i / 25 * 255 / 4}
		r, g, b := c.to.on(float64(lin[0][in[0]]), float64(lin[1][in[1]]), float64(lin[2][in[2]]))
		for k, v := range []float64{r, g, b} {
			if d := int(enc[step(v)]>>8) - in[k]; d < -1 || d > 1 {
				return c
			}
		}
	}
	return nil
}

// lines are the curves at n steps.
func (c *colours) lines(n int) (out [3][]float32) {
	for k, curve := range c.curve {
		out[k] = make([]float32, n)
		for i := range out[k] {
			out[k][i] = float32(unit(curve(float64(i) / float64(n-1))))
		}
	}
	return out
}

// unit holds a number, also none, to 0…1.
func unit(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(v, 1)
}

func step(linear float64) int { return int(unit(linear)*65535 + 0.5) }

// encoding is the curve of sRGB: a linear step to its 16 bits.
func encoding() []uint16 {
	out := make([]uint16, 65536)
	for i := range out {
		v := float64(i) / 65535
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out[i] = uint16(v*65535 + 0.5)
	}
	return out
}

// apply changes points in place, or gives them back as they are where it has
// none to say.
func (c *colours) apply(m image.Image) image.Image {
	if c == nil {
		return m
	}
	switch m := m.(type) {
	case *image.Gray:
		c.gray(m.Pix, 1)
	case *image.Gray16:
		c.gray(m.Pix, 2)
	case *image.RGBA: // opaque, as all readers here make it
		c.four(m.Pix)
	case *image.NRGBA:
		c.four(m.Pix)
	case *image.RGBA64:
		c.eight(m.Pix)
	case *image.NRGBA64:
		c.eight(m.Pix)
	case *image.Paletted:
		pix := make([]byte, 0, 4*len(m.Palette))
		for _, p := range m.Palette {
			n := color.NRGBAModel.Convert(p).(color.NRGBA) //nolint:forcetypeassert // what the model is for
			pix = append(pix, n.R, n.G, n.B, n.A)
		}
		c.four(pix)
		for i := range m.Palette {
			m.Palette[i] = color.NRGBA{R: pix[4*i], G: pix[4*i+1], B: pix[4*i+2], A: pix[4*i+3]}
		}
	}
	return m
}

func (c *colours) gray(pix []byte, size int) {
	lin, enc := c.lines(1 << (8 * size))[0], encoding()
	for i := 0; i+size <= len(pix); i += size {
		if size == 1 {
			pix[i] = round(enc[step(float64(lin[pix[i]]))])
			continue
		}
		binary.BigEndian.PutUint16(pix[i:], enc[step(float64(lin[binary.BigEndian.Uint16(pix[i:])]))])
	}
}

func (c *colours) four(pix []byte) {
	lin, enc := c.lines(256), encoding()
	for ; len(pix) >= 4; pix = pix[4:] {
		r, g, b := c.to.on(float64(lin[0][pix[0]]), float64(lin[1][pix[1]]), float64(lin[2][pix[2]]))
		pix[0], pix[1], pix[2] = round(enc[step(r)]), round(enc[step(g)]), round(enc[step(b)])
	}
}

func (c *colours) eight(pix []byte) {
	lin, enc := c.lines(65536), encoding()
	for ; len(pix) >= 8; pix = pix[8:] {
		r, g, b := c.to.on(float64(lin[0][binary.BigEndian.Uint16(pix)]), float64(lin[1][binary.BigEndian.Uint16(pix[2:])]), float64(lin[2][binary.BigEndian.Uint16(pix[4:])]))
		binary.BigEndian.PutUint16(pix, enc[step(r)])
		binary.BigEndian.PutUint16(pix[2:], enc[step(g)])
		binary.BigEndian.PutUint16(pix[4:], enc[step(b)])
	}
}

func round(v uint16) byte { return byte((uint32(v) + 128) / 257) }

func rgb(c color.YCbCr) (r, g, b byte) { return color.YCbCrToRGB(c.Y, c.Cb, c.Cr) }

// primaries makes colours of the places of white, red, green and blue (x, y
// each), as PNG and video name them.
func primaries(at [8]float64, curve func(float64) float64) *colours {
	xyz := func(x, y float64) (a, b, c float64) { return x / y, 1, (1 - x - y) / y }
	var m matrix
	for k := range 3 {
		m[k], m[3+k], m[6+k] = xyz(at[2+2*k], at[3+2*k])
	}
	inv, ok := m.inverse()
	if !ok {
		return nil
	}
	wx, wy, wz := xyz(at[0], at[1])
	r, g, b := inv.on(wx, wy, wz)
	m = m.times(matrix{r, 0, 0, 0, g, 0, 0, 0, b})
	bradford := matrix{0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296}
	back, _ := bradford.inverse()
	l1, m1, s1 := bradford.on(wx, wy, wz)
	l2, m2, s2 := bradford.on(0.96422, 1, 0.82521) // D50
	adapted := back.times(matrix{l2 / l1, 0, 0, 0, m2 / m1, 0, 0, 0, s2 / s1}).times(bradford)
	for _, v := range adapted.times(m) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	}
	return &colours{curve: [3]func(float64) float64{curve, curve, curve}, to: fromD50().times(adapted).times(m)}
}
