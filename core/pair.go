package core

// Pair puts a desired account beside the account that exists, by their places in the
// two readings. Either side is below zero where there is none.
type Pair struct {
	Desired int32
	Account int32
	By      int8 // the key that found it, counted from 0; ByLink for a remembered match
}

// ByLink is the By of a pair that was remembered.
const ByLink = -1

// Clash is a desired account that cannot be paired: a key that two people have, an
// account that two people claim, a key that several accounts have.
type Clash struct {
	Desired  int32
	Why      Reason
	Detail   string
	Accounts []int32 // accounts that are part of it, and so are nobody's
}
