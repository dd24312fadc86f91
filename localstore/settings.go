package localstore

import (
	"context"

	"rollcall/core"
)

func settingPlace(key string) string { return "setting/" + key }

// SaveSetting keeps a value, sealed as JSON, under a key that is a word of the program's.
func (s *Store) SaveSetting(ctx context.Context, key string, value any) error {
	sealed, err := s.seal.sealJSON(value, settingPlace(key))
	if err != nil {
		return s.explain(err)
	}
	return s.exec(ctx, "setting", "INSERT INTO setting (key, sealed) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed", key, sealed)
}

// Setting puts the value of a key into the variable that into points to; where there is
// none, it leaves the variable as it is, so that it can hold the default.
func (s *Store) Setting(ctx context.Context, key string, into any) error {
	var sealed []byte
	err := s.row(ctx, "setting", "SELECT sealed FROM setting WHERE key = ?", []any{key}, &sealed)
	if core.HasCode(err, core.NotFound) {
		return nil
	}
	if err == nil {
		err = s.explain(s.seal.unsealJSON(sealed, settingPlace(key), into))
	}
	return err
}
