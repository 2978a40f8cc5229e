//! Groups that are found anew keep the ids they had (DESIGN section 4a).

use std::collections::HashMap;

/// What became of ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reconciled {
    /// The id of each new group.
    pub ids: Vec<i64>,
    /// Ids that no group has now, ascending, and the one that has most of their members, if any has.
    pub retired: Vec<(i64, Option<i64>)>,
}

/// Gives each new group the id of the old group with which it shares most members, if that is at least half of the
/// smaller of the two; others get new ids from `next` on, in their order. One old id goes to one group at most.
///
/// `members` are pairs of a new group (from 0) and the old id of the member, if it had one; `living` are all old ids,
/// ascending; `groups` is how many new groups there are. Linear but for the sorting of what is shared.
pub fn reconcile(
    groups: usize,
    members: impl Iterator<Item = (usize, Option<i64>)>,
    living: &[i64],
    mut next: i64,
) -> Reconciled {
    let mut sizes = vec![0u32; groups];
    let mut old_sizes: HashMap<i64, u32> = HashMap::new();
    let mut shared: HashMap<(usize, i64), u32> = HashMap::new();
    for (group, old) in members {
        sizes[group] += 1;
        if let Some(old) = old {
            *old_sizes.entry(old).or_default() += 1;
            *shared.entry((group, old)).or_default() += 1;
        }
    }
    let mut shared: Vec<(u32, usize, i64)> = shared.into_iter().map(|((group, old), n)| (n, group, old)).collect();
    shared.sort_unstable_by_key(|(n, group, old)| (std::cmp::Reverse(*n), *old, *group));
    let mut ids = vec![0i64; groups];
    let mut heirs: HashMap<i64, usize> = HashMap::new();
    let mut taken: HashMap<i64, usize> = HashMap::new();
    for (n, group, old) in shared {
        heirs.entry(old).or_insert(group);
        let smaller = sizes[group].min(old_sizes.get(&old).copied().unwrap_or(0));
        if ids[group] == 0 && n * 2 >= smaller && !taken.contains_key(&old) {
            ids[group] = old;
            taken.insert(old, group);
        }
    }
    for id in ids.iter_mut().filter(|id| **id == 0) {
        *id = next;
        next += 1;
    }
    let retired = living
        .iter()
        .filter(|old| !taken.contains_key(old))
        .map(|old| (*old, heirs.get(old).map(|group| ids[*group])))
        .collect();
    Reconciled { ids, retired }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_with_most_shared_members_keeps_the_id() {
        // Old 7 = {a b c d}, old 9 = {e f}. New: {a b c x}, {d}, {e y z u v}, {w}.
        let members = [
            (0, Some(7)),
            (0, Some(7)),
            (0, Some(7)),
            (0, None),
            (1, Some(7)),
            (2, Some(9)),
            (2, None),
            (2, None),
            (2, None),
            (2, None),
            (3, None),
        ];
        let found = reconcile(4, members.into_iter(), &[7, 9], 10);
        assert_eq!(found.ids, [7, 10, 9, 11], "9 has only one of its two present members' worth, which is all of them");
        assert_eq!(found.retired, []);
        let found = reconcile(1, [(0, Some(7)), (0, Some(7)), (0, Some(9))].into_iter(), &[5, 7, 9], 10);
        assert_eq!((found.ids, found.retired), (vec![7], vec![(5, None), (9, Some(7))]));
    }
}
