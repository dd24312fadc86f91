package suggest

import (
	"strings"
	"testing"

	"rollcall/core"
)

func TestDictionaryIsWithoutContradiction(t *testing.T) {
	if _, err := readSynonyms(synonymFile); err != nil {
		t.Fatal(err)
	}
	for joined, m := range synonyms().exact {
		if _, ok := core.CanonicalField(m.field); !ok && m.field != nothing && m.field != login {
			t.Errorf("%q means %q, which is no field", joined, m.field)
		}
	}
	for _, f := range core.Canonical {
		for _, header := range []string{f.ID, f.Label} {
			if got, score := Canonical(header); got != f.ID || score < 0.9 {
				t.Errorf("%q is understood as %q, %.2f", header, got, score)
			}
		}
	}
}

func TestContradictionInTheDictionaryIsRefused(t *testing.T) {
	for name, file := range map[string]string{"two meanings": "email 1 post\nofficeMail 1 Post", "no score": "email post"} {
		if _, err := readSynonyms(file); err == nil {
			t.Errorf("%s should be refused", name)
		}
	}
}

// headers are header rows as HR systems and pay offices write them, with what each
// column is: "" for none of the fields, ~ before those that need a look at the values.
var headers = map[string]string{
	"Workday-like":        "Employee ID=employeeNumber|Worker=displayName|Legal Name - First Name=firstName|Legal Name - Last Name=lastName|Preferred First Name=preferredName|Primary Work Email=email|Email - Primary Home=personalEmail|Business Title=jobTitle|Job Profile=jobTitle|Supervisory Organization=department|Cost Center - ID=costCenter|Company=legalEntity|Location=location|Location Address - City=city|Location Address - Country=country|Worker's Manager=~managerId|Manager ID=managerId|Hire Date=startDate|Termination Date=endDate|Worker Status=employmentStatus|Worker Type=employmentType|Management Level=|Compensation Grade=|Time Type=employmentType|Date of Birth=birthDate|Gender=gender|Primary Work Phone=workPhone",
	"SAP-like":            "PERNR=employeeNumber|VORNA=|NACHN=|BUKRS=~legalEntity|KOSTL=costCenter|ORGEH=departmentId|Org. Unit Text=department|PLANS=|Planstelle=jobTitle|PERSG=employmentType|GBDAT=birthDate|GESCH=gender|Eintritt=startDate|Austritt=endDate|E-Mail-Adresse (dienstlich)=email|STAT2=employmentStatus|PERNR Vorgesetzter=managerId|Land1=country",
	"German payroll":      "Pers.-Nr.=employeeNumber|Anrede=|Titel=~jobTitle|Vorname=firstName|Nachname=lastName|Geburtsname=|Geburtsdatum=birthDate|Straße / Hausnummer=addressLine1|PLZ=postalCode|Wohnort=city|Eintrittsdatum=startDate|Austrittsdatum=endDate|Kostenstelle=costCenter|Abteilung=department|Tätigkeit=jobTitle|Telefon privat=|Telefon geschäftlich=workPhone|Handy=mobilePhone|E-Mail=email|E-Mail privat=personalEmail|Vorgesetzter (Pers.-Nr.)=managerId|IBAN=|Steuer-ID=|SV-Nummer=|Wochenstunden=|Staatsangehörigkeit=|Beschäftigungsart=employmentType|Mitarbeiterstatus=employmentStatus|Probezeitende=|Mandant=legalEntity|Krankenkasse=",
	"German, ae oe ue":    "Mitarbeiternummer=employeeNumber|Vollstaendiger Name=displayName|Fuehrungskraft=~managerId|E-Mail Fuehrungskraft=managerEmail|Bereich=division|Standort=location|Geschlaecht=gender|Beschaeftigungsbeginn=startDate|Kuendigungsgrund=|Mobilnummer=mobilePhone|Notfallkontakt Telefon=|Notfallkontakt Name=",
	"French":              "Matricule=employeeNumber|Civilité=|Nom de famille=lastName|Nom de naissance=|Prénom=firstName|E-mail pro=email|E-mail perso=personalEmail|Tél. portable=mobilePhone|Intitulé du poste=jobTitle|Service=department|Centre de coût=costCenter|Société=legalEntity|Établissement=location|Pays=country|Ville=city|Code postal=postalCode|Date d'entrée=startDate|Date de sortie=endDate|Matricule du responsable=managerId|Responsable hiérarchique=~managerId|Type de contrat=employmentType|Statut=employmentStatus|Date de naissance=birthDate|Lieu de naissance=|N° de sécurité sociale=|Contact d'urgence=|Motif de sortie=|Salaire brut=",
	"Dutch":               "Personeelsnummer=employeeNumber|Voorletters=|Roepnaam=preferredName|Voornaam=firstName|Tussenvoegsel=|Achternaam=lastName|Meisjesnaam=|Geslacht=gender|Geboortedatum=birthDate|Straat + huisnummer=addressLine1|Postcode=postalCode|Woonplaats=city|E-mailadres werk=email|Privé e-mail=personalEmail|Telefoon werk=workPhone|Mobiel=mobilePhone|Functie=jobTitle|Afdeling=department|Kostenplaats=costCenter|Werkgever=legalEntity|Vestiging=location|Datum in dienst=startDate|Datum uit dienst=endDate|Soort dienstverband=employmentType|Personeelsnummer leidinggevende=managerId|BSN=|Reden uit dienst=|Naam partner=|Uren per week=",
	"Spanish":             "Nº de empleado=employeeNumber|Nombre=~firstName|Apellidos=lastName|DNI/NIE=|Correo electrónico=email|Correo personal=personalEmail|Teléfono móvil=mobilePhone|Teléfono de trabajo=workPhone|Puesto=jobTitle|Departamento=department|Centro de coste=costCenter|Empresa=legalEntity|Centro de trabajo=location|Ciudad=city|País=country|Fecha de alta=startDate|Fecha de baja=endDate|Tipo de contrato=employmentType|Estado=~employmentStatus|Fecha de nacimiento=birthDate|Jefe directo=~managerId|Correo del responsable=managerEmail|Estado civil=|Motivo de baja=|Salario bruto anual=|Nº Seguridad Social=",
	"Swedish":             "Anst.nr=employeeNumber|Personnummer=|Förnamn=firstName|Efternamn=lastName|Tilltalsnamn=preferredName|E-post=email|Privat e-post=personalEmail|Mobiltelefon=mobilePhone|Telefon arbete=workPhone|Befattning=jobTitle|Avdelning=department|Kostnadsställe=costCenter|Bolag=legalEntity|Arbetsplats=location|Ort=city|Land=country|Anställningsdatum=startDate|Slutdatum=endDate|Anställningsform=employmentType|Närmaste chef=~managerId|Chefens e-post=managerEmail|Födelsedatum=birthDate|Kön=gender|Lön=|Anhörig=",
	"Danish":              "Medarbejdernummer=employeeNumber|Fornavn=firstName|Efternavn=lastName|Arbejdsmail=email|Privat mail=personalEmail|Mobilnummer=mobilePhone|Stilling=jobTitle|Afdeling=department|Omkostningssted=costCenter|Selskab=legalEntity|Arbejdssted=location|Ansættelsesdato=startDate|Fratrædelsesdato=endDate|Leder=~managerId|Leders e-mail=managerEmail|CPR-nr.=|Fødselsdato=birthDate|Køn=gender",
	"Finnish":             "Henkilönumero=employeeNumber|Etunimi=firstName|Sukunimi=lastName|Kutsumanimi=preferredName|Sähköposti=email|Matkapuhelin=mobilePhone|Tehtävänimike=jobTitle|Osasto=department|Kustannuspaikka=costCenter|Yhtiö=legalEntity|Toimipaikka=location|Työsuhteen alkamispäivä=startDate|Työsuhteen päättymispäivä=endDate|Esihenkilö=~managerId|Syntymäaika=birthDate|Henkilötunnus=|Palkka=",
	"snake_case export":   "employee_number=employeeNumber|first_name=firstName|last_name=lastName|full_name=displayName|work_email=email|personal_email=personalEmail|work_phone_number=workPhone|mobile_phone=mobilePhone|job_title=jobTitle|dept_name=department|dept_code=departmentId|cost_centre_code=costCenter|legal_entity=legalEntity|office_location=office|address_line_1=addressLine1|zip_code=postalCode|country_code=country|manager_employee_id=managerId|manager_email=managerEmail|manager_name=|hire_date=startDate|termination_date=endDate|employment_status=employmentStatus|employment_type=employmentType|is_manager=|emergency_contact_name=|emergency_contact_phone=|birth_name=|company_phone=|created_at=|probation_end_date=|termination_reason=|user_name=|time_zone=timeZone|last_login=|annual_salary=|cost_center_manager=",
	"ADP-like":            "Associate ID=employeeNumber|Legal First Name=firstName|Legal Last Name=lastName|Position Status=employmentStatus|Hire Date=startDate|Rehire Date=|Termination Date=endDate|Home Department Code=departmentId|Home Department Description=department|Job Title Description=jobTitle|Reports To Name=|Reports To Associate ID=managerId|Work Contact: Work Email=email|Personal Contact: Personal Email=personalEmail|Personal Contact: Home Phone=|Work Contact: Work Mobile=mobilePhone|Primary Address: City=city|Primary Address: Address Line 1=addressLine1|Business Unit Description=division|Birth Date=birthDate|Email Address (Alternate)=",
	"camelCase, abridged": "empID=employeeNumber|fName=firstName|lName=lastName|mgrID=managerId|mgrEmail=managerEmail|deptID=departmentId|hireDt=startDate|termDt=endDate|DOB=birthDate|emailAddr=email|homePhone=|cellPhone=mobilePhone|jobTitle=jobTitle|empStatus=employmentStatus|empType=employmentType|BU=division|CostCtr=costCenter|addr1=addressLine1|addr2=addressLine2|postCode=postalCode|spouseName=|bankAccount=|jobLevel=|payGrade=|SSN=|contractNo=|emp.workLocation=location",
}

