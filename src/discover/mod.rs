//! What only the whole store can tell: duplicates, directions, threads, documents, accounts, tasks, the estate, processes.
//! Set-wise, in one transaction, and the same whatever was there before.

mod document;
mod estate;
mod reconcile;
pub mod step;
mod task;
mod thread;
mod workflow;

use crate::store::Inventory;

/// Recomputes everything that follows from the messages together.
///
/// # Errors
/// Those of the store.
pub fn discover(inventory: &Inventory) -> rusqlite::Result<()> {
    inventory.begin()?;
    inventory.find_duplicates()?;
    let started = std::time::Instant::now();
    let ground = estate::ground(inventory)?;
    let found_ground = started.elapsed();
    inventory.find_directions()?;
    inventory.find_attachments_beside()?;
    // Documents and tasks ask which messages are one conversation.
    thread::find(inventory)?;
    document::find(inventory)?;
    inventory.find_mailboxes()?;
    task::find(inventory)?;
    let started = std::time::Instant::now();
    let copies = inventory.letter_copies()?;
    estate::find(inventory, ground, &copies)?;
    inventory.note_estate_time((found_ground + started.elapsed()).as_millis() as u64)?;
    workflow::find(inventory, &copies)?;
    inventory.commit()
}
