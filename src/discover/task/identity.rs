//! Ids of tasks: a task keeps the id under which most of its places were known; what is gone is retired, not forgotten.

use std::collections::HashMap;

use super::Group;
use crate::discover::reconcile::Overlap;
use crate::store::Inventory;

/// Gives every group its id, and retires the tasks that hold no longer.
pub(super) fn assign(inventory: &Inventory, groups: &mut [Group]) -> rusqlite::Result<()> {
    let mut of_place: HashMap<(i64, &str), usize> = HashMap::new();
    for (number, group) in groups.iter().enumerate() {
        for member in &group.members {
            of_place.entry((member.message_id, group.quote_sha256.as_str())).or_insert(number);
        }
    }
    let mut overlap =
        Overlap { sizes: groups.iter().map(|group| group.members.len() as u32).collect(), ..Overlap::default() };
    inventory.each_task_found(|found| {
        *overlap.old_sizes.entry(found.task_id).or_default() += 1;
        if let Some(number) = of_place.get(&(found.message_id, found.quote_sha256.as_str())) {
            *overlap.shared.entry((*number, found.task_id)).or_default() += 1;
        }
    })?;
    let living: Vec<i64> = overlap.old_sizes.keys().copied().collect();
    let named = overlap.reconcile(living, inventory.last_task_id()? + 1);
    for (task_id, into) in named.retired {
        inventory.retire_task(task_id, into.unwrap_or(0))?;
    }
    for (group, id) in groups.iter_mut().zip(named.ids) {
        group.task_id = id;
    }
    Ok(())
}
