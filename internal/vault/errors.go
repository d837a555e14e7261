package vault

// Error is a fault of the vault. Its values are constants: compare them with
// errors.Is.
type Error string

// Error says what happened, in words and without any key material or content.
func (e Error) Error() string { return string(e) }

const (
	// ErrNoKey: the key does not exist, or no longer: what it sealed is gone.
	ErrNoKey = Error("vault: no such key: it was destroyed or never made")
	// ErrExpired: the key is past its term; what it sealed counts as gone.
	ErrExpired = Error("vault: the key is past its term")
	// ErrTampered: the bytes are not what was sealed for this place.
	ErrTampered = Error("vault: the sealed bytes do not belong here or were changed")
	// ErrBadRef: the reference names no kind of key, or lacks its number.
	ErrBadRef = Error("vault: not a valid key reference")
	// ErrNeedsTerm: a day or hour key was asked for without the time it ends.
	ErrNeedsTerm = Error("vault: day and hour keys need a term: use KeyUntil")
	// ErrNoEpoch: key custody does not hold the epoch key that is needed.
	ErrNoEpoch = Error("vault: the epoch key is not in key custody: restore the custody folder from the key backup")
	// ErrEpochExists: custody already holds an epoch key of that number.
	ErrEpochExists = Error("vault: that epoch key exists already")
	// ErrEpochClosed: the key store takes no more rows of that epoch.
	ErrEpochClosed = Error("vault: that epoch is closed")
	// ErrRootKey: the root key cannot be used as it is; the text says why.
	ErrRootKey = Error("vault: root key refused")
)
