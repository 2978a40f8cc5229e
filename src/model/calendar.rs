//! Names of months and days of the week in the languages that the mail of a company is written in.

/// Months in whole and short, by their number. Short forms that are words of their own (`set`, `ago`, `out`) are left out.
const MONTHS: [&str; 12] = [
    "january jan januar jänner janvier enero gennaio januari janeiro",
    "february feb februar février fevrier febrero febbraio februari fevereiro",
    "march mar märz maerz mrz mars marzo maart março",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août aout agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct okt oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dez dezember décembre decembre diciembre dicembre dezembro",
];
/// Days of the week in whole, and short where no other word is written so.
const DAYS: &str = "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun montag dienstag \
    mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes \
    miércoles miercoles jueves viernes sábado sabado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica \
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag";

/// The number of a month, 1 to 12, by its name in lower case.
pub fn month(word: &str) -> Option<u8> {
    // Most words are none, and their length or first letter says so.
    if !(3..=11).contains(&word.len()) || !word.starts_with(['j', 'f', 'm', 'a', 's', 'o', 'n', 'd', 'e', 'g', 'l']) {
        return None;
    }
    (1u8..).zip(MONTHS).find(|(_, names)| names.split(' ').any(|name| name == word)).map(|(number, _)| number)
}

/// Whether a word in lower case is the name of a day of the week.
pub fn is_weekday(word: &str) -> bool {
    (3..=11).contains(&word.len()) && DAYS.split_ascii_whitespace().any(|name| name == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days() {
        for (word, number) in [("jan", 1), ("märz", 3), ("août", 8), ("dezember", 12), ("sept", 9), ("mai", 5)] {
            assert_eq!(month(word), Some(number), "{word}");
        }
        for word in ["set", "ago", "out", "mayor", "", "marching", "januar 3"] {
            assert_eq!(month(word), None, "{word}");
        }
        assert!(is_weekday("freitag") && is_weekday("giovedì") && !is_weekday("today") && !is_weekday("sam"));
        let all: Vec<&str> = MONTHS.iter().flat_map(|names| names.split(' ')).collect();
        assert!(all.iter().all(|name| (3..=11).contains(&name.len()) && name.to_lowercase() == **name));
        assert!(all.iter().all(|name| month(name).is_some()), "the first letters are known");
    }
}
