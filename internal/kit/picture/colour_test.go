package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// icc is a profile of three colours under D50 and one curve for each.
func icc(space, curve string, xyz ...[3]float64) string {
	type tag struct{ name, body string }
	tags := []tag{}
	for i, c := range xyz {
		body := "XYZ \x00\x00\x00\x00"
		for _, v := range c {
			body += string(binary.BigEndian.AppendUint32(nil, uint32(int32(v*65536))))
		}
		tags = append(tags, tag{"rgb"[i:i+1] + "XYZ", body}, tag{"rgb"[i:i+1] + "TRC", curve})
	}
	if space == "GRAY" {
		tags = append(tags, tag{"kTRC", curve})
	}
	head := make([]byte, 128)
	copy(head[12:], "mntr"+space+"XYZ ")
	copy(head[36:], "acsp")
	list, data := binary.BigEndian.AppendUint32(head, uint32(len(tags))), ""
	for _, one := range tags {
		list = append(list, one.name...)
		list = binary.BigEndian.AppendUint32(list, uint32(132+12*len(tags)+len(data)))
		list = binary.BigEndian.AppendUint32(list, uint32(len(one.body)))
		data += one.body
	}
	return string(list) + data
}

func para(kind byte, v ...float64) string {
	out := "para\x00\x00\x00\x00\x00" + string([]byte{kind}) + "\x00\x00"
	for _, x := range v {
		out += string(binary.BigEndian.AppendUint32(nil, uint32(int32(x*65536))))
	}
	return out
}

var (
	displayP3 = [][3]float64{{0.51512, 0.2412, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.1571, 0.06657, 0.78407}}
	adobe     = [][3]float64{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
	ofSRGB    = [][3]float64{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.7141}}
)

func pngWith(t *testing.T, m image.Image, chunks string) []byte {
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return []byte(b.String()[:33] + chunks + b.String()[33:])
}

func iccp(t *testing.T, profile string) string {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, err := w.Write([]byte(profile))
	must(t, err)
	must(t, w.Close())
	return chunk("iCCP", "x\x00\x00"+z.String())
}

// The red, green and blue of sRGB as the two larger spaces number them, which CSS
// Color 4 and Adobe's paper on its space both list.
func TestTheColoursOfLargerSpacesStayAsTheyLook(t *testing.T) {
	t.Parallel()
	curve := para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	inP3 := []color.NRGBA{{234, 51, 35, 255}, {117, 251, 76, 255}, {0, 0, 245, 255}, {128, 128, 128, 200}}
	inAdobe := []color.NRGBA{{219, 0, 0, 255}, {144, 255, 60, 255}, {0, 0, 250, 255}, {127, 127, 127, 200}}
	for name, c := range map[string]struct {
		chunks string
		in     []color.NRGBA
	}{
		"Display P3":              {iccp(t, icc("RGB ", curve, displayP3...)), inP3},
		"Display P3 by number":    {chunk("cICP", "\x0c\x0d\x00\x01"), inP3},
		"Adobe RGB":               {iccp(t, icc("RGB ", "curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33", adobe...)), inAdobe},
		"Adobe RGB by its places": {chunk("gAMA", "\x00\x00\xb1\x8e") + chunk("cHRM", places(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)), inAdobe},
	} {
		want := [][3]int{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {128, 128, 128}}
		flat, deep, few := image.NewNRGBA(image.Rect(0, 0, 4, 1)), image.NewNRGBA64(image.Rect(0, 0, 4, 1)), image.NewPaletted(image.Rect(0, 0, 4, 1), nil)
		for i, v := range c.in {
			flat.Set(i, 0, v)
			deep.Set(i, 0, v)
			few.Palette = append(few.Palette, v)
			few.Pix[i] = byte(i)
		}
		for _, m := range []image.Image{flat, deep, few} {
			got, _, _ := redrawn(t, pngWith(t, m, c.chunks))
			for i, w := range want {
				v := color.NRGBAModel.Convert(got.At(i, 0)).(color.NRGBA)
				if a := v.A; a != c.in[i].A {
					t.Errorf("%s, %T: %d shines through by %d", name, m, i, a)
				}
				v.A = 255
				if !near(v, w[0], w[1], w[2], 4) {
					t.Errorf("%s, %T: %v is %v, want %v", name, m, c.in[i], v, w)
				}
			}
		}
	}
}

func places(v ...uint32) (out string) {
	for _, x := range v {
		out += string(binary.BigEndian.AppendUint32(nil, x))
	}
	return out
}

func TestAPhotographInDisplayP3IsShownInItsColours(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range 256 {
		m.SetRGBA(i%16, i/16, color.RGBA{234, 51, 35, 255})
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}))
	profile := icc("RGB ", para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045), displayP3...)
	half := len(profile) / 2
	tagged := b.String()[:2] + segment(0xe2, "ICC_PROFILE\x00\x01\x02"+profile[:half]) + segment(0xe2, "ICC_PROFILE\x00\x02\x02"+profile[half:]) + b.String()[2:]
	got, out, _ := redrawn(t, []byte(tagged))
	if !near(got.At(8, 8), 255, 0, 0, 5) || bytes.Contains(out, []byte("ICC_PROFILE")) {
		t.Errorf("%v", got.At(8, 8))
	}
	lying, _, _ := redrawn(t, []byte(tagged[:2]+segment(0xe1, exif(6))+tagged[2:]))
	if !near(lying.At(8, 8), 255, 0, 0, 5) {
		t.Errorf("on its side: %v", lying.At(8, 8))
	}
	// A profile of sRGB changes nothing, and neither does one of another picture.
	for name, p := range map[string]string{
		"sRGB": icc("RGB ", para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045), ofSRGB...),
		"grey": icc("GRAY", "curv\x00\x00\x00\x00\x00\x00\x00\x00"), "broken": profile[:100],
	} {
		same, _, _ := redrawn(t, []byte(b.String()[:2]+segment(0xe2, "ICC_PROFILE\x00\x01\x01"+p)+b.String()[2:]))
		if !near(same.At(8, 8), 234, 51, 35, 3) {
			t.Errorf("%s: %v", name, same.At(8, 8))
		}
	}
}

func TestEveryCurveOfAProfileIsRead(t *testing.T) {
	t.Parallel()
	table := "curv\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x40\x00\xff\xff" // half is a quarter, nearly gamma 2
	for name, c := range map[string]struct {
		curve string
		want  int // of the grey 128
	}{
		"nothing said": {"curv\x00\x00\x00\x00\x00\x00\x00\x00", 188},
		"a table":      {table, 138},
		"gamma":        {para(0, 1), 188},
		"with a foot":  {para(1, 1, 1, -0.25), 138},
		"with a sum":   {para(2, 1, 1, -0.5, 0.25), 138},
		"in two":       {para(3, 1, 1, 0, 0.5, 0.75), 137},
		"in two sums":  {para(4, 1, 1, 0, 0.5, 0.75, 0, 0), 137},
	} {
		m := image.NewGray(image.Rect(0, 0, 2, 2))
		for i := range m.Pix {
			m.Pix[i] = 128
		}
		got, _, _ := redrawn(t, pngWith(t, m, iccp(t, icc("GRAY", c.curve))))
		if v := got.At(1, 1).(color.Gray).Y; int(v) < c.want-2 || int(v) > c.want+2 {
			t.Errorf("%s: %d, want %d", name, v, c.want)
		}
	}
}
