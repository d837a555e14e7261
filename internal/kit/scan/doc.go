// Package scan has files looked through by a virus scanner that speaks ClamAV's
// INSTREAM, while they are read.
//
// It promises that a file is clean only where the scanner said so: a scanner
// that is away, slow, or answers anything else has not checked it. Reading never
// waits for a scanner that hangs longer than its limit.
//
// It never keeps a byte of a file and sends no name of one: the scanner gets
// bytes and nothing else.
package scan
