//! Tasks: the same thing asked, however often it lies around, is one; what later mail says of it is its status.
//!
//! Works with ids, times and digests of quotes; words stay in the store. A task is done when a later message of its
//! thread, by the one who is to do it, says or shows so; it is open while it is younger than `open_days`, counted to the
//! newest message; else it is unknown.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::message::Address;
use crate::store::Inventory;
use crate::store::task::{ActionRow, MarkedRow, TaskRow};

mod identity;
mod order;
mod threads;

use order::Orders;
use threads::{Place, Threads};

/// Finds all tasks anew. The result depends on the messages alone; ids stay with messages and quotes.
///
/// # Errors
/// Those of the store.
pub fn find(inventory: &Inventory) -> rusqlite::Result<()> {
    let mut threads = Threads::read(inventory)?;
    let mut groups = group(inventory, &mut threads)?;
    let people = People::read(inventory, &threads, &groups)?;
    let closings = Closings::read(inventory, &threads)?;
    let orders = Orders::read(inventory)?;
    let clock = Clock { end: inventory.export_end()?.as_deref().and_then(seconds), open_days: inventory.open_days()? };
    identity::assign(inventory, &mut groups)?;
    for group in &groups {
        let row = row(group, &threads, &people, &closings, &orders, &clock);
        inventory.put_task(&row)?;
        inventory.clear_task_places(row.task_id)?;
        for member in &group.members {
            inventory.add_task_place(row.task_id, member.message_id, &group.quote_sha256)?;
        }
    }
    Ok(())
}

/// One task: where it stands, the first place being its own.
#[derive(Debug, Default)]
struct Group {
    task_id: i64,
    thread: u32,
    quote_sha256: String,
    members: Vec<Member>,
    /// `draft` or `flagged`; empty for what words ask for.
    kind: &'static str,
}

#[derive(Debug, Clone)]
struct Member {
    message_id: i64,
    /// `None` for a message that is marked as a whole.
    action: Option<ActionRow>,
    /// Unix seconds; unknown ones last.
    at: i64,
}

/// Seconds of `2001-05-14T23:39:00Z`.
fn seconds(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

fn group(inventory: &Inventory, threads: &mut Threads) -> rusqlite::Result<Vec<Group>> {
    let mut by_key: BTreeMap<(u32, &'static str, String), Group> = BTreeMap::new();
    let mut add = |place: Place, kind: &'static str, quote: String, member: Member| {
        let group = by_key.entry((place.thread, kind, quote.clone())).or_insert_with(|| Group {
            thread: place.thread,
            quote_sha256: quote,
            kind,
            ..Group::default()
        });
        // Two equal sentences of one message are one.
        if group.members.iter().all(|known| known.message_id != member.message_id) {
            group.members.push(member);
        }
    };
    inventory.each_action(|action| {
        let Some(place) = threads.place(action.message_id) else { return };
        let quote = action.quote_sha256.clone();
        let member = Member { message_id: action.message_id, at: place.at.unwrap_or(i64::MAX), action: Some(action) };
        add(place, "", quote, member);
    })?;
    for MarkedRow { message_id, kind, quote_sha256 } in inventory.marked_messages()? {
        let Some(place) = threads.place(message_id) else { continue };
        add(place, kind, quote_sha256, Member { message_id, at: place.at.unwrap_or(i64::MAX), action: None });
    }
    let mut groups: Vec<Group> = by_key.into_values().collect();
    for group in &mut groups {
        group.members.sort_by_key(|member| (member.at, member.message_id));
    }
    let ordinal = |group: &Group| group.members[0].action.as_ref().map_or(0, |action| action.ordinal);
    groups.sort_by_key(|group| (group.members[0].message_id, ordinal(group)));
    Ok(groups)
}

/// Who is in the threads that have tasks.
struct People {
    /// Addresses of To by message with an action.
    to: HashMap<i64, Vec<String>>,
    /// Names and addresses by thread in which somebody is only named.
    of_thread: HashMap<u32, Vec<Address>>,
}

impl People {
    fn read(inventory: &Inventory, threads: &Threads, groups: &[Group]) -> rusqlite::Result<People> {
        let first = |group: &Group| group.members[0].action.clone();
        let unresolved: HashSet<u32> = groups
            .iter()
            .filter(|group| {
                first(group)
                    .is_some_and(|one| one.owner_address.is_none() && one.owner != "recipient" && one.owner != "sender")
            })
            .map(|group| group.thread)
            .collect();
        let asking: HashSet<i64> = groups.iter().map(|group| group.members[0].message_id).collect();
        let mut people = People { to: HashMap::new(), of_thread: HashMap::new() };
        inventory.each_task_person(|message_id, name, address, sender| {
            if address.is_empty() {
                return;
            }
            if !sender && asking.contains(&message_id) {
                people.to.entry(message_id).or_default().push(address.to_owned());
            }
            let Some(place) = threads.place(message_id).filter(|place| unresolved.contains(&place.thread)) else {
                return;
            };
            let known = people.of_thread.entry(place.thread).or_default();
            if known.len() < 200 && known.iter().all(|one| one.address != address || one.name != name) {
                known.push(Address { name: name.to_owned(), address: address.to_owned() });
            }
        })?;
        Ok(people)
    }

    /// The only address of the thread that the name fits.
    fn resolve(&self, thread: u32, name: &str) -> Option<String> {
        let mut found: Vec<&str> = self
            .of_thread
            .get(&thread)?
            .iter()
            .filter(|one| one.is_called(name))
            .map(|one| one.address.as_str())
            .collect();
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [one] => Some(one.to_owned()),
            _ => None,
        }
    }
}

