package vault

// What a thief who read the source knows.

// EpochAD is what an epoch key in custody is tied to.
func EpochAD(epoch int64) []byte { return epochAD(epoch) }

// Bound is what a wrapped key is tied to.
func (w Wrapped) Bound() []byte { return w.bound() }

// SealedAD is what sealed bytes are tied to.
func SealedAD(sealed []byte, ad AD) []byte {
	return ad.append(append([]byte(nil), sealed[:headSize]...))
}
