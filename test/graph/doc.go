// Package graph runs the whole program against the stand-in of Meta: real
// webhooks in, real Graph calls out, on both engines.
package graph
