// Package config reads the machine settings of one install.
//
// It promises that every setting is one field of Config with its variable, its
// default and its description beside it, that docs/config.md is made from those
// fields, and that a wrong value stops the start with a sentence that says what
// to write instead.
//
// It is the only package that reads the environment. It never holds what a
// workspace can edit: that is stored and changed in the dashboard.
package config
