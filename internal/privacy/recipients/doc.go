// Package recipients tells whoever wants to know when the public list of recipients
// (sub-processors) changes.
//
// It promises that an address is written to only after somebody who reads its mail
// said yes by a link that works once; that each letter has a link that ends it; that
// what is asked with an address is answered the same whether it is known or not; and
// that everybody who had said yes when a line came, changed or went is written to
// about it, whatever dies in between: once, or twice where the program died just as
// the mail server took the letter.
//
// It never writes to an address that did not say yes more often than that is needed
// to ask, and holds nothing but the address, the language and two times.
package recipients
