package check

import (
	"regexp"
	"slices"
	"strings"

	"parley/internal/kit/text"
)

// Reports of an act and promises of one, over folded text. A report is never
// true: nothing that writes answers can act. What a business says that it will
// do ("we will refund the price within 14 days") may be repeated from a passage.
var (
	reported = []*regexp.Regexp{
		regexp.MustCompile(`\b(?:i|we) ?(?:have|'ve|’ve) (?:just |already |now |successfully |also |gone ahead and |personally )*(?:` + englishActs + `)\b`),
		regexp.MustCompile(`\bi (?:just |already |successfully )?(?:` + englishActs + `)\b`),
		regexp.MustCompile(`\b(?:your|the) (?:\w+ ){0,2}?(?:order|refund|return|booking|appointment|reservation|request|account|payment|subscription|address|claim|ticket|discount|exchange|cancellation|money|complaint|case|membership)\b[^.!?\n]{0,20}? (?:has|have) (?:now |just |already |successfully )*been (?:` + englishActs + `)\b`),
		regexp.MustCompile(`\byour (?:\w+ ){0,2}?(?:order|refund|booking|appointment|reservation|subscription|request) (?:is|was) (?:now |already |hereby )(?:` + englishActs + `)\b`),
		regexp.MustCompile(`\b(?:iade|iptal|degisi|rezervasyon|kay[ıi]|siparis|talep|talebi|basvuru|odeme|randevu|indirim|adres|islem|fatura|destek|uyelig|hesab)[^.!?\n]{0,40}? (?:ettim|ettik|baslatt[iı][mk]|olusturd[u][mk]|yapt[iı][mk]|onaylad[iı][mk]|gonderd[i][mk]|tan[iı]mlad[iı][mk]|guncelled[i][mk]|ilett[i][mk]|ekled[i][mk]|sild[i][mk]|act[iı][mk]|ald[iı][mk]|degistird[i][mk]|tamamlad[iı][mk]|yat[iı]rd[iı][mk])\b`),
		regexp.MustCompile(`\b(?:siparisiniz|siparisin|iadeniz|iaden|iade isleminiz|talebiniz|rezervasyonunuz|odemeniz|hesabiniz|randevunuz|isleminiz|uyeliginiz|paraniz|ucretiniz|aboneliginiz)[^.!?\n]{0,30}? (?:edildi|edilmistir|baslatildi|baslatilmistir|olusturuldu|olusturulmustur|onaylandi|onaylanmistir|tamamlandi|tamamlanmistir|gonderildi|guncellendi|yapildi|yapilmistir|yatirildi|yatirilmistir|alindi|alinmistir|iletildi|iletilmistir)\b`),
		regexp.MustCompile(`\b(?:(?:ich habe|wir haben|habe ich|haben wir)[^.!?\n]{0,70}?) (?:` + germanActs + `)\b`),
		regexp.MustCompile(`\b(?:ihre?n?|deine?n?) (?:\w+ ){0,2}?(?:bestellung|ruckerstattung|erstattung|buchung|anfrage|reservierung|stornierung|retoure|konto|termin|betrag|auftrag|geld|adresse|abo|abonnement) (?:wurde|ist)(?: \w+){0,3}? (?:` + germanActs + `)\b`),
		regexp.MustCompile(`\b(?:(?:ya |le |te |lo |la |os )?(?:he|hemos)) (?:ya )?(?:` + spanishActs + `)[oa]?s?\b`),
		regexp.MustCompile(`\b(?:su|tu) (?:\w+ ){0,2}?(?:pedido|reembolso|reserva|devolucion|solicitud|cita|pago|cuenta|suscripcion|dinero|cancelacion)[^.!?\n]{0,20}? (?:ya )?(?:ha sido|han sido|fue|queda|ha quedado|esta ya)(?: ya)? (?:` + spanishActs + `)[oa]?s?\b`),
		regexp.MustCompile(`\b(?:j ?['’]ai|nous avons|on a) (?:bien |deja |donc |aussitot )*(?:` + frenchActs + `)e?s?\b`),
		regexp.MustCompile(`\bvotre (?:\w+ ){0,2}?(?:commande|remboursement|reservation|retour|demande|rendez-vous|paiement|compte|abonnement|annulation)[^.!?\n]{0,20}? (?:a (?:bien |deja )?ete|est (?:desormais|maintenant|bien)) (?:` + frenchActs + `)e?s?\b`),
		regexp.MustCompile(`(?:لقد )?(?:قمت|قمنا) ب(?:` + arabicActs + `)`),
		regexp.MustCompile(`(?:^|[\s.،,])(?:لقد )?(?:الغيت|الغينا|ارجعت|ارجعنا|حجزت|حجزنا|حولت|حولنا|ارسلت|ارسلنا|اكدت|اكدنا|عدلت|عدلنا|استرددت|سجلت|سجلنا) (?:لك |ال|طلبك|حجزك|مبلغ|مبلغك|موعدك)`),
		regexp.MustCompile(`(?:^|[\s.،,])تم(?:ت)? (?:بالفعل )?(?:` + arabicActs + `) (?:طلبك|طلبكم|مبلغك|المبلغ|حجزك|موعدك|اموالك|لك|حسابك|اشتراكك|عمليه)`),
	}
	promised = []*regexp.Regexp{
		regexp.MustCompile(`\b(?:i|we) ?(?:'ll|’ll|will|am going to|'m going to|’m going to|are going to|can) (?:now |personally |immediately |also |gladly |happily |right away )*(?:cancel|refund|reimburse|issue (?:a|your|you)|book (?:it|you|your|a)|reserve (?:it|you|your|a)|change your|update your|credit|forward your|escalate|arrange|schedule|waive|extend your|upgrade you|replace your|delete your|process your|make sure|ensure (?:that )?you|look into|check with|call you|compensate)\b`),
		regexp.MustCompile(`\b(?:i|we) (?:can )?(?:promise|guarantee you|guarantee that you|assure you)\b|\byou have my word\b`),
		regexp.MustCompile(`\b(?:iptal edecegi[mz]|iade edecegi[mz]|baslatacagi[mz]|gonderecegi[mz]|saglayacagi[mz]|ilgilenecegi[mz]|arayacagi[mz]|donecegi[mz]|yapacagi[mz]|halledecegi[mz]|soz veriyoru[mz]|garanti ediyoru[mz]|garanti veriyoru[mz]|iptal ediyoru[mz]|iade ediyorum|baslatiyoru[mz]|iletiyoru[mz]|olusturuyoru[mz]|yonlendiriyoru[mz]|iletecegi[mz]|olusturacagi[mz]|ayarlayacagi[mz])\b`),
		regexp.MustCompile(`\b(?:ich|wir) (?:werde|werden) [^.!?\n]{0,70}?(?:stornieren|erstatten|veranlassen|einleiten|buchen|reservieren|kummern|weiterleiten|anrufen|melden|gutschreiben|umtauschen|sicherstellen|prufen lassen|uberweisen)\b`),
		regexp.MustCompile(`\bich (?:storniere|erstatte|veranlasse|buche|kummere|leite|sende|schicke|garantiere|verspreche|melde|reserviere|uberweise|andere)\b|\bwir (?:versprechen|garantieren ihnen|stornieren ihre|erstatten ihnen)\b`),
		regexp.MustCompile(`\b(?:cancelare(?:mos)?|reembolsare(?:mos)?|procesare(?:mos)?|devolvere(?:mos)?|gestionare(?:mos)?|reservare(?:mos)?|tramitare(?:mos)?|llamare(?:mos)?|enviare(?:mos)?|me encargo|me encargare|nos encargaremos|te prometo|le prometo|prometemos|le garantizo|te garantizo|le aseguro|te aseguro)\b|\b(?:voy|vamos) a (?:cancelar|reembolsar|procesar|devolver|gestionar|reservar|tramitar|llamar|enviar|cambiar)(?:te|le|lo|la|les)?\b`),
		regexp.MustCompile(`\b(?:je vais|nous allons) (?:vous )?(?:annuler|rembourser|traiter|proceder|reserver|modifier|envoyer|transmettre|effectuer|appeler|rappeler|contacter|crediter|programmer)\b|\b(?:je|nous) (?:vous )?(?:garantis|garantissons que|promets|promettons|m ?['’](?:en )?occupe|rembourserai|annulerai|enverrai|rembourserons|annulerons|assure)\b`),
		regexp.MustCompile(`(?:ساقوم|سنقوم) ب(?:` + arabicActs + `)|(?:^|\s)(?:سالغي|سارد|سارجع|سارسل|ساحجز|ساتواصل|سنلغي|سنرد|سنعيد لك|سنحجز|اضمن لك|نضمن لك|اعدك|نعدك|ساتاكد|ساحول)`),
	}
)

