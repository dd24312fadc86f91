package page

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"rollcall/gui/look"
	"rollcall/gui/task"
	"rollcall/gui/view"
)

var pageShots = flag.String("shots", "", "draw the preview, run, people, history and settings pages as PNG files into this folder")

// shoot draws one page in light and dark, at both sizes.
func shoot(t *testing.T, name string, c func() *canned, create func(view.Services, Shell) Page, route view.Route, after func(Page, *shellStub)) {
	t.Helper()
	if *pageShots == "" {
		t.Skip("give -shots DIR to draw the pages")
	}
	for _, v := range []struct {
		variant look.Variant
		size    fyne.Size
		suffix  string
	}{{look.Light, wide, "light"}, {look.Dark, wide, "dark"}, {look.Light, fyne.NewSize(1024, 700), "small"}} {
		p, shell := opened(t, c(), create, route, v.variant, v.size)
		if after != nil {
			after(p, shell)
			task.Wait()
		}
		f, err := os.Create(filepath.Join(*pageShots, name+"-"+v.suffix+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, shell.window.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

func TestShotsPreview(t *testing.T) {
	shoot(t, "preview", func() *canned { return cannedWith(picturePlan(false)) }, NewPreview, view.Route{Page: view.Preview}, nil)
}

func TestShotsPreviewLong(t *testing.T) {
	shoot(t, "preview-long", func() *canned { return cannedWith(picturePlan(true)) }, NewPreview, view.Route{Page: view.Preview}, func(p Page, _ *shellStub) {
		p.(*Preview).table.Select(5)
	})
}

func TestShotsPreviewAllow(t *testing.T) {
	shoot(t, "preview-allow", func() *canned { return cannedWith(picturePlan(false)) }, NewPreview, view.Route{Page: view.Preview}, func(p Page, _ *shellStub) {
		p.(*Preview).askAllow(p.(*Preview).r.Guards()[0])
	})
}

func TestShotsPreviewEmpty(t *testing.T) {
	shoot(t, "preview-empty", func() *canned { return &canned{} }, NewPreview, view.Route{Page: view.Preview}, nil)
}

func TestShotsPreviewAsk(t *testing.T) {
	shoot(t, "preview-ask", func() *canned { return cannedWith(picturePlan(false)) }, NewPreview, view.Route{Page: view.Preview}, func(page Page, _ *shellStub) {
		p := page.(*Preview)
		if err := p.r.Allow("deactivate", "64", "The Oslo site was closed."); err != nil {
			t.Fatal(err)
		}
		p.update()
		p.syncNow()
	})
}
