//! Ids of tasks: a task keeps the id under which most of its places were known; what is gone is retired, not forgotten.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Group;
use crate::store::Inventory;

/// Gives every group its id, and retires the tasks that hold no longer.
pub(super) fn assign(inventory: &Inventory, groups: &mut [Group]) -> rusqlite::Result<()> {
    let mut of_place: HashMap<(i64, &str), usize> = HashMap::new();
    for (number, group) in groups.iter().enumerate() {
        for member in &group.members {
            of_place.entry((member.message_id, group.quote_sha256.as_str())).or_insert(number);
        }
    }
    let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
    let mut shared: HashMap<(usize, i64), usize> = HashMap::new();
    inventory.each_task_found(|found| {
        *sizes.entry(found.task_id).or_default() += 1;
        if let Some(number) = of_place.get(&(found.message_id, found.quote_sha256.as_str())) {
            *shared.entry((*number, found.task_id)).or_default() += 1;
        }
    })?;
    let mut pairs: Vec<(usize, i64, usize)> =
        shared.into_iter().map(|((number, task_id), count)| (number, task_id, count)).collect();
    pairs.sort_by_key(|(number, task_id, count)| (std::cmp::Reverse(*count), *task_id, *number));
    let mut taken: HashSet<i64> = HashSet::new();
    let mut ids: Vec<i64> = vec![0; groups.len()];
    for (number, task_id, count) in &pairs {
        let least = groups[*number].members.len().min(sizes[task_id]);
        if ids[*number] == 0 && 2 * count >= least && taken.insert(*task_id) {
            ids[*number] = *task_id;
        }
    }
    let mut next = inventory.last_task_id()?;
    for id in ids.iter_mut().filter(|id| **id == 0) {
        next += 1;
        *id = next;
    }
    for task_id in sizes.keys().filter(|task_id| !taken.contains(task_id)) {
        let into = pairs.iter().find(|(_, old, _)| old == task_id).map_or(0, |(number, ..)| ids[*number]);
        inventory.retire_task(*task_id, into)?;
    }
    for (group, id) in groups.iter_mut().zip(ids) {
        group.task_id = id;
    }
    Ok(())
}