const (
	englishActs = `cancelled|canceled|refunded|processed|issued|booked|reserved|changed|updated|shipped|sent|forwarded|escalated|credited|applied|arranged|scheduled|placed|deleted|extended|replaced|waived|upgraded|transferred|notified|contacted|initiated|submitted|registered|approved|granted|reimbursed|rescheduled|confirmed|activated|opened a|created a|completed|exchanged|passed`
	germanActs  = `storniert|erstattet|zuruckerstattet|gebucht|reserviert|geandert|veranlasst|eingeleitet|weitergeleitet|verschickt|versendet|gutgeschrieben|angelegt|aktualisiert|geloscht|bestellt|beauftragt|bestatigt|informiert|erstellt|freigeschaltet|uberwiesen|ausgelost|gesendet|abgesendet|gekundigt|umgebucht|vereinbart|bearbeitet|genehmigt|ruckerstattet|hinterlegt`
	spanishActs = `cancelad|reembolsad|procesad|reservad|enviad|cambiad|actualizad|tramitad|gestionad|devuelt|confirmad|registrad|anulad|solicitad|programad|cread|eliminad|aprobad|iniciad|contactad|transferid|aplicad|modificad|abonad|agendad|completad`
	frenchActs  = `annule|rembourse|procede|traite|reserve|modifie|envoye|transmis|effectue|enregistre|cree|confirme|initie|lance|supprime|contacte|programme|credite|valide|expedie|change|ouvert|approuve|resilie|planifie|accorde|applique|mis a jour`
	arabicActs  = `الغاء|ارجاع|استرداد|استرجاع|حجز|تعديل|تحويل|ارسال|تاكيد|رد|انشاء|تحديث|معالجه|اعاده|تغيير|شحن|تسجيل|فتح|تفعيل|الموافقه`
)