func TestHeadersOfManyLanguages(t *testing.T) {
	accepted, expected := 0, 0
	for name, row := range headers {
		t.Run(name, func(t *testing.T) {
			for pair := range strings.SplitSeq(row, "|") {
				header, want, _ := strings.Cut(pair, "=")
				want, unsure := strings.CutPrefix(want, "~")
				got, score := Canonical(header)
				if want != "" {
					expected++
				}
				switch {
				case score >= Sure && got != want:
					t.Errorf("%q is accepted as %s, but is %q", header, got, want)
				case score >= Sure:
					accepted++
				case want != "" && (!unsure || got != want):
					t.Errorf("%q is %s, but was understood as %q with %.2f", header, want, got, score)
				case want == "" && score >= Likely:
					t.Errorf("%q is none of the fields, but is proposed as %s with %.2f", header, got, score)
				}
				if unsure && score >= Sure {
					t.Errorf("%q needs a look at the values", header)
				}
			}
		})
	}
	t.Logf("%d of %d accepted by name alone, none of them wrong", accepted, expected)
}

func TestWhatIsSomebodyElsesIsNotTheEmployees(t *testing.T) {
	for header, want := range map[string]string{
		"Manager e-mail": "managerEmail", "Emergency contact phone": "", "Private Mail": "personalEmail", "Birth name": "", "Company phone": "",
		"Supervisor's first name": "", "Spouse date of birth": "", "Bank account holder name": "", "Previous job title": "", "HR manager": "managerId",
		"Next of kin mobile": "", "Assistant's e-mail": "", "Contract type": "employmentType", "Position start date": "startDate", "School name": "",
		"Name of emergency contact": "", "Mother's last name": "", "Place of birth": "", "Department head": "", "Recruiter email": "", "Spouse.E-mail": "", "Alternate e-mail": "",
	} {
		if got, score := Canonical(header); got != want && score >= Likely || want != "" && got != want {
			t.Errorf("%q is understood as %q with %.2f, want %q", header, got, score, want)
		}
	}
}

func TestTypingErrorsAreProposedButNotAccepted(t *testing.T) {
	for header, want := range map[string]string{"Depatment": "department", "Employee Nubmer": "employeeNumber", "Kostenstele": "costCenter"} {
		if got, score := Canonical(header); got != want || score >= Sure || score < Likely {
			t.Errorf("%q: %q, %.2f", header, got, score)
		}
	}
}

func FuzzHeadersNeverPanic(f *testing.F) {
	f.Add("E-Mail (privat) №°#")
	f.Add("ÄÖÜ\u0308123\xff_-/e mail")
	f.Fuzz(func(t *testing.T, header string) {
		if field, score := Canonical(header); (field == "") != (score == 0) || score > 1 || score < 0 {
			t.Errorf("%q: %q, %v", header, field, score)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	for b.Loop() {
		Canonical("Employee Start Date (DD/MM/YYYY)")
	}
}
