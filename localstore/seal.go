package localstore

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	keySize = 32
	// smallest is the length from which compressing a value pays.
	smallest              = 128
	plainMark, packedMark = 0, 1
)

// errUnsealed says that a value does not open: changed, moved to another row, or sealed
// with another key.
var errUnsealed = errors.New("a sealed value does not open")

// sealer compresses and seals values, each bound to the place it is stored at, so that
// no value can be moved to another row. XChaCha20-Poly1305 because its long random nonce
// needs no counting over millions of journal rows under one key.
type sealer struct {
	aead tink.AEAD
	mac  []byte
	pack *zstd.Encoder
	open *zstd.Decoder
}

func newSealer(key []byte) (*sealer, error) {
	sealing, err := hkdf.Key(sha256.New, key, nil, "rollcall: seal", keySize)
	if err != nil {
		return nil, err
	}
	mac, err := hkdf.Key(sha256.New, key, nil, "rollcall: find", keySize)
	if err != nil {
		return nil, err
	}
	aead, err := subtle.NewXChaCha20Poly1305(sealing)
	if err != nil {
		return nil, err
	}
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(chunkSize))
	if err != nil {
		return nil, err
	}
	open, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(2))
	if err != nil {
		return nil, err
	}
	return &sealer{aead, mac, pack, open}, nil
}

// seal gives a value that opens at this place only. The places are table and row.
func (s *sealer) seal(plain []byte, place string) ([]byte, error) {
	marked := make([]byte, 1, 1+len(plain))
	if len(plain) < smallest {
		marked[0] = plainMark
		marked = append(marked, plain...)
	} else {
		marked[0] = packedMark
		marked = s.pack.EncodeAll(plain, marked)
	}
	return s.aead.Encrypt(marked, []byte(place))
}

// unseal is the way back; errUnsealed where the value is not what was sealed there.
func (s *sealer) unseal(sealed []byte, place string) ([]byte, error) {
	marked, err := s.aead.Decrypt(sealed, []byte(place))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %s: %w", errUnsealed, place, err)
	case len(marked) == 0:
		return nil, fmt.Errorf("%w: %s: empty", errUnsealed, place)
	case marked[0] == plainMark:
		return marked[1:], nil
	}
	plain, err := s.open.DecodeAll(marked[1:], nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errUnsealed, place, err)
	}
	return plain, nil
}

func (s *sealer) sealJSON(v any, place string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", place, err)
	}
	return s.seal(plain, place)
}

func (s *sealer) unsealJSON(sealed []byte, place string, into any) error {
	plain, err := s.unseal(sealed, place)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("%w: %s: %w", errUnsealed, place, err)
	}
	return nil
}

// hash gives what a sealed name is found by: the same for the same words in the same
// use, telling nothing without the key.
func (s *sealer) hash(use string, words ...string) []byte {
	h := hmac.New(sha256.New, s.mac)
	for _, w := range append([]string{use}, words...) {
		h.Write(binary.AppendUvarint(nil, uint64(len(w))))
		h.Write([]byte(w))
	}
	return h.Sum(nil)
}
