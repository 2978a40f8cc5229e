//! Joins letters by the ids they share, and finds ids that join what does not belong together.

use super::Joined;
use super::letter::{Kind, Letters, Link, number};

/// An id that messages of more subjects than this refer to …
const MOST_SUBJECTS: usize = 8;
/// … and that more messages than this have as their own joins nothing.
const MOST_OWNERS: usize = 2;

/// Groups that grow together.
#[derive(Debug)]
pub struct Union {
    parent: Vec<u32>,
}

impl Union {
    /// So many groups of one.
    pub fn new(count: usize) -> Union {
        Union { parent: (0..count as u32).collect() }
    }

    /// The smallest member of the group as far as it was joined.
    pub fn find(&mut self, one: u32) -> u32 {
        let mut at = one;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    /// Makes one group of two; its name is the smaller of both.
    pub fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.find(one), self.find(other));
        self.parent[one.max(other) as usize] = one.min(other);
    }
}

/// Joins what shares an id; gives one letter for each id that is referred to and not here.
pub fn link(letters: &mut Letters, union: &mut Union, joined: &mut [Joined]) -> Vec<u32> {
    let mut links = std::mem::take(&mut letters.links);
    links.sort_unstable();
    links.dedup();
    let mut ghosts = Vec::new();
    for shared in links.chunk_by(|one, other| one.key == other.key) {
        let owners = shared.iter().take_while(|link| link.kind == Kind::Own).count();
        if is_void(letters, &shared[..owners]) {
            continue;
        }
        // A word that stands where an id should is one only if a message has it.
        let believed: Vec<Link> =
            shared.iter().copied().filter(|link| link.kind != Kind::DoubtfulReference || owners > 0).collect();
        let Some(first) = believed.first() else { continue };
        if owners == 0 && first.kind == Kind::Reference {
            ghosts.push(first.letter);
        }
        if is_overused(letters, &believed) {
            let mut parts: Vec<(u64, Link)> = believed
                .into_iter()
                .map(|link| (number(&(link.key, letters.all[link.letter as usize].subject)), link))
                .collect();
            parts.sort_unstable();
            for part in parts.chunk_by(|one, other| one.0 == other.0) {
                let part: Vec<Link> = part.iter().map(|(_, link)| *link).collect();
                join(&part, union, joined);
            }
        } else {
            join(&believed, union, joined);
        }
    }
    ghosts
}

fn join(shared: &[Link], union: &mut Union, joined: &mut [Joined]) {
    let Some((first, rest)) = shared.split_first() else { return };
    let mut others = false;
    for link in rest.iter().filter(|link| link.letter != first.letter) {
        union.join(first.letter, link.letter);
        others = true;
    }
    if !others {
        return;
    }
    for link in shared {
        let why = match link.kind {
            // The message that others refer to does not itself say that it belongs there.
            Kind::Own => continue,
            Kind::Reference | Kind::DoubtfulReference => Joined::References,
            Kind::Gmail => Joined::Gmail,
            Kind::Index => Joined::Index,
        };
        let old = &mut joined[link.letter as usize];
        *old = (*old).min(why);
    }
}

/// A Message-ID that several different messages have says nothing. Two of one subject are one that a list changed.
fn is_void(letters: &Letters, owners: &[Link]) -> bool {
    let subject = |link: &Link| letters.all[link.letter as usize].subject;
    match owners {
        [] | [_] => false,
        [first, rest @ ..] => owners.len() > MOST_OWNERS || rest.iter().any(|one| subject(one) != subject(first)),
    }
}

/// Whether mail of so many subjects hangs on one id that it is an old message used as an address book, or a constant.
/// Gmail's own conversations are what they are.
fn is_overused(letters: &Letters, shared: &[Link]) -> bool {
    let referring = shared.iter().filter(|link| link.kind != Kind::Own);
    if shared.len() <= MOST_SUBJECTS || shared.iter().any(|link| link.kind == Kind::Gmail) {
        return false;
    }
    let mut subjects: Vec<u64> = referring.map(|link| letters.all[link.letter as usize].subject).collect();
    let all = subjects.len();
    subjects.sort_unstable();
    subjects.dedup();
    subjects.len() > MOST_SUBJECTS && subjects.len() * 2 > all
}
