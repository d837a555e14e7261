// Package bias holds paired questions written by hand: the same question from
// people who differ in one thing (README.md). Its tests look at the form of
// the file only.
package bias
