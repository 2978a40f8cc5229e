//! Joins letters by the ids they share, and finds ids that join what does not belong together.

use super::Joined;
use super::letter::{Kind, Letters, Link};
use foldhash::HashMap;

/// An id that messages of more subjects than this refer to …
const MOST_SUBJECTS: usize = 8;
/// … and that more messages than this have as their own joins nothing.
const MOST_OWNERS: usize = 2;
/// References of one message to messages of more subjects than this are a collection.
const MOST_GATHERED: usize = 3;

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

/// A reference of a letter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Reference {
    letter: u32,
    order: u32,
    /// The letter that has the id.
    owner: Option<u32>,
    /// Number of the id, where nobody has it.
    ghost: u32,
}

/// Joins what shares an id; gives one letter for each id that is referred to and not here.
pub fn link(letters: &mut Letters, union: &mut Union, joined: &mut [Joined]) -> Vec<u32> {
    let mut links = std::mem::take(&mut letters.links);
    links.sort_unstable();
    links.dedup();
    let mut references: Vec<Reference> = Vec::new();
    let mut ghosts: Vec<u32> = Vec::new();
    for shared in links.chunk_by(|one, other| one.key == other.key) {
        match shared[0].kind {
            Kind::Gmail | Kind::Index => join_conversation(letters, shared, union, joined),
            _ => collect(letters, shared, union, &mut references, &mut ghosts),
        }
    }
    drop(links);
    references.sort_unstable();
    let mut first_of_ghost: Vec<Option<u32>> = vec![None; ghosts.len()];
    for of_one in references.chunk_by(|one, other| one.letter == other.letter) {
        for other in believed(letters, of_one, &mut first_of_ghost) {
            union.join(of_one[0].letter, other);
            joined[of_one[0].letter as usize] = Joined::References;
        }
    }
    ghosts.into_iter().filter(|letter| *letter != u32::MAX).collect()
}

/// The references to one id, each with its owner or its ghost; two owners of one subject become one.
fn collect(
    letters: &Letters,
    shared: &[Link],
    union: &mut Union,
    references: &mut Vec<Reference>,
    ghosts: &mut Vec<u32>,
) {
    let owners = shared.iter().take_while(|link| link.kind == Kind::Own).count();
    if is_void(letters, &shared[..owners]) {
        return;
    }
    for link in shared[..owners].iter().skip(1) {
        union.join(shared[0].letter, link.letter);
    }
    let overused = is_overused(letters, shared);
    let subject = |letter: u32| letters.all[letter as usize].subject;
    let mut ghost_of_subject: HashMap<u64, u32> = HashMap::default();
    for link in &shared[owners..] {
        let mut reference = Reference { letter: link.letter, order: link.order, owner: None, ghost: 0 };
        if owners > 0 {
            let own = shared[..owners].iter().any(|one| one.letter == link.letter);
            if own || overused && subject(shared[0].letter) != subject(link.letter) {
                continue;
            }
            reference.owner = Some(shared[0].letter);
        } else if link.kind == Kind::Reference {
            let part = if overused { subject(link.letter) } else { 0 };
            reference.ghost = *ghost_of_subject.entry(part).or_insert_with(|| {
                // What is divided by subject is one message that is not here, all the same.
                ghosts.push(if ghosts_of(shared, link) { link.letter } else { u32::MAX });
                ghosts.len() as u32 - 1
            });
        } else {
            // A word that stands where an id should is one only if a message has it.
            continue;
        }
        references.push(reference);
    }
}

/// Whether this is the first real reference to the id.
fn ghosts_of(shared: &[Link], link: &Link) -> bool {
    shared.iter().find(|one| one.kind == Kind::Reference).is_some_and(|one| one == link)
}

/// The letters to which the references of one letter lead. A message that gathers references of many subjects belongs to
/// the one it answers, which is the last that is here, and does not make one conversation of all.
fn believed(letters: &Letters, of_one: &[Reference], first_of_ghost: &mut [Option<u32>]) -> Vec<u32> {
    let subject = |letter: u32| letters.all[letter as usize].subject;
    let letter = of_one[0].letter;
    let parent = of_one.iter().rev().find_map(|one| one.owner);
    let mut subjects: Vec<u64> = of_one.iter().filter_map(|one| one.owner).map(subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let all = subjects.len() <= MOST_GATHERED;
    let mut found = Vec::new();
    let mut after_parent = true;
    for one in of_one.iter().rev() {
        match one.owner {
            Some(owner) => {
                let near = Some(owner) == parent
                    || subject(owner) == subject(letter)
                    || parent.is_some_and(|parent| subject(owner) == subject(parent));
                if all || near {
                    found.push(owner);
                }
                after_parent = false;
            }
            None if all || after_parent => match first_of_ghost[one.ghost as usize] {
                Some(first) => found.push(first),
                None => first_of_ghost[one.ghost as usize] = Some(letter),
            },
            None => {}
        }
    }
    found.retain(|other| *other != letter);
    found
}

/// Joins the letters of one conversation of Gmail or of Outlook.
fn join_conversation(letters: &Letters, shared: &[Link], union: &mut Union, joined: &mut [Joined]) {
    let subject = |link: &Link| letters.all[link.letter as usize].subject;
    let mut parts: Vec<Link> = shared.to_vec();
    let overused = is_overused(letters, shared);
    if overused {
        parts.sort_unstable_by_key(|link| (subject(link), link.letter));
    }
    for part in parts.chunk_by(|one, other| !overused || subject(one) == subject(other)) {
        let why = if part[0].kind == Kind::Gmail { Joined::Gmail } else { Joined::Index };
        for link in part.iter().filter(|_| part.iter().any(|link| link.letter != part[0].letter)) {
            union.join(part[0].letter, link.letter);
            let old = &mut joined[link.letter as usize];
            *old = (*old).min(why);
        }
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
    if shared.len() <= MOST_SUBJECTS || shared[0].kind == Kind::Gmail {
        return false;
    }
    let referring = shared.iter().filter(|link| link.kind != Kind::Own);
    let mut subjects: Vec<u64> = referring.map(|link| letters.all[link.letter as usize].subject).collect();
    let all = subjects.len();
    subjects.sort_unstable();
    subjects.dedup();
    subjects.len() > MOST_SUBJECTS && subjects.len() * 2 > all
}
