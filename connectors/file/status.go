package file

import (
	"bytes"
	"strings"

	"github.com/mozillazg/go-unidecode"

	"rollcall/core"
)

// statusWords are the words of HR exports for the four states, folded: lower case,
// without accents, words joined by one blank.
var statusLists = map[string]string{
	core.StatusActive: `active;a;employed;current;working;in service;regular;permanent;probation;on probation;notice period;under notice;hired;
		aktiv;angestellt;beschaftigt;im dienst;ungekundigt;probezeit;in probezeit;
		actif;en poste;present;en activite;periode d'essai;en preavis;
		actief;in dienst;werkzaam;proeftijd;
		activo;activa;alta;en activo;de alta;en alta;
		anstalld;ansat;ansatt;i tjeneste;i tjanst;aktiivinen;tyosuhteessa;attivo;attiva;ativo;ativa`,
	core.StatusOnLeave: `on leave;leave;l;leave of absence;loa;on leave of absence;paid leave;unpaid leave;parental leave;maternity;maternity leave;paternity leave;sick leave;long term sick;sabbatical;absent;furlough;furloughed;suspended;garden leave;
		elternzeit;in elternzeit;mutterschutz;beurlaubt;ruhend;ruhendes arbeitsverhaltnis;freigestellt;langzeitkrank;krank;sonderurlaub;unbezahlter urlaub;
		en conge;conge;conge parental;conge maternite;conge de maternite;conge paternite;conge sabbatique;conge sans solde;absente;arret maladie;en arret;suspendu;
		met verlof;verlof;ouderschapsverlof;zwangerschapsverlof;onbetaald verlof;ziek;langdurig ziek;afwezig;tijdskrediet;loopbaanonderbreking;
		de baja;baja temporal;baja medica;excedencia;permiso;de permiso;baja por maternidad;baja maternal;permiso parental;suspendido;ausente;
		tjanstledig;foraldraledig;foraldraledighet;sjukskriven;orlov;pa orlov;foreldrepermisjon;permisjon;i permisjon;barsel;barselsorlov;sykmeldt;sygemeldt;vapaalla;vanhempainvapaa;perhevapaa;in congedo;aspettativa;licenca`,
	core.StatusTerminated: `terminated;t;inactive;i;left;leaver;former;former employee;ex employee;resigned;retired;dismissed;deceased;separated;ended;exited;offboarded;departed;withdrawn;not active;
		ausgeschieden;inaktiv;ausgetreten;ehemalig;ehemaliger;ehemalige;beendet;pensioniert;verrentet;rentner;verstorben;nicht aktiv;nicht mehr beschaftigt;
		sorti;sortie;inactif;parti;partie;demissionne;licencie;retraite;ancien;ancien salarie;termine;depart;decede;
		uit dienst;inactief;vertrokken;ontslagen;gepensioneerd;beeindigd;ex medewerker;overleden;
		inactivo;inactiva;cesado;cesada;finalizado;despedido;jubilado;baja definitiva;dado de baja;extrabajador;
		avslutad;slutat;slutade;fratradt;sluttet;opsagt;avsluttet;pensionerad;pensjonert;tidligere ansat;tidligere ansatt;paattynyt;lopettanut;ei aktiivinen;cessato;cessata;inattivo;desligado;inativo;demitido`,
	core.StatusFuture: `future;future hire;pre hire;prehire;preboarding;pre boarding;not started;onboarding;new hire;pending start;starts later;upcoming;starter;
		kunftig;zukunftig;eintritt geplant;noch nicht eingetreten;vor eintritt;
		futur;future embauche;a venir;pas encore arrive;
		toekomstig;nog niet gestart;nog niet in dienst;
		futuro;futura;pendiente de alta;pendiente de incorporacion;
		framtida;ej borjat;kommende;fremtidig;ikke startet;tuleva;ei aloittanut`,
}

var statusWords = invert(statusLists)

// answerWords are statuses in a column that asks whether somebody is active.
var answerWords = invert(map[string]string{
	core.StatusActive:     "true;yes;y;1;x;ja;j;oui;o;vrai;wahr;si;s;sim;verdadero;waar;sant;kylla",
	core.StatusTerminated: "false;no;n;0;nein;non;nee;nej;nei;faux;falsch;falso;nao;onwaar;falskt;ei",
})

// activeHeaders name columns that ask whether somebody is active.
var activeHeaders = wordSet("active;is active;aktiv;ist aktiv;actif;est actif;actief;is actief;activo;esta activo;enabled;is enabled;account enabled;accountenabled;enable;aktiivinen;attivo;ativo;currently employed;active employee")

// statusHeaders name columns with a state in words, where the dictionary does not know them.
var statusHeaders = wordSet("status;state;statut;estado;stato;tila;tilstand;account status;user status;account state;employment status;employee status;lifecycle state;stav")

// disabledHeaders name columns that ask the opposite.
var disabledHeaders = wordSet("disabled;is disabled;suspended;is suspended;inactive;blocked;deactivated;locked out;deaktiviert;gesperrt;desactive;gedeactiveerd;desactivado;archived;deleted;termd;terminated")

func invert(lists map[string]string) map[string]string {
	m := map[string]string{}
	for status, list := range lists {
		for word := range strings.SplitSeq(list, ";") {
			m[strings.TrimSpace(word)] = status
		}
	}
	return m
}

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.SplitSeq(list, ";") {
		m[word] = true
	}
	return m
}

// foldWords makes words comparable: no accents, no capitals, one blank between them.
func foldWords(s string) string {
	s = strings.ToLower(unidecode.Unidecode(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '.' || r == '/' || r == '\t' }), " ")
}

// statusReader understands the cells of a status column and remembers the words it met.
type statusReader struct {
	asks     bool // the column asks whether somebody is active
	opposite bool // … whether somebody is disabled
	known    map[string]string
}

func newStatusReader(header string) *statusReader {
	question, _, _ := strings.Cut(header, "(") // “Active? (Y/N)”
	h := foldWords(strings.Trim(question, "?:* "))
	return &statusReader{asks: activeHeaders[h], opposite: disabledHeaders[h], known: map[string]string{}}
}

// maxKnown bounds the memory of a column that is no status after all.
const maxKnown = 1000

// read gives the employmentStatus of a cell, "" where it is blank.
func (s *statusReader) read(cell []byte) string {
	if status, ok := s.known[string(cell)]; ok {
		return status
	}
	status := s.understand(string(bytes.TrimSpace(cell)))
	if len(s.known) < maxKnown {
		s.known[string(cell)] = status
	}
	return status
}

func (s *statusReader) understand(text string) string {
	word := foldWords(text)
	if word == "" {
		return ""
	}
	answer, answered := answerWords[word]
	switch status, ok := statusWords[word]; {
	case s.opposite && answer == core.StatusActive:
		return core.StatusTerminated
	case s.opposite && answered:
		return core.StatusActive
	case s.asks && answered:
		return answer
	case ok:
		return status
	case strings.HasPrefix(word, "on leave") || strings.HasPrefix(word, "leave"):
		return core.StatusOnLeave
	case strings.HasPrefix(word, "terminat"):
		return core.StatusTerminated
	}
	return core.StatusUnknown
}
