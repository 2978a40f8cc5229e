//! Groups that are found anew keep the ids they had (DESIGN section 4a).

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

/// What became of ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reconciled {
    /// The id of each new group.
    pub ids: Vec<i64>,
    /// Ids that no group has now, ascending, and the one that has most of their members, if any has.
    pub retired: Vec<(i64, Option<i64>)>,
}

/// What new groups and old ones have in common.
#[derive(Clone, Debug, Default)]
pub struct Overlap {
    /// Members of each new group.
    pub sizes: Vec<u32>,
    /// Members of each old group, by its id.
    pub old_sizes: BTreeMap<i64, u32>,
    /// Members that a new and an old group share.
    pub shared: HashMap<(usize, i64), u32>,
}

impl Overlap {
    /// Gives each new group the id of the old group with which it shares most members, if that is at least half of the
    /// smaller of the two; others get new ids from `next` on, in their order. One old id goes to one group at most.
    ///
    /// `living` are all old ids that may be retired, ascending. Linear but for the sorting of what is shared.
    pub fn reconcile(self, living: impl IntoIterator<Item = i64>, mut next: i64) -> Reconciled {
        let Overlap { sizes, old_sizes, shared } = self;
        let mut shared: Vec<(u32, usize, i64)> = shared.into_iter().map(|((group, old), n)| (n, group, old)).collect();
        shared.sort_unstable_by_key(|(n, group, old)| (std::cmp::Reverse(*n), *old, *group));
        let mut ids = vec![0i64; sizes.len()];
        let mut heirs: HashMap<i64, usize> = HashMap::default();
        let mut taken: HashSet<i64> = HashSet::default();
        for (n, group, old) in shared {
            heirs.entry(old).or_insert(group);
            let smaller = sizes[group].min(old_sizes.get(&old).copied().unwrap_or(0));
            if ids[group] == 0 && n * 2 >= smaller && taken.insert(old) {
                ids[group] = old;
            }
        }
        for id in ids.iter_mut().filter(|id| **id == 0) {
            *id = next;
            next += 1;
        }
        let gone = living.into_iter().filter(|old| !taken.contains(old));
        let retired = gone.map(|old| (old, heirs.get(&old).map(|group| ids[*group]))).collect();
        Reconciled { ids, retired }
    }
}

/// [`Overlap::reconcile`] where every member is still there: pairs of a new group (from 0) and the old id of the member,
/// if it had one. `groups` is how many new groups there are.
pub fn reconcile(
    groups: usize,
    members: impl Iterator<Item = (usize, Option<i64>)>,
    living: &[i64],
    next: i64,
) -> Reconciled {
    let mut overlap = Overlap { sizes: vec![0; groups], ..Overlap::default() };
    for (group, old) in members {
        overlap.sizes[group] += 1;
        if let Some(old) = old {
            *overlap.old_sizes.entry(old).or_default() += 1;
            *overlap.shared.entry((group, old)).or_default() += 1;
        }
    }
    overlap.reconcile(living.iter().copied(), next)
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
