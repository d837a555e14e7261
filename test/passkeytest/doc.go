// Package passkeytest is a device that holds passkeys, in software: it reads the
// options a server sends to a browser and answers with the bytes a browser would
// send back, signed by real keys. What a dishonest device or page would do is a
// field of it.
//
// It never imports what it tests.
package passkeytest
