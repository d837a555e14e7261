// Package bench measures what the product page promises: each bench runs real
// parts over a whole or partial install on this machine and holds its figures
// against a bound, where one exists against a ceiling measured in the same run.
//
// It never changes an install of somebody: it works in folders and databases of
// its own, and sends traffic to loopback only.
package bench
