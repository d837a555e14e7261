// Package picture reads pictures (JPEG, PNG, GIF, WebP): how many points they
// have, and what else than points they carry.
//
// It promises that Clean keeps every point as it was and drops what a camera or
// a program wrote beside them (place, time, device, names, thumbnails, comments,
// whatever follows the end), that a JPEG still stands upright, and that nothing
// is decoded before its size is known to be bearable. A Redrawer writes the
// points anew, upright and in sRGB, within a bound of memory and of time.
//
// It never guesses: what it cannot read to the end of its structure is an error.
package picture
