package audit

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"sidestep/salesforce"
)

var (
	sendOrder = salesforce.Message{Object: "Account", FullName: "Send_order", Label: "Send order"}
	reminder  = salesforce.Message{Object: "Account", FullName: "Send_order_reminder", Label: "Send order reminder"}
	onCase    = salesforce.Message{Object: "Case", FullName: "Send_order", Label: "Send order"}
	invoice   = salesforce.Message{Object: "Invoice__c", FullName: "acme__Invoice_issued", Label: "(old) Invoice"}
	kanji     = salesforce.Message{Object: "Account", FullName: "Chumon", Label: "注文送信"}
)

// One line for each language that Setup speaks, and some more.
var languages = []struct{ language, created, changed, deleted string }{
	{"English", "Created outbound message Send order for object: Account", `Changed outbound message "Send order"`, "Deleted outbound message Send_order"},
	{"German", "Ausgehende Nachricht Send order für Objekt Account erstellt", "Ausgangsnachricht Send order geändert", "Ausgehende Nachricht „Send order“ gelöscht"},
	{"French", "Message sortant Send order créé pour l'objet : Account", "Message sortant « Send order » modifié", "Message sortant Send order supprimé"},
	{"Spanish", "Se creó el mensaje saliente Send order para el objeto Account", "Mensaje saliente Send order modificado", "Se eliminó el mensaje saliente Send order"},
	{"Italian", "Messaggio in uscita Send order creato per l'oggetto: Account", "Messaggio in uscita Send order modificato", "Messaggio in uscita Send order eliminato"},
	{"Portuguese", "Mensagem de saída Send order criada para o objeto: Account", "Mensagem de saída Send order alterada", "Mensagem de saída Send order excluída"},
	{"Dutch", "Uitgaand bericht Send order gemaakt voor object: Account", "Uitgaand bericht Send order gewijzigd", "Uitgaand bericht Send order verwijderd"},
	{"Swedish", "Utgående meddelande Send order skapades för objekt: Account", "Utgående meddelande Send order ändrades", "Utgående meddelande Send order togs bort"},
	{"Danish", "Udgående meddelelse Send order oprettet for objekt: Account", "Udgående meddelelse Send order ændret", "Udgående meddelelse Send order slettet"},
	{"Norwegian", "Utgående melding Send order opprettet for objekt: Account", "Utgående melding Send order endret", "Utgående melding Send order slettet"},
	{"Finnish", "Lähtevä viesti Send order luotu kohteelle Account", "Lähtevää viestiä Send order muutettu", "Lähtevä viesti Send order poistettu"},
	{"Russian", "Создано исходящее сообщение Send order для объекта: Account", "Исходящее сообщение Send order изменено", "Удалено исходящее сообщение Send order"},
	{"Japanese", "アウトバウンドメッセージ「Send order」を作成しました", "アウトバウンドメッセージSend orderを変更しました", "アウトバウンドメッセージ Send order を削除しました"},
	{"Korean", "아웃바운드 메시지 Send order을(를) 생성했습니다", "아웃바운드 메시지 Send order이(가) 변경됨", "아웃바운드 메시지 Send order 삭제"},
	{"Chinese", "已创建出站消息 Send order", "已更改出站消息“Send order”", "已删除出站消息 Send order"},
	{"Chinese, traditional", "已建立輸出訊息 Send order", "已變更輸出訊息 Send order", "已刪除輸出訊息 Send order"},
	{"Thai", "สร้างข้อความขาออก Send order แล้ว", "เปลี่ยนข้อความขาออก Send order", "ลบข้อความขาออก Send order"},
	{"Polish", "Utworzono komunikat wychodzący Send order dla obiektu Account", "Zmieniono komunikat wychodzący Send order", "Usunięto komunikat wychodzący Send order"},
	{"Czech", "Vytvořena odchozí zpráva Send order pro objekt Account", "Změněna odchozí zpráva Send order", "Odstraněna odchozí zpráva Send order"},
	{"Turkish", "Giden ileti Send order oluşturuldu", "Giden ileti Send order değiştirildi", "Giden ileti Send order silindi"},
	{"Ukrainian", "Створено вихідне повідомлення Send order", "Змінено вихідне повідомлення Send order", "Видалено вихідне повідомлення Send order"},
}

func one(display string, messages ...salesforce.Message) []Mention {
	return Find([]salesforce.AuditEntry{{Display: display}}, messages)[messages[0].Key()]
}

func TestEveryLanguageIsUnderstood(t *testing.T) {
	for _, l := range languages {
		for change, text := range map[Change]string{Created: l.created, Changed: l.changed, Deleted: l.deleted} {
			got := one(text, sendOrder, reminder)
			if len(got) != 1 || got[0].Change != change || !got[0].Clear {
				t.Errorf("%s: %q: %+v, rest %q", l.language, text, got, without(fold(text), indexOf([]salesforce.Message{sendOrder}).spans(fold(text))))
			}
		}
	}
}

