//! The last resort: what a message quotes, and then subject, people and time.
//!
//! Only the earliest letter of a group may be joined to an earlier one, and only if it quotes it, or its subject is marked
//! as an answer, or it comes back within days from the one it was written to. So the same subject by other people, or by
//! the same sender every month, joins nothing. Letters are looked at in the order of time; for each subject and person
//! only the latest letter is kept, so a million letters of one subject cost no more than others.

use super::Joined;
use super::letter::{Letter, Letters, Says};
use super::links::Union;
use crate::model::hash::number;
use crate::model::subject::Opening;
use foldhash::HashMap;

const DAY: i64 = 86_400;
/// So many recipients of a letter are asked for what they last wrote or got.
const MOST_ASKED: usize = 12;
/// How old a quoted message may be.
const QUOTE_DAYS: i64 = 400;

/// How close the people of two letters are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Close {
    /// They share a recipient: a list, or somebody who got both.
    Audience,
    /// The earlier sender is written to, or the later sender was.
    OneWay,
    /// Both.
    Answer,
}

/// What was seen up to now.
#[derive(Default)]
struct Seen {
    /// The latest letter of a subject that a person wrote or got.
    by_person: HashMap<u64, u32>,
    /// The latest letter that begins so and that a person wrote or got.
    by_words: HashMap<u64, u32>,
    /// The latest letter of a subject that begins so.
    by_short: HashMap<u64, u32>,
}

/// Joins what says nothing itself.
pub fn join(letters: &Letters, union: &mut Union, joined: &mut [Joined]) {
    let mut order: Vec<(i64, u32)> =
        (0u32..).zip(&letters.all).filter_map(|(index, letter)| Some((letter.at?, index))).collect();
    order.sort_unstable();
    let mut started: HashMap<u32, u32> = HashMap::default();
    let mut seen = Seen::default();
    for (_, index) in order {
        let letter = &letters.all[index as usize];
        let first = *started.entry(union.find(index)).or_insert(index) == index;
        if first && let Some((earlier, why)) = seen.before(letters, letter, joined[index as usize]) {
            let kept = union.find(earlier);
            union.join(earlier, index);
            // The group has a new name; it began with the earlier letter.
            let start = started.get(&kept).copied().unwrap_or(earlier);
            started.insert(union.find(index), start);
            joined[index as usize] = joined[index as usize].min(why);
        }
        seen.add(letters, letter, index);
    }
}

impl Seen {
    fn add(&mut self, letters: &Letters, letter: &Letter, index: u32) {
        for person in people(letters, letter) {
            if letter.says != Says::Nothing {
                self.by_person.insert(number(&(letter.subject, person)), index);
            }
            if letter.words.1 != 0 {
                self.by_words.insert(number(&(letter.words.1, person)), index);
            }
        }
        if letter.words.0 != 0 && letter.says != Says::Nothing {
            self.by_short.insert(number(&(letter.words.0, letter.subject)), index);
        }
    }

    /// The earlier letter to which this one belongs.
    fn before(&self, letters: &Letters, letter: &Letter, joined: Joined) -> Option<(u32, Joined)> {
        if let Some(found) = self.quoted(letters, letter) {
            return Some((found, Joined::Quote));
        }
        if letter.says == Says::Nothing {
            return None;
        }
        let best = people(letters, letter)
            .filter_map(|person| self.by_person.get(&number(&(letter.subject, person))))
            .filter_map(|index| {
                let earlier = &letters.all[*index as usize];
                let close = close(letters, earlier, letter)?;
                let days = days(letter, close, joined, earlier.from == letter.from)?;
                (letter.at? - earlier.at? <= days * DAY).then_some((close, earlier.at, *index))
            })
            .max()?;
        Some((best.2, Joined::Subject))
    }

    fn quoted(&self, letters: &Letters, letter: &Letter) -> Option<u32> {
        let near = |index: &&u32| {
            let earlier = &letters.all[**index as usize];
            matches!((earlier.at, letter.at), (Some(then), Some(now)) if now - then <= QUOTE_DAYS * DAY)
        };
        letters.quoted(letter).iter().find_map(|(short, long)| {
            let same_subject = self.by_short.get(&number(&(*short, letter.subject)));
            let same_words = self.by_words.get(&number(&(*long, letter.from))).filter(|_| *long != 0);
            same_subject.or(same_words).filter(near).copied()
        })
    }
}

fn people<'a>(letters: &'a Letters, letter: &'a Letter) -> impl Iterator<Item = u64> + 'a {
    std::iter::once(letter.from).chain(letters.to(letter).iter().copied().take(MOST_ASKED))
}

fn close(letters: &Letters, earlier: &Letter, later: &Letter) -> Option<Close> {
    let back = letters.to(later).contains(&earlier.from);
    let forth = letters.to(earlier).contains(&later.from);
    match (back, forth) {
        (true, true) => Some(Close::Answer),
        (true, false) | (false, true) => Some(Close::OneWay),
        _ if letters.to(later).iter().take(MOST_ASKED).any(|one| letters.to(earlier).contains(one)) => {
            Some(Close::Audience)
        }
        _ => None,
    }
}

/// How long after the last letter this one may still belong to it.
fn days(letter: &Letter, close: Close, joined: Joined, same_sender: bool) -> Option<i64> {
    let says_something = letter.says == Says::Enough;
    // Archives of lists take the marks away; who quotes answers all the same.
    let answers = letter.opening == Opening::Answer || letter.quotes.1 > letter.quotes.0;
    // Reports quote things, too: the same sender goes on within days only.
    let goes_on = same_sender && letter.opening == Opening::New;
    match (answers, letter.opening, close) {
        // Somebody who answers what is not here answers it, and not the last mail to the same audience.
        (_, _, Close::Audience) if joined == Joined::References => None,
        (false, Opening::New, Close::Answer) if says_something => Some(3),
        // Another voice in the archive of a list; the same sender begins anew.
        (false, Opening::New, Close::Audience) if letter.names_nobody && says_something && !same_sender => Some(3),
        (false, Opening::New, _) => None,
        (_, _, Close::Answer) => Some(if says_something { 60 } else { 14 }),
        (_, _, Close::OneWay) => Some(if says_something { 45 } else { 7 }),
        (true, _, Close::Audience) if letter.names_nobody && goes_on => Some(5),
        (_, Opening::Answer, Close::Audience) => Some(if says_something { 30 } else { 3 }),
        (true, _, Close::Audience) if letter.names_nobody => Some(if says_something { 30 } else { 3 }),
        (_, _, Close::Audience) => None,
    }
}
