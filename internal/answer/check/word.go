package check

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var units = sync.OnceValue(func() []unit {
	return []unit{unitOf("day", dayWords), unitOf("week", weekWords), unitOf("month", monthsWords), unitOf("year", yearWords), unitOf("hour", hourWords), unitOf("minute", minuteWords)}
})

// numberWords are the numbers from two on that are nothing else in their
// language: Turkish "on" and French "neuf" are left out.
var numberWords = map[string]int{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "hundred": 100, "thousand": 1000,
	"iki": 2, "uc": 3, "dort": 4, "bes": 5, "sekiz": 8, "dokuz": 9, "yirmi": 20, "otuz": 30, "altmis": 60, "doksan": 90,
	"zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwolf": 12, "vierzehn": 14, "zwanzig": 20, "dreissig": 30, "sechzig": 60, "neunzig": 90, "hundert": 100, "tausend": 1000,
	"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "catorce": 14, "quince": 15, "veinte": 20, "treinta": 30, "sesenta": 60, "noventa": 90, "cien": 100,
	"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "dix": 10, "douze": 12, "quatorze": 14, "quinze": 15, "vingt": 20, "trente": 30, "soixante": 60, "cent": 100,
	"ثلاثه": 3, "ثلاث": 3, "اربعه": 4, "خمسه": 5, "سته": 6, "سبعه": 7, "ثمانيه": 8, "تسعه": 9, "عشره": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30,
}

var wordLike = regexp.MustCompile(`[\p{L}]+`)

// words reads numbers that are written out; a duration in words is a number.
func (r *reader) words() {
	for _, w := range wordLike.FindAllString(r.rest, -1) {
		n := numberWords[w]
		if n == 0 {
			continue
		}
		v := strconv.Itoa(n)
		f := figure{"number", []string{"n:" + v}}
		if r.source {
			for _, u := range units() { // "within thirty days" for an answer's "30 days"
				f.forms = append(f.forms, "u:"+v+u.code)
			}
		} else if n <= 24 {
			f.forms = append(f.forms, clockForm(n, 0))
		}
		r.out = append(r.out, f)
	}
	if r.source {
		for word, code := range twice {
			if strings.Contains(r.rest, word) {
				r.out = append(r.out, figure{"duration", []string{"u:2" + code, "n:2"}})
			}
		}
	}
}

// twice is the Arabic dual.
var twice = map[string]string{"يومين": "day", "اسبوعين": "week", "شهرين": "month", "ساعتين": "hour", "سنتين": "year", "عامين": "year"}