// A creation counts as an all-clear, so what may mean something else is not clear.
func TestOnlyWhatIsCertainIsClear(t *testing.T) {
	for _, c := range []struct {
		name    string
		entry   salesforce.AuditEntry
		others  []salesforce.Message
		named   bool
		change  Change
		certain bool
	}{
		{"by its developer name", salesforce.AuditEntry{Display: "Created outbound message Send_order"}, nil, true, Created, true},
		{"the code tells what the words don't", salesforce.AuditEntry{Action: "createdOutboundMessage", Display: "Send order"}, nil, true, Created, true},
		{"the section tells what it is about", salesforce.AuditEntry{Section: "Workflow Outbound Messages", Display: "Created Send order"}, nil, true, Created, true},
		{"the rest of a longer name", salesforce.AuditEntry{Display: "Created outbound message Send order again"}, nil, true, Created, false},
		{"a longer name that is known", salesforce.AuditEntry{Display: "Created outbound message Send order reminder"}, []salesforce.Message{reminder}, false, "", false},
		{"a longer word", salesforce.AuditEntry{Display: "Created outbound message Resend order"}, nil, false, "", false},
		{"a longer developer name", salesforce.AuditEntry{Display: "Created outbound message Send_order_2"}, nil, false, "", false},
		{"one of two", salesforce.AuditEntry{Display: "Created outbound message Send order"}, []salesforce.Message{onCase}, true, Created, false},
		{"the object tells which of two", salesforce.AuditEntry{Display: "Created outbound message Send order for object: Account"}, []salesforce.Message{onCase}, true, Created, true},
		{"the object tells that it is the other", salesforce.AuditEntry{Display: "Created outbound message Send order for object: Case"}, []salesforce.Message{onCase}, false, "", false},
		{"another object", salesforce.AuditEntry{Display: "Created outbound message Send order for object: Lead"}, nil, true, Created, false},
		{"an object twice", salesforce.AuditEntry{Display: "Created outbound message Send order for account for object account"}, nil, true, Created, false},
		{"two changes", salesforce.AuditEntry{Display: "Created and changed outbound message Send order"}, nil, true, Named, false},
		{"words and code differ", salesforce.AuditEntry{Action: "changedOutboundMessage", Display: "Created outbound message Send order"}, nil, true, Named, true},
		{"a rule that fires it", salesforce.AuditEntry{Display: "Changed workflow rule Big deals: added outbound message Send order"}, nil, true, Changed, false},
		{"nothing of messages", salesforce.AuditEntry{Display: "Created field Send order"}, nil, false, "", false},
		{"outbound change set", salesforce.AuditEntry{Display: "Created outbound change set Send order"}, nil, false, "", false},
		{"no change", salesforce.AuditEntry{Display: "Outbound message Send order"}, nil, true, Named, true},
	} {
		key := sendOrder.Key()
		got := Find([]salesforce.AuditEntry{c.entry}, append([]salesforce.Message{sendOrder}, c.others...))[key]
		if (len(got) == 1) != c.named {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		if c.named && (got[0].Change != c.change || got[0].Clear != c.certain) {
			t.Errorf("%s: %s, clear %v", c.name, got[0].Change, got[0].Clear)
		}
	}
}

func TestNamesOfAllKinds(t *testing.T) {
	for text, m := range map[string]salesforce.Message{
		"Created outbound message acme__Invoice_issued":                  invoice,
		"Created outbound message Invoice_issued for object: Invoice":    invoice,
		"Created outbound message (old)  INVOICE for object: Invoice__c": invoice,
		"アウトバウンドメッセージ「注文送信」を作成しました":                                      kanji,
	} {
		if got := one(text, m); len(got) != 1 || !got[0].Clear || got[0].Change != Created {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if got := one("Created outbound message", salesforce.Message{Object: "Account", FullName: "X", Label: "Outbound message"}); len(got) != 1 || got[0].Clear {
		t.Errorf("a label that is the word itself: %+v", got)
	}
	if got := one("Created outbound message …", salesforce.Message{Object: "Account", FullName: "…", Label: "—"}); len(got) != 0 {
		t.Errorf("a label without letters: %+v", got)
	}
}

// Order and repetition of the entries never matter.
func TestFindProperties(t *testing.T) {
	messages := []salesforce.Message{sendOrder, reminder, onCase, invoice, kanji}
	var entries []salesforce.AuditEntry
	for i, l := range languages {
		for j, text := range []string{l.created, l.changed, l.deleted} {
			entries = append(entries, salesforce.AuditEntry{At: utc(2026, 3, 1+i, j, 0, 0), Display: text, By: "u"})
		}
	}
	want := Find(entries, messages)
	if len(want) != 2 {
		t.Fatalf("%v", want)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		other := slices.Concat(entries, entries[:r.IntN(len(entries))])
		r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		r.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
		if got := Find(other, messages); !reflect.DeepEqual(got, want) {
			t.Fatal("order or repetition matters")
		}
	}
}
