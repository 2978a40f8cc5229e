//! What kind of machine a sender is, by words in its name, host, program, subjects and files. Pure.

use super::ground::{domain, local};
use super::system::share;
use super::tally::{Frequent, SenderTally, Template};
use super::words::{List, SystemWords, WORDS, plain};

/// Parts of the names of machines that send announcements.
const DISTRIBUTORS: [&str; 8] =
    ["list", "lists", "listserv", "news", "newsletter", "newsletters", "mailing", "mailings"];

/// A kind with what speaks for it.
#[derive(Clone, Default, Debug)]
pub(super) struct Guess {
    pub(super) kind: String,
    pub(super) points: f64,
    /// The part of them that the subjects gave.
    by_subject: f64,
    reasons: Vec<String>,
}

/// What is the same for all mail of one sender.
pub(super) struct Base {
    pub(super) sender: String,
    domain: String,
    /// What sender, host and program say, for each kind of `WORDS.systems`.
    fixed: Vec<(f64, Vec<String>)>,
}

impl Base {
    pub(super) fn of(address: &str, sender: &SenderTally) -> Base {
        let names: Vec<&str> = sender.names.sorted().into_iter().take(3).map(|(name, _)| name).collect();
        let top = |of: &Frequent| of.sorted().into_iter().take(3).map(|(value, _)| plain(value)).collect::<String>();
        let called = format!("{}{}", plain(local(address)), plain(&names.join(" ")));
        let host = format!("{}{}", plain(domain(address)), top(&sender.hops));
        let mailer = top(&sender.mailers);
        let fixed = |words: &SystemWords| {
            let found = [
                (3.0, words.sender.hit(&called), "in its address or name"),
                (2.0, words.host.hit(&host), "in its domain or host"),
                (2.0, words.mailer.hit(&mailer), "as its program"),
            ];
            let hits = found.into_iter().filter_map(|(points, word, place)| Some((points, word?, place)));
            hits.fold((0.0, Vec::new()), |(sum, mut reasons), (points, word, place)| {
                reasons.push(format!("\"{word}\" {place}"));
                (sum + points, reasons)
            })
        };
        let fixed = WORDS.systems.iter().map(fixed).collect();
        Base { sender: called, domain: domain(address).to_owned(), fixed }
    }
}

/// What is looked at to tell the kind.
pub(super) struct Clues<'a> {
    base: &'a Base,
    /// Masked subjects with their letters.
    subjects: Vec<(String, u32)>,
    files: Vec<(String, u32)>,
    letters: u32,
    with_files: u32,
}

/// How much of the texts a list of words is found in, and its most frequent word.
fn weighted<'a>(list: &'a List, texts: &[(String, u32)], total: u32) -> Option<(f64, &'a str)> {
    let mut sum = 0;
    let mut best: Option<(u32, &str)> = None;
    for (text, n) in texts {
        if let Some(word) = list.hit(text) {
            sum += n;
            if best.is_none_or(|(most, _)| *n > most) {
                best = Some((*n, word));
            }
        }
    }
    best.map(|(_, word)| (share(sum, total.max(1)).min(1.0), word))
}

impl Clues<'_> {
    /// The kinds by their points, best first.
    pub(super) fn guesses(&self) -> Vec<Guess> {
        let mut all: Vec<Guess> =
            WORDS.systems.iter().zip(&self.base.fixed).map(|(words, fixed)| self.guess(words, fixed)).collect();
        all.retain(|guess| guess.points > 0.0);
        all.sort_by(|a, b| b.points.total_cmp(&a.points));
        all
    }

    fn guess(&self, words: &SystemWords, (points, reasons): &(f64, Vec<String>)) -> Guess {
        let mut guess = Guess { kind: words.kind.clone(), points: *points, by_subject: 0.0, reasons: reasons.clone() };
        let mut add = |points: f64, reason: String| {
            guess.points += points;
            guess.reasons.push(reason);
        };
        let subject = weighted(&words.subject, &self.subjects, self.letters);
        if let Some((part, word)) = subject {
            add(4.0 * part, format!("\"{word}\" in {:.0} % of its subjects", 100.0 * part));
        }
        if let Some((part, word)) = weighted(&words.file, &self.files, self.with_files)
            && self.with_files * 2 > self.letters
        {
            add(2.0 * part, format!("files are named \"{word}\""));
        }
        guess.by_subject = subject.map_or(0.0, |(part, _)| 4.0 * part);
        guess
    }
}

/// What can tell the kind of the machine behind these masked subjects.
pub(super) fn clues<'a>(base: &'a Base, templates: &[(&String, &Template)]) -> Clues<'a> {
    let count = |one: &Template| one.runs.len().max(1) as u32;
    let mut files: Vec<(String, u32)> = Vec::new();
    let mut with_files = 0;
    for (_, template) in templates {
        files.extend(template.files.sorted().into_iter().map(|(name, n)| (plain(name), n)));
        with_files += template.files.total;
    }
    Clues {
        base,
        subjects: templates.iter().map(|(mask, one)| (plain(mask), count(one))).collect(),
        files,
        letters: templates.iter().map(|(_, one)| count(one)).sum(),
        with_files,
    }
}

/// The kind, and why.
pub(super) fn kind_of(clues: &Clues<'_>, sender: &SenderTally, outside: bool) -> (String, String) {
    let guesses = clues.guesses();
    let best = guesses.first();
    let (points, by_subject) = best.map_or((0.0, 0.0), |guess| (guess.points, guess.by_subject));
    let news =
        WORDS.newsletter.hit(&clues.base.sender).map(|word| (word, 3.0)).or_else(|| {
            weighted(&WORDS.newsletter, &clues.subjects, clues.letters).map(|(part, word)| (word, 4.0 * part))
        });
    let bulk = share(sender.bulk, sender.letters);
    if let Some((word, news_points)) = news
        && news_points + 2.0 * bulk > points + 0.5
    {
        return ("newsletter".to_owned(), format!("\"{word}\" in its name or subjects"));
    }
    // Machines that distribute are called so.
    let distributor = clues.base.domain.split('.').find(|part| DISTRIBUTORS.contains(part));
    if let Some(part) = distributor.filter(|_| outside && points < 2.0) {
        return ("newsletter".to_owned(), format!("it comes from \"{part}\""));
    }
    if outside && bulk > 0.5 && points < 2.0 {
        return ("newsletter".to_owned(), "marked as a distribution".to_owned());
    }
    // One-way mail of an outsider with a new subject nearly every time, no files and no work to do: somebody's announcements.
    let texts = clues.subjects.len() as u32;
    if outside
        && clues.letters >= 3
        && texts * 2 > clues.letters
        && clues.with_files * 5 < clues.letters
        && by_subject < 2.0
    {
        return ("newsletter".to_owned(), format!("{texts} subjects in {} messages, one way", clues.letters));
    }
    match best.filter(|guess| guess.points >= 0.8) {
        Some(guess) => (guess.kind.clone(), guess.reasons.join("; ")),
        None if outside && sender.generated + sender.machine > 0 => {
            ("SaaS".to_owned(), "automatic mail of an outside service, of no kind that the words tell".to_owned())
        }
        None => ("other".to_owned(), "no word tells its kind".to_owned()),
    }
}
