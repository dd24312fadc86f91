package main

import (
	"cmp"
	"log"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"gopkg.in/natefinch/lumberjack.v2"

	"rollcall/localstore"
)

// newLog opens the rotated log beside the user's state files. It holds no people and no
// secrets: codes, counts and ids of runs only.
func newLog(home string) (*slog.Logger, func()) {
	folder := cmp.Or(home, os.Getenv(localstore.HomeVariable), filepath.Join(xdg.StateHome, "rollcall"))
	file := &lumberjack.Logger{Filename: filepath.Join(folder, "logs", "rollcall.log"), MaxSize: 5, MaxBackups: 5, MaxAge: 90}
	logger := slog.New(slog.NewJSONHandler(file, nil))
	before := log.Writer()
	log.SetOutput(logWriter{logger})
	return logger, func() {
		log.SetOutput(before) // a late line must not open the file again
		_ = file.Close()
	}
}

// userName gives the name under which approvals are noted.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

// logWriter sends what Fyne and others print to the log file.
type logWriter struct{ log *slog.Logger }

// Write logs one line.
func (l logWriter) Write(line []byte) (int, error) {
	l.log.Info("library", "line", strings.TrimSpace(string(line)))
	return len(line), nil
}
