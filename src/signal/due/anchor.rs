//! Whether a sentence can name a time at all: most do not, and need not be read closely.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::calendar;

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
        lower.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }));
        // "d'aujourd'hui", "l'ann\u{e9}e"
        let rest = lower.split_once('\'').map_or("", |(_, rest)| rest);
        [lower.as_str(), rest]
            .iter()
            .any(|word| ANCHORS.contains(word) || calendar::weekday(word).is_some() || calendar::month(word).is_some())
    })
}
