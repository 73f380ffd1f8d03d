package audit

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sidestep/salesforce"
)

// fold brings a text into the form in which words are compared: lower case,
// without accents, and with single spaces.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r):
			space = b.Len() > 0
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}

// phrases are what Setup calls an outbound message, as the beginnings of words
// that stand in one sentence: words are inflected, and their order varies. Setup
// is translated into Salesforce's fully supported languages (Salesforce Help,
// "Supported Languages"); the others here do no harm. One line for each language.
var phrases = [][]string{
	{"outbound", "messag"}, // English, and whoever kept the word
	{"ausgehend", "nachricht"}, {"ausgangsnachricht"}, {"outbound", "nachricht"},
	{"message", "sortant"},
	{"mensaje", "salient"}, {"mensaje", "salida"},
	{"messagg", "uscit"},
	{"mensage", "saida"}, {"mensagem", "enviad"},
	{"uitgaand", "bericht"},
	{"utgående", "meddeland"},
	{"udgående", "meddelels"}, {"udgående", "besked"},
	{"utgående", "melding"},
	{"lähtev", "viest"},
	{"アウトバウンド", "メッセージ"}, {"送信メッセージ"},
	{"아웃바운드", "메시지"}, {"발신", "메시지"},
	{"出站", "消息"}, {"出站", "訊息"}, {"输出", "消息"}, {"輸出", "訊息"}, {"外寄", "訊息"}, {"傳出", "訊息"}, {"传出", "消息"},
	{"исходящ", "сообщени"},
	{"ข้อความ", "ขาออก"}, {"ข้อความ", "ส่งออก"},
	{"wychodząc", "komunikat"}, {"wychodząc", "wiadomoś"},
	{"odchozí", "zpráv"},
	{"kimenő", "üzenet"},
	{"mesaj", "ieșire"}, {"mesaj", "expediat"},
	{"giden", "ileti"}, {"giden", "mesaj"},
	{"вихідн", "повідомлен"},
	{"εξερχόμεν", "μηνύμα"}, {"εξερχόμεν", "μήνυμα"},
}

// Change is what a line says happened.
type Change string

// The changes. Named is a line that does not tell, or not in one way only.
const (
	Created Change = "created"
	Changed Change = "changed"
	Deleted Change = "deleted"
	Named   Change = "named"
)

// verbs are the beginnings of the words for what happened, in the languages of
// phrases.
var verbs = map[Change][]string{
	Created: {
		"creat", "erstell", "angelegt", "anlegen", "créé", "création", "creó", "creación", "criad", "criou", "aangemaakt", "gemaakt",
		"skapa", "oprett", "opprett", "luotu", "luotiin", "luonti", "作成", "생성", "만들", "创建", "建立", "新建", "созда",
		"สร้าง", "utworz", "vytvoř", "létrehoz", "oluştur", "створ", "δημιουργ",
	},
	Changed: {
		"chang", "updat", "modif", "edited", "geändert", "änderte", "änderung", "bearbeitet", "aktualisiert", "mis à jour", "mise à jour", "cambi",
		"actualiz", "aggiorn", "alterad", "alterou", "atualiz", "gewijzigd", "bijgewerkt", "ändra", "uppdater", "ændre", "opdater", "endre",
		"oppdater", "muutet", "muokat", "päivite", "変更", "更新", "변경", "수정", "업데이트", "更改", "修改", "變更", "измен", "обнов",
		"เปลี่ยน", "แก้ไข", "อัปเดต", "zmien", "zmodyf", "změn", "uprav", "módosít", "değiştir", "güncelle", "змін", "оновл", "αλλα", "άλλαξ", "τροποποι", "ενημερ",
	},
	Deleted: {
		"delet", "remov", "gelöscht", "löschte", "löschung", "entfernt", "supprim", "elimin", "suprim", "borrad", "borró", "exclu", "apagad",
		"verwijder", "tagit bort", "togs bort", "borttag", "raderad", "slett", "fjern", "poist", "削除", "삭제", "제거", "删除", "刪除", "移除", "удал", "ลบ",
		"usun", "odstran", "smaz", "töröl", "șters", "sterg", "silindi", "sildi", "видал", "διαγρά", "διέγρα",
	},
}

