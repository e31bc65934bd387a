//! Roles in an order in which the bases of each stand before it.

use crate::reference::Held;
use crate::reference::read::Role;

/// The order; none where roles are made from each other.
///
/// `own` says which of a role's bases is of the same list.
pub(super) fn bases_first(roles: &[Role], own: impl Fn(Held) -> Option<usize>) -> Option<Vec<usize>> {
    let mut waits_for: Vec<usize> = Vec::with_capacity(roles.len());
    let mut made_into: Vec<Vec<usize>> = vec![Vec::new(); roles.len()];
    for (at, role) in roles.iter().enumerate() {
        let bases = || role.bases.iter().filter_map(|base| own(*base));
        waits_for.push(bases().count());
        for base in bases() {
            made_into.get_mut(base)?.push(at);
        }
    }
    let mut order: Vec<usize> = (0..roles.len()).filter(|at| waits_for.get(*at) == Some(&0)).collect();
    let mut done = 0;
    while let Some(base) = order.get(done).copied() {
        done += 1;
        for made in made_into.get(base)? {
            let left = waits_for.get_mut(*made)?;
            *left -= 1;
            if *left == 0 {
                order.push(*made);
            }
        }
    }
    (order.len() == roles.len()).then_some(order)
}
