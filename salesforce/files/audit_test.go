package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sidestep/salesforce"
	"sidestep/salesforce/files"
)

const trail = "Date,User,Source Namespace Prefix,Action,Section,Delegate User\n" +
	"\"11/25/2026, 1:02:03 AM PST\",ann@acme.example,,Created outbound message Send order,Workflow Outbound Messages,\n" +
	"\"never\",ann@acme.example,,Changed something,Somewhere,\n"

// Whatever it is called, an audit trail is known by its shape, and what is wrong
// in it hides no message.
func TestReadsAnAuditTrail(t *testing.T) {
	dir := t.TempDir()
	var ids []string
	for _, name := range []string{"SetupAuditTrail.csv", "trail.txt"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(trail), 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := files.Read(t.Context(), path, files.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if found.Source.Kind != salesforce.SourceAudit || found.Source.Name != name || !found.Source.Complete || len(found.Audit) != 1 || found.Audit[0].By != "ann@acme.example" {
			t.Errorf("%+v", found)
		}
		if len(found.Problems) != 1 || !found.Problems[0].Notice || found.Problems[0].Line != 3 || found.Problems[0].File != name {
			t.Errorf("%+v", found.Problems)
		}
		ids = append(ids, found.Source.ID)
	}
	if ids[0] != ids[1] {
		t.Errorf("the same trail has two names: %v", ids)
	}
}

func TestAnAuditTrailThatNamesNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trail.csv")
	text := "Date,User,Source Namespace Prefix,Action,Section,Delegate User\n\"11/25/2026, 1:02:03 AM PST\",a,,Changed profile,Manage Users,\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := files.Read(t.Context(), path, files.Options{})
	if err != nil || len(found.Problems) != 1 || found.Problems[0].Message != "the audit trail of 25 November 2026 to 25 November 2026 names no outbound message" || !found.Problems[0].Notice {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestOtherTablesAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Read(t.Context(), path, files.Options{}); !errors.Is(err, files.ErrNotMetadata) {
		t.Errorf("%v", err)
	}
}