/// Answers that close something, by thread, in the order of time.
struct Closings(HashMap<u32, Vec<Answer>>);

struct Answer {
    at: i64,
    message_id: i64,
    from: u32,
    kind: String,
}

impl Closings {
    fn read(inventory: &Inventory, threads: &Threads) -> rusqlite::Result<Closings> {
        let mut all: HashMap<u32, Vec<Answer>> = HashMap::new();
        inventory.each_closing(|row| {
            let Some(place) = threads.place(row.message_id) else { return };
            let Some(at) = place.at else { return };
            let answer = Answer { at, message_id: row.message_id, from: place.from, kind: row.kind };
            all.entry(place.thread).or_default().push(answer);
        })?;
        // "Done" says more than a file that hangs on the same answer.
        let rank = |kind: &str| ["done", "decided", "delivered"].iter().position(|one| *one == kind);
        for answers in all.values_mut() {
            answers.sort_by_key(|one| (one.at, one.message_id, rank(&one.kind)));
        }
        Ok(Closings(all))
    }
}

struct Clock {
    end: Option<i64>,
    open_days: i64,
}

fn row(
    group: &Group,
    threads: &Threads,
    people: &People,
    closings: &Closings,
    orders: &Orders,
    clock: &Clock,
) -> TaskRow {
    let first = &group.members[0];
    let place = threads.place(first.message_id).unwrap_or_default();
    let action = first.action.as_ref();
    let named = action.filter(|one| one.owner != "recipient" && one.owner != "sender" && one.owner_address.is_none());
    let owner_address = named.and_then(|one| people.resolve(group.thread, &one.owner));
    let done = action.and_then(|action| answer(action, owner_address.as_deref(), place, threads, people, closings));
    let age_days = clock.end.zip(place.at).map(|(end, at)| (end - at).max(0) / 86_400);
    let (status, status_why) = match (&done, age_days) {
        (Some(answer), _) => ("done", why(&answer.kind).to_owned()),
        (None, Some(age)) if age < clock.open_days => {
            ("open", "nothing later in this mail says that it is done".to_owned())
        }
        (None, Some(_)) => {
            ("unknown", format!("nothing says that it is done, and it is older than {} days", clock.open_days - 1))
        }
        (None, None) => ("unknown", "the message has no date".to_owned()),
    };
    let from = threads.address(place.from);
    TaskRow {
        task_id: group.task_id,
        message_id: first.message_id,
        ordinal: action.map(|action| action.ordinal),
        kind: group.kind,
        owner_address: if group.kind == "draft" { Some(from.to_owned()) } else { owner_address },
        due: action.and_then(|action| Some(orders.choose(from, &action.mailbox, action.readings.as_ref()?))),
        status,
        status_why,
        status_by: done.map(|answer| (answer.message_id, answer.kind.clone())),
        age_days,
        copies: group.members.len() as i64,
    }
}

fn why(kind: &str) -> &'static str {
    match kind {
        "done" => "a later message of the thread says that it is done",
        "delivered" => "a later message of the thread has something attached",
        _ => "a later message of the thread decides it",
    }
}

/// The first later message of the thread by which the owner is done with it.
fn answer<'a>(
    action: &ActionRow,
    resolved: Option<&str>,
    place: Place,
    threads: &Threads,
    people: &People,
    closings: &'a Closings,
) -> Option<&'a Answer> {
    let asked_at = place.at?;
    let mut owners: Vec<&str> = action.owner_address.as_deref().or(resolved).into_iter().collect();
    if action.owner == "sender" {
        owners.push(threads.address(place.from));
    } else if action.owner == "recipient" && owners.is_empty() {
        owners.extend(people.to.get(&action.message_id).into_iter().flatten().map(String::as_str));
    }
    let fits = |answer: &&Answer| {
        let kind = match answer.kind.as_str() {
            "done" => true,
            "delivered" => action.delivers,
            _ => action.decides,
        };
        kind && answer.at > asked_at && owners.contains(&threads.address(answer.from))
    };
    closings.0.get(&place.thread)?.iter().find(fits)
}
