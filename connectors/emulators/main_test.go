package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestCommandPrintsURLAndOptionsAndServesUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var out bytes.Buffer
	if err := run(ctx, []string{"-people", "5", "personio"}, &out); err != nil {
		t.Fatal(err)
	}
	url, options, _ := strings.Cut(out.String(), "\n")
	var answers map[string]string
	if err := json.Unmarshal([]byte(options), &answers); err != nil {
		t.Fatalf("the options %q are not JSON: %v", options, err)
	}
	if !strings.HasPrefix(url, "http://127.0.0.1:") || answers["clientId"] == "" || answers["api"] != "v1" {
		t.Errorf("printed %q and %v", url, answers)
	}
}

func TestCommandNamesTheEmulatorsThereAre(t *testing.T) {
	for _, args := range [][]string{nil, {"nobody"}, {"-way", "v3", "personio"}, {"-bad"}} {
		err := run(t.Context(), args, &bytes.Buffer{})
		if err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
}