// joints are the small words between the parts of such a sentence, whole.
var joints = []string{
	"for", "on", "of", "the", "object", "workflow", "action", "was", "has", "been", "new", "a", "an", "with", "name", "named", "label",
	"für", "das", "die", "der", "den", "objekt", "wurde", "auf", "mit", "namen", "neue", "aktion", "zu", "eine",
	"mis", "mise", "jour", "tagit", "togs", "bort",
	"pour", "le", "la", "les", "l", "objet", "sur", "du", "de", "d", "été", "un", "une", "nommé",
	"para", "el", "los", "del", "objeto", "en", "se", "ha", "acción",
	"per", "il", "lo", "in", "oggetto", "su", "di", "è", "stato",
	"o", "no", "foi", "do", "da", "em", "uma", "um",
	"voor", "het", "object", "van", "is", "een", "op",
	"för", "objektet", "har", "av", "ett", "et", "på", "til", "blev", "ble",
	"kohteelle", "objektille", "objektin", "kohteen",
	"dla", "obiektu", "pro", "objekt", "az", "egy", "pentru", "obiectul", "için", "nesnesi", "для", "объекта", "об'єкта", "για", "το", "αντικείμενο",
}

// particles are what is left of a Japanese, Chinese, Korean or Thai sentence,
// which has no spaces between its words.
var particles = []string{
	"しました", "されました", "オブジェクト", "ワークフロー", "対象", "を", "が", "の", "に", "は", "へ", "で",
	"对象", "物件", "為", "为", "的", "了", "已", "在", "中", "被", "将", "將", "工作流",
	"개체", "오브젝트", "했습니다", "되었습니다", "하였습니다", "됨", "을", "를", "이", "가", "의", "에", "대한", "대해",
	"ออบเจ็กต์", "วัตถุ", "สำหรับ", "แล้ว",
}

// vocabulary is the tables above, folded.
type vocabulary struct {
	phrases   [][]string
	verbs     map[Change][]string
	joints    map[string]bool
	particles []string
}

var folded = sync.OnceValue(func() vocabulary {
	v := vocabulary{verbs: map[Change][]string{}, joints: map[string]bool{}}
	for _, p := range phrases {
		v.phrases = append(v.phrases, foldAll(p))
	}
	for change, list := range verbs {
		v.verbs[change] = foldAll(list)
	}
	for _, w := range joints {
		v.joints[fold(w)] = true
	}
	v.particles = foldAll(particles)
	return v
})

func foldAll(list []string) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = fold(w)
	}
	return out
}

// speaks reports whether a folded text speaks of outbound messages.
func speaks(text string) bool { return phraseIn(text) != nil }

func phraseIn(text string) []string {
next:
	for _, p := range folded().phrases {
		for _, stem := range p {
			if !begins(text, stem) {
				continue next
			}
		}
		return p
	}
	return nil
}

// begins reports whether a word in text begins with stem.
func begins(text, stem string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], stem)
		if i < 0 {
			return false
		}
		if from += i; startsWord(text, from) {
			return true
		}
		from += len(stem)
	}
}

// Concerns reports whether an entry is about outbound messages: by its code, or
// by its words.
func Concerns(e salesforce.AuditEntry) bool {
	return concernsByCode(e.Action) || speaks(fold(e.Display)) || speaks(fold(e.Section))
}

// concernsByCode judges the code of an action. Those for outbound messages are
// not documented; all codes that are known are made of such words.
func concernsByCode(code string) bool {
	code = strings.ToLower(code)
	return strings.Contains(code, "outboundm") || strings.Contains(code, "wfoutbound")
}

// changeOf reads what happened from a folded text that no longer holds names, and
// from the code.
func changeOf(text, code string) Change {
	found := Named
	for _, change := range []Change{Created, Changed, Deleted} {
		if !says(text, change) && !saysCode(code, change) {
			continue
		}
		if found != Named {
			return Named
		}
		found = change
	}
	return found
}

func says(text string, change Change) bool {
	for _, stem := range folded().verbs[change] {
		if begins(text, stem) {
			return true
		}
	}
	return false
}

func saysCode(code string, change Change) bool {
	code = strings.ToLower(code)
	return strings.HasPrefix(code, string(change)) ||
		change == Created && (strings.HasPrefix(code, "new") || strings.HasPrefix(code, "insert")) ||
		change == Changed && strings.HasPrefix(code, "update")
}
