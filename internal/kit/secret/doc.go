// Package secret holds values that must never be printed, and is the only source
// of random numbers.
//
// It promises that a Text shows as ••• in every log, error, JSON and fmt verb,
// that random bytes come from the operating system's generator, and that
// comparisons take the same time whatever the difference.
//
// It never stores anything and never encrypts: that is vault's work.
package secret
