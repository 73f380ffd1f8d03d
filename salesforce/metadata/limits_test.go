package metadata

import (
	"strings"
	"testing"
)

func TestTooLarge(t *testing.T) {
	if _, err := read(t, account, strings.Repeat(" ", MaxSize+1)); err == nil || !strings.Contains(err.Error(), "larger than 50 MB") {
		t.Errorf("got %v", err)
	}
}

func TestLimits(t *testing.T) {
	f, err := read(t, account, workflow(strings.Replace(sendOrder, "Sends an order", strings.Repeat("x", 40<<10), 1)))
	if err != nil || len(f.Messages) != 1 || len(f.Messages[0].Description) != 32<<10 || len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Msg, "description is longer") {
		t.Errorf("a long value: %v, problems %v", err, f.Problems)
	}
	f, err = read(t, account, workflow(strings.Repeat("<outboundMessages/>", 200_000)))
	if err == nil || !strings.Contains(err.Error(), "more than 100000") || len(f.Messages) != 100_000 || len(f.Problems) != 100 {
		t.Errorf("many messages: %v, kept %d, %d problems", err, len(f.Messages), len(f.Problems))
	}
	f, err = read(t, account, workflow("<rules>"+strings.Repeat(action("actions", "x"), 100_001)+"</rules>"))
	if err == nil || len(f.Users) != 0 {
		t.Errorf("many actions: %v, kept %d", err, len(f.Users))
	}
}

func TestLongValuesAreCutAndTold(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", maxText+1), strings.Repeat("x", maxText) + "&amp;"} {
		d, _ := At(account)
		f, err := d.Read([]byte(workflow(strings.Replace(sendOrder, "<name>", "<description>"+text+"</description><name>", 1))))
		if err != nil || len(f.Messages) != 1 || len(f.Messages[0].Description) != maxText || len(f.Problems) != 1 {
			t.Errorf("got %d messages, problems %v, %v", len(f.Messages), f.Problems, err)
		}
	}
}
