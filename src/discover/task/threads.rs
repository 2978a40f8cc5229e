//! Which messages belong together: by `thread_id`, and where there is none by Message-ID, In-Reply-To and References.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

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
    /// Union-find over nodes; the smallest node is the root.
    parents: Vec<u32>,
    addresses: Vec<String>,
}

impl Threads {
    pub fn read(inventory: &Inventory) -> rusqlite::Result<Threads> {
        let mut threads = Threads {
            ids: Vec::new(),
            nodes: Vec::new(),
            at: Vec::new(),
            from: Vec::new(),
            parents: Vec::new(),
            addresses: Vec::new(),
        };
        let mut of_key: HashMap<u64, u32> = HashMap::new();
        let mut of_address: HashMap<String, u32> = HashMap::new();
        inventory.each_task_message(|message| {
            let node = threads.parents.len() as u32;
            threads.parents.push(node);
            let mut keys: Vec<u64> = message.ids.iter().map(|id| key(b'i', id)).collect();
            keys.push(key(b'o', &message.original_id.to_string()));
            keys.extend(message.thread_id.map(|thread| key(b't', &thread.to_string())));
            for key in keys {
                let other = *of_key.entry(key).or_insert(node);
                threads.join(node, other);
            }
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
        for at in 0..threads.nodes.len() {
            threads.nodes[at] = threads.root(threads.nodes[at]);
        }
        Ok(threads)
    }

    fn root(&mut self, node: u32) -> u32 {
        let mut node = node;
        while self.parents[node as usize] != node {
            let above = self.parents[self.parents[node as usize] as usize];
            self.parents[node as usize] = above;
            node = above;
        }
        node
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let (first, last) = (one.min(other), one.max(other));
        self.parents[last as usize] = first;
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

fn key(kind: u8, text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, text).hash(&mut hasher);
    hasher.finish()
}
