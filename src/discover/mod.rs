//! What only the whole store can tell: duplicates, directions, documents, accounts. Set-wise, in one transaction, and
//! the same whatever was there before.

use crate::store::Inventory;

/// Recomputes everything that follows from the messages together.
///
/// # Errors
/// Those of the store.
pub fn discover(inventory: &Inventory) -> rusqlite::Result<()> {
    inventory.begin()?;
    inventory.find_duplicates()?;
    inventory.find_directions()?;
    inventory.find_attachments_beside()?;
    inventory.find_documents()?;
    inventory.find_mailboxes()?;
    inventory.commit()
}
