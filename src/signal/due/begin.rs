//! With which words a time, its preposition or a vague time can begin, so that most words are passed over quickly; and
//! whether a sentence can name a time at all.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use super::{Relation, calendar};

/// Words without which no time is named; beside digits, weekdays and months.
const WORDS: &str = "today today's tonight tonite tomorrow tommorow tommorrow tomorow tmrw heute morgen \u{fc}bermorgen demain \
    aujourd'hui soir matin morning afternoon evening midi minuit mittag mittags mitternacht noon midday midnight \
    lunchtime cob eod eob cop eow eom eoq eoy close business dienstschluss b\u{fc}roschluss feierabend \
    gesch\u{e4}ftsschluss tages journ\u{e9}e day days week weeks week's weekend month months month's monthend quarter year \
    years yearend hour hours hrs tag tage tagen woche wochen wochenende monat monats monaten monatsende ultimo quartals \
    quartalsende jahres jahresende stunden arbeitstagen werktagen workdays jour jours semaine semaines mois ann\u{e9}e \
    heures christmas xmas mas weihnachten heiligabend abend no\u{eb}l silvester jahreswechsel neujahr nouvel new \
    thanksgiving independence fourth labor memorial good easter karfreitag ostermontag ostern p\u{e2}ques pfingsten \
    whitsun pentecost pentec\u{f4}te halloween valentine's valentines soon possible practicable practical convenience \
    opportunity earliest chance minute time future asap immediately immediate away shortly promptly urgently sofort \
    bald umgehend zeitnah schnellstm\u{f6}glich baldm\u{f6}glichst m\u{f6}glich vite t\u{f4}t rapidement imm\u{e9}diatement sobald d\u{e8}s \
    before prior advance ahead when once meeting call conference session class sitzung besprechung r\u{e9}union can kw s p a \
    q than";

/// More words with which a time begins.
const FIRST: &str = "the this next in within over during a an one two three four five six seven eight nine ten twelve \
    fourteen fifteen twenty thirty sixty ninety first end early late later mid middle beginning sometime high c e the \
    last coming upcoming n\u{e4}chsten n\u{e4}chster n\u{e4}chste n\u{e4}chstem n\u{e4}chstes kommenden kommender kommende diesen \
    diesem dieser diese ce cet cette le la les ende anfang mitte mi fin binnen innerhalb sous dans einem einer eines zwei \
    drei vier f\u{fc}nf sechs sieben acht zehn vierzehn un une deux trois quatre cinq huit dix quinze heilig ostern am pm \
    vormittag nachmittag fr\u{fc}h apr\u{e8}s den dem der no x mo di do fr sa so";

/// First words of vague times.
const VAGUE_FIRST: &str = "as at when once in during within a asap right immediately so schnellstm\u{f6}glich \
    baldm\u{f6}glichst umgehend zeitnah d\u{e8}s au le imm\u{e9}diatement shortly very soon promptly urgently immediate \
    sofort bald rapidement sobald prior ahead before no bei \u{e0}";

pub(super) static VAGUE: LazyLock<HashSet<&str>> = LazyLock::new(|| VAGUE_FIRST.split_whitespace().collect());

/// Prepositions by their first words, in the order of [`LISTS`].
pub(super) static RELATIONS: LazyLock<HashMap<&str, Vec<(&str, Relation)>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<(&str, Relation)>> = HashMap::default();
    for (runs, relation) in LISTS {
        for run in runs {
            all.entry(run.split(' ').next().unwrap_or(run)).or_default().push((run, relation));
        }
    }
    all
});

static MOMENTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| FIRST.split_whitespace().chain(WORDS.split_whitespace()).collect());

/// Whether a word, in lower case, can begin a time; numbers always can.
pub(super) fn can_begin(word: &str) -> bool {
    MOMENTS.contains(word) || calendar::weekday(word).is_some() || calendar::month(word).is_some()
}

static ANCHORS: LazyLock<HashSet<&str>> = LazyLock::new(|| WORDS.split_whitespace().collect());

/// Whether any word of the sentence can be part of a time.
pub(super) fn is_there(sentence: &str) -> bool {
    let mut lower = String::with_capacity(24);
    sentence.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}').any(|word| {
        if word.len() > 24 || word.is_empty() {
            return false;
        }
        if word.as_bytes()[0].is_ascii_digit() {
            return true;
        }
        lower.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }));
        }
        // "d'aujourd'hui", "l'ann\u{e9}e"
        let rest = lower.split_once('\'').map_or("", |(_, rest)| rest);
        [lower.as_str(), rest]
            .into_iter()
            .filter(|word| !word.is_empty())
            .any(|word| ANCHORS.contains(word) || calendar::weekday(word).is_some() || calendar::month(word).is_some())
    })
}

/// Prepositions by what they mean, longer ones first.
const LISTS: [(&[&str], Relation); 4] =
    [(&BY, Relation::By), (&BEFORE, Relation::Before), (&NOT, Relation::Not), (&ON, Relation::On)];

const BY: [&str; 47] = [
    "no later than by",
    "no later than",
    "not later than",
    "on or before",
    "by or before",
    "by no later than",
    "no later then",
    "due on or before",
    "due no later than",
    "due date is",
    "due date of",
    "due date :",
    "due by",
    "due on",
    "due in",
    "due",
    "deadline is",
    "deadline of",
    "deadline :",
    "deadline",
    "by",
    "until",
    "till",
    "til",
    "through",
    "thru",
    "spätestens bis zum",
    "spätestens bis",
    "spätestens am",
    "spätestens zum",
    "spätestens",
    "bis spätestens zum",
    "bis spätestens am",
    "bis spätestens",
    "bis zum",
    "bis zur",
    "bis",
    "fällig am",
    "fällig bis",
    "fällig zum",
    "fällig",
    "frist :",
    "au plus tard le",
    "au plus tard",
    "d'ici le",
    "d'ici à",
    "d'ici",
];
const BEFORE: [&str; 11] = [
    "prior to",
    "in advance of",
    "ahead of",
    "before",
    "vor dem",
    "vor der",
    "vor",
    "avant le",
    "avant la",
    "avant les",
    "avant",
];
const NOT: [&str; 34] = [
    "as of",
    "after",
    "since",
    "from",
    "of",
    "dated",
    "last",
    "past",
    "effective",
    "every",
    "each",
    "starting",
    "beginning",
    "previous",
    "ab dem",
    "ab",
    "seit dem",
    "seit",
    "vom",
    "nach dem",
    "nach",
    "letzten",
    "letzte",
    "jeden",
    "depuis le",
    "depuis",
    "dès le",
    "à partir du",
    "après le",
    "après",
    "chaque",
    "dernier",
    "guten",
    "à compter du",
];
const ON: [&str; 32] = [
    "sometime on",
    "sometime in",
    "sometime",
    "some time",
    "hopefully",
    "in time for",
    "on",
    "at",
    "for",
    "in",
    "during",
    "around",
    "about",
    "between",
    "over",
    "next to",
    "am",
    "um",
    "zum",
    "im",
    "an",
    "zwischen",
    "gegen",
    "noch",
    "pour le",
    "pour",
    "le",
    "à",
    "dans",
    "entre",
    "vers",
    "ce",
];
