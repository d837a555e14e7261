package oidc

// Lie is something that a provider, or somebody in between, may say wrongly.
type Lie string

// Lies of the identity token.
const (
	OtherIssuer   Lie = "iss of another provider"
	OtherAudience Lie = "aud of another client"
	TwoAudiences  Lie = "aud of two clients, for the other one"
	OtherNonce    Lie = "another sign-in's nonce"
	NoNonce       Lie = "no nonce"
	Expired       Lie = "exp in the past"
	NoExpiry      Lie = "no exp"
	NotYet        Lie = "nbf in the future"
	IssuedLater   Lie = "iat in the future"
	AlgNone       Lie = "alg none"
	AlgHMAC       Lie = "alg HS256 with the client's secret"
	ForeignKey    Lie = "signed with a foreign key under the known id"
	UnknownKey    Lie = "signed with a key of an unknown id"
	CutSignature  Lie = "no signature"
	ChangedClaims Lie = "claims changed after signing"
	NoSubject     Lie = "no sub"
	LongSubject   Lie = "a sub of 5,000 letters"
	NumberClient  Lie = "an azp that is a number"
	LongToken     Lie = "an identity of 40 KB"
	NumberSubject Lie = "a sub that is a number"
	NoIDToken     Lie = "no id_token"
	Garbage       Lie = "an id_token that is none"
	StaleAuth     Lie = "auth_time of an hour ago, whatever was asked"
	NoAuthTime    Lie = "no auth_time though it was asked"
	WordAuthTime  Lie = "auth_time is a word"
	LateAuthTime  Lie = "auth_time in the future"
)

// Lies about the person.
const (
	Unverified   Lie = "email_verified false"
	SaysVerified Lie = "email_verified is a word"
	NoEmail      Lie = "no email"
	OtherInfo    Lie = "userinfo of somebody else"
)

// Lies about the picture.
const (
	ForeignPicture  Lie = "a picture on a foreign host"
	InsidePicture   Lie = "a picture on another port of this machine"
	RedirectPicture Lie = "the picture redirects"
	HugePicture     Lie = "a picture of 3 MB"
	DrawnPicture    Lie = "a picture that is a script"
	NumberPicture   Lie = "a picture that is a number"
	HangPicture     Lie = "the picture hangs"
)

// Lies of the way.
const (
	OtherDiscovery Lie = "discovery of another issuer"
	ForeignToken   Lie = "a token endpoint on a foreign host"
	ForeignKeys    Lie = "keys on a foreign host"
	MixUp          Lie = "iss of another provider in the answer"
	NoIss          Lie = "no iss in the answer though it was promised"
	RedirectToken  Lie = "the token endpoint redirects"
	RefuseToken    Lie = "the token endpoint refuses"
	HugeToken      Lie = "a token answer of 3 MB"
	NoJSON         Lie = "a token answer that is a page"
	HugeKeys       Lie = "keys of 3 MB"
	RedirectKeys   Lie = "the keys redirect"
	HangDiscovery  Lie = "discovery hangs"
	HangToken      Lie = "the token endpoint hangs"
	HangKeys       Lie = "the keys hang"
	AgainCode      Lie = "a code works twice"
	AnyChallenge   Lie = "the verifier is not checked"
)
