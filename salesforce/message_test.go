package salesforce

import (
	"reflect"
	"testing"
	"time"
)

func TestNamespaceIsThatOfTheMessage(t *testing.T) {
	for _, c := range []struct{ object, name, key, namespace string }{
		{"Account", "Send_order", "Account.Send_order", ""},
		{"Case", "acme__Send_order", "Case.acme__Send_order", "acme"},
		{"pse__Proj__c", "My_Message", "pse__Proj__c.My_Message", ""},
		{"pse__Proj__c", "pse__My_Message", "pse__Proj__c.pse__My_Message", "pse"},
	} {
		m := Message{Object: c.object, FullName: c.name}
		if m.Key() != c.key || m.Namespace() != c.namespace {
			t.Errorf("%s: namespace %q", m.Key(), m.Namespace())
		}
	}
}

func TestRetiredAPIVersion(t *testing.T) {
	for version, want := range map[float64]bool{0: false, 8: true, 30: true, 31: false, 66: false} {
		if got := (Message{APIVersion: version}).RetiredAPIVersion(); got != want {
			t.Errorf("version %v: %v", version, got)
		}
	}
}

func TestEvidenceOf(t *testing.T) {
	org := Source{ID: "00D", Kind: SourceOrg, Name: "acme", At: today}
	m := Message{IncludeSessionID: no, CreatedAt: may}
	want := []Evidence{
		{Kind: EvidenceLive, Says: no, At: today, Source: "00D", Where: "acme"},
		{Kind: EvidenceCreated, At: may, Source: "00D", Where: "acme"},
	}
	if got := EvidenceOf(org, m); !reflect.DeepEqual(got, want) {
		t.Errorf("org: %+v", got)
	}
	for kind, evidence := range map[SourceKind]EvidenceKind{SourceFolder: EvidenceFile, SourceFile: EvidenceFile, SourceZip: EvidenceZip} {
		s := Source{ID: "files-1", Kind: kind, Name: "backup", At: today, AsOf: january, FileTime: may}
		want := []Evidence{{Kind: evidence, Says: yes, At: january, Source: "files-1", Where: "backup workflows/Account.workflow"}}
		if got := EvidenceOf(s, Message{IncludeSessionID: yes, File: "workflows/Account.workflow"}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", kind, got)
		}
		// The time of a file is not the date of what it says.
		s.AsOf = time.Time{}
		if got := EvidenceOf(s, Message{IncludeSessionID: yes})[0]; !got.At.IsZero() {
			t.Errorf("%s without a date: at %v", kind, got.At)
		}
	}
}

func TestEachVersionInAHistoryHasItsOwnDate(t *testing.T) {
	s := Source{ID: "git-1", Kind: SourceGit, Name: "acme", At: today, AsOf: may}
	m := Message{IncludeSessionID: yes, File: "workflows/Account.workflow", At: january, Commit: "9f3c2ab0123456789", Remark: "on branch legacy"}
	want := []Evidence{{Kind: EvidenceGit, Says: yes, At: january, Source: "git-1", Where: "9f3c2ab012 workflows/Account.workflow", Note: "on branch legacy"}}
	if got := EvidenceOf(s, m); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	// The day up to which a history goes is not the day of a version in it.
	m.At = time.Time{}
	if got := EvidenceOf(s, m)[0]; !got.At.IsZero() {
		t.Errorf("without a date: at %v", got.At)
	}
}
