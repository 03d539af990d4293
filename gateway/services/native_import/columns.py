"""The columns that a list of students may have, and every usual way in which schools write their headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StudentColumn:
    """One column: its name here, its heading in the template, whether it is needed, the longest text, spellings.

    Spellings are as `headings.plain` leaves them. `weak` ones count only where no other column has a better one.
    """

    name: str
    heading: str
    is_needed: bool
    longest: int
    spellings: str
    weak: str = ""


COLUMNS: Final = (
    StudentColumn(
        "givenName", "Given name", True, 100,
        "givenname firstname forename fname first given studentfirstname studentgivenname legalfirstname"
        " prenom prenomeleve nombres primernombre nombrepila vorname rufname nome nomeproprio primeironome"
        " voornaam roepnaam fornavn fornamn etunimi imie jmeno krestnijmeno utonev keresztnev prenume ime ad adi имя"
        " 名 名字",
    ),
    StudentColumn(
        "familyName", "Family name", True, 100,
        "familyname lastname surname sname lname last family studentlastname studentfamilyname legallastname"
        " nomdefamille nomfamille nomeleve apellidos apellido primerapellido nachname familienname zuname cognome"
        " sobrenome apelido ultimonome achternaam efternavn efternamn etternavn sukunimi nazwisko prijmeni vezeteknev"
        " nume prezime priimek soyad soyadi фамилия 姓",
    ),
    StudentColumn(
        "middleName", "Middle name", False, 100,
        "middlename middle middlenames secondname middleinitial mi deuxiemeprenom segundonombre zweitername"
        " zweitervorname secondonome nomedomeio tussenvoegsel mellemnavn mellomnavn mellannamn отчество",
    ),
    StudentColumn(
        "username", "Username", True, 100,
        "username userid user login loginid loginname signin signinname studentusername networklogin"
        " identifiant nomutilisateur nomdutilisateur utilisateur usuario nombreusuario nombredeusuario"
        " benutzername benutzer anmeldename nutzername nomeutente utente nomeutilizador nomeusuario nomedeusuario"
        " utilizador gebruikersnaam gebruiker brugernavn brukernavn anvandarnamn kayttajatunnus uzytkownik"
        " nazwauzytkownika uzivatelskejmeno kullaniciadi логин",
        "email emailaddress mail studentemail schoolemail academicemail emailscolaire courriel adressemail"
        " adresseelectronique correo correoelectronico emailadresse mailadresse schulemail posta postaelettronica"
        " indirizzoemail enderecoemail emailadres epost eposta sahkoposti upn userprincipalname",
    ),
    StudentColumn(
        "grade", "Grade", False, 20,
        "grade grades gradelevel year yeargroup yearlevel form level schoolyear niveau anneescolaire grado curso nivel"
        " klassenstufe jahrgang jahrgangsstufe schuljahr annodicorso ano anoescolar serie leerjaar klassetrin"
        " arskurs trinn luokkaaste rocznik rocnik",
    ),
    StudentColumn(
        "studentNumber", "Student number", False, 64,
        "studentnumber studentid studentno sisid sis id pupilnumber pupilid pupilno externalid identifier"
        " schoolid idnumber rollnumber rollno admissionnumber admissionno enrolmentnumber localid"
        " numeroeleve numeroetudiant ine matricule numeroestudiante idestudiante matricula expediente codigoalumno"
        " schulernummer schuelernummer matrikelnummer numerostudente matricolastudente matricola numeroaluno"
        " numerodoaluno leerlingnummer studentnummer elevnummer elevnr opiskelijanumero numerucznia",
    ),
    StudentColumn(
        "password", "Password", False, 128,
        "password passwort pass pwd initialpassword temporarypassword defaultpassword kennwort motdepasse mdp"
        " contrasena clave parola senha palavrapasse wachtwoord adgangskode kodeord passord losenord salasana haslo"
        " heslo jelszo sifre пароль",
    ),
    StudentColumn(
        "className", "Class", False, 500,
        "class classname classes section sectionname course coursename group groupname homeroom registrationgroup"
        " tutorgroup classe nomclasse nomdelaclasse groupe clase grupo nombreclase aula klasse klassenname gruppe"
        " nomeclasse turma klas klasnaam klass luokka klasa trida osztaly sinif",
    ),
)  # fmt: skip

BY_NAME: Final = {column.name: column for column in COLUMNS}
NEEDED: Final = tuple(column.name for column in COLUMNS if column.is_needed)
NAMES: Final = tuple(BY_NAME)

# "Name" says one half of a name in some languages; which one, the other column tells.
HALF_NAMES: Final = frozenset({"name", "nom", "nombre", "nome", "naam", "navn", "namn", "jmeno", "ime", "nev"})