// promises reports a part that says something was done, or will be.
func promises(s, passage string) string {
	folded := strings.Join(strings.Fields(text.Fold(s)), " ")
	if slices.ContainsFunc(reported, func(re *regexp.Regexp) bool { return re.MatchString(folded) }) {
		return "act_reported"
	}
	source := ""
	for _, re := range promised {
		for _, found := range re.FindAllString(folded, -1) {
			if source == "" {
				source = " " + strings.Join(strings.Fields(text.Fold(passage)), " ")
			}
			if strings.HasPrefix(found, "i ") || strings.HasPrefix(found, "i'") || strings.HasPrefix(found, "ich ") || !strings.Contains(source, found) {
				return "act_promised"
			}
		}
	}
	return ""
}

var (
	asking     = regexp.MustCompile(`\?|؟|\b(?:please|send|provide|share|tell us|tell me|give us|give me|enter|need your|lutfen|paylas\w*|gonder\w*|iletir|iletin\w*|yazar|yazin\w*|belirt\w*|bitte|senden|schicken|teilen|nennen|geben sie|por favor|envi\w+|indi\w+|proporcion\w*|dig\w+|facilit\w*|veuillez|envoyez|indiquez|communiquez|donnez|fourni\w*)\b|يرجي|من فضلك|ارسل|زود|اخبر|شارك|ما هو|ما هي|اكتب`)
	forbids    = regexp.MustCompile(`\b(?:never|do not|don't|don’t|dont|no need|not need|nicht|niemals|kein|keine|nunca|jamas|jamais|pas|asla|paylasmayin\w*|gondermeyin\w*|yazmayin\w*|vermeyin\w*|gerekmez|istemeyiz|no)\b|(?:^|\s)لا `)
	identity   = regexp.MustCompile(`\b(?:card (?:number|details)|cvv|cvc|security code|expiry date|pin code|your pin|password|passport (?:number|no)|id (?:number|card)|identity (?:number|card)|national id|social security|ssn|bank details|iban|kart (?:numara|bilgi)\w*|kredi karti\w*|sifre\w*|tc kimlik|t\.c\. kimlik|kimlik (?:numara|no|bilgi|fotograf)\w*|pasaport|kartennummer|kartendaten|kreditkarten\w*|ausweis\w*|personalausweis\w*|passwort|kontonummer|numero de (?:su |tu |la )?tarjeta|datos de (?:su |tu |la )?tarjeta|dni|contrasena|pasaporte|numero de (?:votre )?carte|coordonnees bancaires|mot de passe|carte d['’ ]identite|numero de securite sociale|passeport)\b|رقم (?:ال)?بطاق|بيانات (?:ال)?بطاق|رقم (?:ال)?هويه|كلمه (?:ال)?(?:مرور|سر)|الرقم السري|جواز (?:ال)?سفر`)
	categories = regexp.MustCompile(`\byour (?:\w+ )?(?:religion|faith|ethnicity|ethnic|race|health|medical|diagnosis|illness|disease|political|sexual\w*|union|pregnan\w*|medication|criminal)|\bare you (?:pregnant|diabetic|disabled|allergic|muslim|christian|jewish|hindu|gay|lesbian|married to|a union)|\bdo you (?:have|suffer|take) [^.?]{0,30}?(?:allerg|disease|illness|medical|health|condition|medication|disabilit)|\bwhich (?:medication|illness|religion|party)|\bwhat (?:illness|medication|religion)|\b(?:hastaligini\w*|saglik (?:durumunuz|sorununuz|bilgi)\w*|hamile misiniz|dininiz|mezhebiniz|etnik|alerjiniz|ilac kullaniyor|hangi ilac\w*|siyasi gorusunuz|sendika uyesi misiniz)\b|\bsind sie (?:schwanger|allergisch|behindert|muslim\w*|religios|jude|judisch)|\bihre? (?:\w+ )?(?:religion|krankheit\w*|gesundheit\w*|diagnose|ethnische|herkunft|sexuelle)|\bhaben sie [^.?]{0,30}?(?:allergi|krankheit|erkrank|beschwerden)|\bnehmen sie [^.?]{0,20}medikament|\b(?:esta|estas) (?:usted )?embarazada|\b(?:su|tu) (?:religion|enfermedad|salud|estado de salud|diagnostico|etnia|orientacion sexual)|\b(?:tiene|tienes|padece) [^.?]{0,30}?(?:alergia|enfermedad)|\b(?:etes|es)[- ](?:vous|tu) (?:enceinte|allergique|malade|musulman\w*|juif)|\bvotre (?:religion|maladie|sante|etat de sante|diagnostic|origine ethnique|orientation)|\bavez-vous [^.?]{0,30}?(?:allergi|maladie)|هل انت (?:حامل|مسلم|مسيحي|مريض)|ديانتك|مرضك|حالتك الصحيه|هل تعاني|اصلك العرقي`)
)

// asks reports a sentence that asks for card or identity numbers, or for
// special categories of data (covers A-6-02).
func asks(s string) string {
	folded := text.Fold(s)
	for _, span := range text.Sentences(folded) {
		sentence := span.Of(folded)
		if !asking.MatchString(sentence) {
			continue
		}
		switch {
		case categories.MatchString(sentence):
			return "special_category"
		case identity.MatchString(sentence) && !forbids.MatchString(sentence):
			return "identity"
		}
	}
	return ""
}

// AsksSpecial reports whether a text asks for special categories of data, whoever
// wrote it (covers A-6-02).
func AsksSpecial(s string) bool { return asks(s) == "special_category" }
