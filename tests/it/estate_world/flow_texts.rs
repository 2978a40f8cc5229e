//! What people write in the processes of `flows`.

pub const FAULTS: &[&str] = &[
    "Drucker im Lager druckt nicht",
    "Kennwort abgelaufen",
    "VPN bricht ab",
    "Scanner offline",
    "new laptop for the test bench",
    "Maus defekt",
    "Outlook startet nicht",
    "Zugriff auf Projektordner",
    "monitor flickers",
    "Zeiterfassung zeigt Fehler",
    "Telefon stumm",
    "no access to share Q",
];
pub const TICKET_TAKEN: &[&str] = &[
    "ist in Arbeit, komme heute Nachmittag vorbei.",
    "hab's gesehen, kümmere mich.",
    "I'll have a look after lunch.",
    "liegt bei mir, Ersatz ist unterwegs.",
    "Ticket übernommen, {n} Minuten bitte.",
    "we're on it.",
    "bin dran, das betrifft wohl mehrere.",
];
pub const TICKET_ASK: &[&str] = &[
    "seit wann genau?",
    "welche Fehlermeldung erscheint?",
    "which room are you in?",
    "tritt das auch am anderen Rechner auf?",
    "wie heißt das Gerät, steht unten drauf?",
    "did you restart it?",
    "betrifft das nur dich?",
];
pub const TICKET_SAY: &[&str] = &[
    "seit gestern früh, immer beim Anmelden.",
    "Raum {n}, zweiter Tisch.",
    "nur bei mir.",
    "the message says code {n}.",
    "ja, Neustart hat nichts gebracht.",
    "auf dem Schild steht NB-{n}.",
    "bei den Kollegen auch.",
];
pub const TICKET_DONE: &[&str] = &[
    "sollte jetzt wieder gehen.",
    "Gerät getauscht, läuft wieder.",
    "fixed, it was the driver.",
    "neues Kennwort ist gesetzt.",
    "erledigt, lag am Kabel.",
    "Zugriff eingerichtet.",
    "done, please log in again.",
];
pub const REPORT: &[&str] = &[
    "anbei die Zahlen der Woche. Auftragseingang {amount} Euro, {n} neue Anfragen.",
    "der Stand zum Wochenende: {n} Angebote offen, Umsatz {amount} Euro.",
    "Wochenübersicht im Anhang, {n} Besuche, Auftragseingang {amount}.",
    "this week: {n} offers out, orders of EUR {amount}.",
];
pub const NOTED: &[&str] = &["danke.", "gut, weiter so.", "was ist mit dem Norden?", "thanks."];
pub const ORDER_OUT: &[&str] = &[
    "hiermit bestellen wir {n} x {part}, Bestellung {key}. Bitte bestätigen Sie Termin und Preis ({amount} Euro).",
    "anbei unsere Bestellung {key}. Wir bitten um Auftragsbestätigung.",
    "please confirm our purchase order {key}, {n} pcs {part}.",
    "bitte liefern: {part}, {n} Stück, siehe {key}.",
    "Abruf {key} aus dem Rahmen, {n} Stück {part}.",
];
pub const ORDER_BACK: &[&str] = &[
    "vielen Dank, wir bestätigen {key} zum {date}.",
    "Auftragsbestätigung zu {key} liegt bei, Versand KW {n}.",
    "we confirm {key}, delivery in week {n}.",
    "Ihre Bestellung {key} ist erfasst, Liefertermin {date}.",
    "{key} ist eingeplant.",
];
pub const ORDER_WRONG: &[&str] = &[
    "der Preis in der Bestätigung zu {key} stimmt nicht, vereinbart waren {amount} Euro. Bitte prüfen.",
    "warum erst in {n} Wochen?",
    "in der AB fehlt eine Position, bitte klären.",
    "which price list did you use for {key}?",
];
pub const ORDER_RIGHT: &[&str] = &[
    "entschuldigen Sie, korrigierte Bestätigung anbei.",
    "stimmt, neue AB hängt an.",
    "our mistake, corrected confirmation attached.",
    "anbei die berichtigte Fassung.",
];
pub const ORDER_SENT: &[&str] = &[
    "die Ware zu {key} ist heute raus.",
    "Lieferavis {key}: {n} Pakete.",
    "{key} has been dispatched.",
    "Versandanzeige zu Ihrer Bestellung {key}, Ankunft {weekday}.",
];
pub const CONTRACT_FIRST: &[&str] = &[
    "anbei der Entwurf für {firm}, bitte durchsehen.",
    "hier die erste Fassung mit {firm}. Passt §{n} so für uns?",
    "please review the attached draft with {firm}.",
    "{firm} will bis {weekday} Antwort, könntest du den Vertrag prüfen?",
    "der Rahmenvertrag {firm} liegt bei, bitte um Anmerkungen.",
];
pub const CONTRACT_MARKED: &[&str] = &[
    "meine Änderungen sind im Dokument markiert.",
    "siehe Anlage, §{n} habe ich umgeschrieben.",
    "comments inside, liability is still too wide.",
    "überarbeitete Fassung hängt an.",
    "Version mit Anmerkungen zurück an dich.",
];
pub const CONTRACT_NEXT: &[&str] = &[
    "eingearbeitet, neue Fassung anbei.",
    "{firm} hat zugestimmt bis auf §{n}, hier der Stand.",
    "updated as discussed, next version attached.",
    "anbei die Reinschrift.",
];
pub const CONTRACT_YES: &[&str] = &[
    "kann so unterschrieben werden.",
    "einverstanden, schick es raus.",
    "fine with me now, please sign.",
    "ok, Freigabe zur Unterschrift.",
    "von mir aus so.",
];
pub const CONTRACT_NO: &[&str] =
    &["so unterschreiben wir nicht.", "nein, die Haftung ist mir zu hoch.", "we can't accept this, sorry."];
