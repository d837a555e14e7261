// Package injection holds texts written by hand that try to steer the
// assistant through messages, files, pages and product names (README.md), and
// reads them for the tests that use them. Its own tests look at the form of the
// file only.
package injection
