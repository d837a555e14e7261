// Package clam stands in for a ClamAV daemon in tests: it speaks the commands
// zPING and zINSTREAM of clamd's protocol on a loopback port, takes chunks of
// four bytes of length and their bytes, and finds the EICAR test file anywhere in
// a stream. It records how many files it saw and misbehaves on demand: it is too
// full for a long file, hangs, breaks off or answers nonsense.
//
// It knows no virus, and nothing of the program it tests.
package clam