pub const NEW_PERSON: &[&str] = &[
    "zum {date} fängt {who} bei uns an. Bitte alles vorbereiten.",
    "{who} starts on {date}, please set up what is needed.",
    "am {date} kommt {who} dazu. Wer übernimmt was?",
    "bitte Arbeitsplatz für {who} bis {date} einrichten.",
];
pub const READY: &[&str] = &[
    "Rechner steht, Konto ist angelegt.",
    "Schlüssel liegt am Empfang.",
    "phone and badge are ready.",
    "Arbeitskleidung ist bestellt.",
    "E-Mail-Adresse eingerichtet.",
    "Einweisung ist am {weekday} eingetragen.",
    "desk is set up.",
    "Zeiterfassung freigeschaltet.",
];
pub const TRAVEL: &[&str] = &[
    "ich muss am {date} nach {town}, bitte Zug und Hotel.",
    "Dienstreise {town} am {date}, eine Nacht.",
    "could you book {town} for {date}? Boss knows.",
    "für {town} am {date} bräuchte ich eine Fahrkarte, ist besprochen.",
    "bitte buchen: {town}, {date}, {n} Personen.",
];
pub const BOOKED: &[&str] = &[
    "gebucht, Unterlagen liegen bei.",
    "Zimmer ist reserviert, Zug {n} Uhr.",
    "booked, tickets attached.",
    "Fahrkarte liegt im Fach.",
    "alles reserviert.",
];
pub const TOWNS: &[&str] = &["Hannover", "Lyon", "Stuttgart", "Wien", "Rotterdam", "Dresden", "Brno", "Basel"];
pub const RENEW: &[&str] = &[
    "der Wartungsvertrag für die Kompressoren läuft zum Jahresende aus, anbei unser Angebot zur Verlängerung über {amount} Euro.",
    "anbei die Verlängerung der Wartung für das kommende Jahr, {amount} Euro.",
];
pub const RENEW_ASK: &[&str] =
    &["verlängern wir die Wartung wieder, {amount} Euro?", "bitte Freigabe für die Wartung, wie im Vorjahr."];
pub const RENEW_YES: &[&str] = &["ja, wie gehabt.", "einverstanden, aber nächstes Jahr vergleichen."];
pub const NEWCOMERS: &[&str] = &[
    "Jonas Adler",
    "Mira Falk",
    "Tilo Brandt",
    "Selma Koch",
    "Arne Vogt",
    "Lea Sander",
    "Nils Hartung",
    "Greta Winter",
    "Pavel Horak",
    "Ines Rabe",
    "Tom Becker",
    "Nora Lind",
    "Ole Petersen",
    "Amira Said",
    "Finn Lorenz",
    "Klara Busch",
    "Jana Ritter",
    "Emil Sauer",
    "Ruth Engel",
    "Max Thiele",
    "Paula Groth",
    "David Kern",
    "Lisa Marten",
    "Udo Ebel",
    "Vera Hahn",
    "Anton Riedel",
    "Mona Keller",
    "Samir Aziz",
    "Elsa Maurer",
    "Piet Jansen",
    "Olga Weiss",
    "Theo Frank",
    "Rosa Neumann",
    "Karim Haddad",
    "Frida Holm",
    "Leo Marx",
    "Nele Dorn",
    "Hugo Stein",
    "Maja Roth",
    "Erik Lund",
];
