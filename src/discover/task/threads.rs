//! Where each message stands: its conversation, as `discover/thread` found it, its sender and its time.

use std::collections::HashMap;

use crate::store::Inventory;

/// Where a message stands in the talk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Number of the conversation; means nothing outside this run.
    pub thread: u32,
    /// Unix seconds.
    pub at: Option<i64>,
    /// Number of the sender's address.
    pub from: u32,
}

/// Places of all messages. Holds about 40 bytes a message, and each address once.
pub(super) struct Threads {
    ids: Vec<i64>,
    nodes: Vec<u32>,
    at: Vec<Option<i64>>,
    from: Vec<u32>,
    addresses: Vec<String>,
}

impl Threads {
    pub fn read(inventory: &Inventory) -> rusqlite::Result<Threads> {
        let mut threads =
            Threads { ids: Vec::new(), nodes: Vec::new(), at: Vec::new(), from: Vec::new(), addresses: Vec::new() };
        let mut of_thread: HashMap<i64, u32> = HashMap::new();
        let mut of_address: HashMap<String, u32> = HashMap::new();
        inventory.each_task_message(|message| {
            let next = threads.nodes.len() as u32;
            let node = *of_thread.entry(message.thread_id).or_insert(next);
            let next = threads.addresses.len() as u32;
            let from = *of_address.entry(message.from_address.clone()).or_insert(next);
            if from == next {
                threads.addresses.push(message.from_address);
            }
            threads.ids.push(message.message_id);
            threads.nodes.push(node);
            threads.at.push(message.sent_at.as_deref().and_then(super::seconds));
            threads.from.push(from);
        })?;
        Ok(threads)
    }

    /// Where a present message stands.
    pub fn place(&self, message_id: i64) -> Option<Place> {
        let at = self.ids.binary_search(&message_id).ok()?;
        Some(Place { thread: self.nodes[at], at: self.at[at], from: self.from[at] })
    }

    /// The address of that number.
    pub fn address(&self, number: u32) -> &str {
        self.addresses.get(number as usize).map_or("", String::as_str)
    }
}
