//! Drafts to lines: finds a place for every name and writes everything where it belongs. The same draft gives the same
//! bytes. The mirror of `check`.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::decisions::Decisions;
use crate::decisions::draft::{Draft, TooMany};
use crate::decisions::hash::Keys;
use crate::decisions::line::{Entry, NONE, Named, Organized, Recorded, STEPS, WORDS, Wanted, nobody};
use crate::decisions::lines::{Line, Lines};
use crate::decisions::people::beside;
use crate::decisions::placed::{FirstPlaces, Placed};
use crate::decisions::places::Found;
use crate::decisions::plan::{Counts, Plan};

impl Decisions {
    /// Makes the decisions of a draft.
    ///
    /// # Errors
    /// Where there is more than can be numbered.
    #[doc(hidden)] // what decisions are made from: it carries no promise
    pub fn make(draft: &Draft<'_>) -> Result<Self, TooMany> {
        Self::make_at(draft, None)
    }

    /// The same where it may be known already where its principals stand.
    ///
    /// # Errors
    /// As above.
    #[doc(hidden)] // what decisions are made from: it carries no promise
    pub fn make_at(draft: &Draft<'_>, first: Option<FirstPlaces>) -> Result<Self, TooMany> {
        let permissions = permissions(draft);
        let hashes = |keys: Keys| {
            let names = permissions.keys().map(|name| keys.one(name.as_bytes()));
            let organizations = draft.organizations.iter().map(|name| keys.one(name.as_bytes()));
            [names.collect(), organizations.collect()]
        };
        let of_people = |keys: Keys| {
            let people = draft.people.iter().map(|person| draft.names(person));
            people.map(|[organization, name]| keys.pair(organization, name)).collect()
        };
        let (seed, placed) = Placed::of(first, hashes, of_people).ok_or(TooMany)?;
        let mut texts = Vec::new();
        let names = names(&permissions, &placed.names, &mut texts)?;
        let organizations = organizations(draft, &placed.organizations, &mut texts)?;
        let long = long_names(draft, &placed.people, &mut texts)?;
        let number = |count: usize| u32::try_from(count).map_err(|_| TooMany);
        let counts = Counts {
            seed,
            catalogs: number(draft.catalogs.len())?,
            name_pilots: number(placed.names.pilots.len())?,
            name_places: placed.names.count,
            names: number(names.len())?,
            organization_pilots: number(placed.organizations.pilots.len())?,
            organization_places: placed.organizations.count,
            organizations: number(draft.organizations.len())?,
            pilots: number(placed.people.pilots.len())?,
            places: placed.people.count,
            principals: number(draft.people.len())?,
            bits: number(draft.bits.len())?,
            steps: number(draft.steps.len())?,
            texts: number(texts.len())?,
        };
        let plan = Plan::of(counts).ok_or(TooMany)?;
        let mut lines = Lines::zeros(plan.words / 8);
        let all = lines.bytes_mut();
        all.iter_mut().zip(counts.write()).for_each(|(slot, byte)| *slot = byte);
        let catalogs: Vec<_> = draft.lines_of_catalogs().collect();
        let [name_pilots, organization_pilots, pilots] =
            [&placed.names, &placed.organizations, &placed.people]
                .map(|found| found.pilots.iter().map(|pilot| pilot.to_le()).collect::<Vec<u16>>());
        let starts: Vec<u32> = draft.starts().into_iter().map(u32::to_le).collect();
        let rows: Vec<u32> = draft.people.iter().map(|person| person.row.0.to_le()).collect();
        let bits: Vec<u64> = draft.bits.iter().map(|word| word.to_le()).collect();
        let lists: [&[u8]; 12] = [
            bytemuck::must_cast_slice(&catalogs),
            bytemuck::must_cast_slice(&name_pilots),
            bytemuck::must_cast_slice(&names),
            bytemuck::must_cast_slice(&organization_pilots),
            bytemuck::must_cast_slice(&organizations),
            bytemuck::must_cast_slice(&starts),
            bytemuck::must_cast_slice(&pilots),
            // The lines of principals are written where they belong: they are most of a table.
            &[],
            bytemuck::must_cast_slice(&rows),
            bytemuck::must_cast_slice(&bits),
            bytemuck::must_cast_slice(&draft.steps),
            &texts,
        ];
        for (range, list) in plan.ranges().zip(lists) {
            if let Some(place) = all.get_mut(range).filter(|place| place.len() == list.len()) {
                place.copy_from_slice(list);
            }
        }
        let records = plan.ranges().nth(RECORDS).and_then(|range| all.get_mut(range));
        let records = records.and_then(|bytes| bytemuck::try_cast_slice_mut(bytes).ok());
        write_records(draft, &placed.people, &long, records.unwrap_or_default());
        let print = xxh3_64(lines.bytes());
        Ok(Self { lines, plan, print, certificate: None })
    }
}

/// Which of the lists are the lines of principals.
const RECORDS: usize = 7;

/// Where each permission of one name stands, by catalog: the number of the catalog, the first bit, their count.
type Permissions<'d> = BTreeMap<&'d str, Vec<(u16, (u32, u16))>>;

fn permissions<'d>(draft: &'d Draft<'_>) -> Permissions<'d> {
    let mut all = Permissions::new();
    for (number, catalog) in draft.catalogs.iter().enumerate() {
        for (name, first, count) in &catalog.permissions {
            all.entry(name).or_default().push((number as u16, (*first, *count)));
        }
    }
    all
}

/// What has a place, in the order of the places.
fn by_place<T>(items: impl Iterator<Item = T>, found: &Found) -> Vec<Option<T>> {
    let mut all: Vec<Option<T>> = std::iter::repeat_with(|| None).take(found.count as usize).collect();
    for (item, place) in items.zip(&found.chosen) {
        if let Some(slot) = all.get_mut(*place as usize) {
            *slot = Some(item);
        }
    }
    all
}

/// Where the next text begins.
fn end(texts: &[u8]) -> Result<u32, TooMany> {
    u32::try_from(texts.len()).map_err(|_| TooMany)
}

fn names(permissions: &Permissions<'_>, found: &Found, texts: &mut Vec<u8>) -> Result<Vec<Entry>, TooMany> {
    let mut entries = Vec::new();
    let mut further = Vec::new();
    for named in by_place(permissions.iter(), found) {
        let Some((name, catalogs)) = named else {
            entries.push(Named::nothing());
            continue;
        };
        // The entries of further catalogs stand behind all places, in a row.
        for (at, (catalog, (first, count))) in catalogs.iter().enumerate() {
            let is_head = at == 0;
            let next = if at + 1 < catalogs.len() {
                let next = found.count as usize + further.len() + usize::from(!is_head);
                u32::try_from(next).map_err(|_| TooMany)?
            } else {
                NONE
            };
            let wanted = Wanted::of(*first, *count);
            if is_head {
                entries.push(Named::entry(wanted, *catalog, next, name.len(), end(texts)?));
                texts.extend_from_slice(name.as_bytes());
            } else {
                further.push(Named::entry(wanted, *catalog, next, 0, 0));
            }
        }
    }
    entries.append(&mut further);
    Ok(entries)
}

fn organizations(draft: &Draft<'_>, found: &Found, texts: &mut Vec<u8>) -> Result<Vec<Line>, TooMany> {
    let named = by_place(draft.organizations.iter().enumerate(), found);
    let lines = named.into_iter().map(|organization| {
        let Some((index, name)) = organization else { return Ok(Organized::line(NONE, "", 0).0) };
        let (line, is_long) = Organized::line(index as u32, name, end(texts)?);
        if is_long {
            texts.extend_from_slice(name.as_bytes());
        }
        Ok(line)
    });
    lines.collect()
}

/// Whose names do not fit into a line: the place and where in the texts the names begin, by place.
fn long_names(draft: &Draft<'_>, found: &Found, texts: &mut Vec<u8>) -> Result<Vec<(u32, u32)>, TooMany> {
    let people = draft.people.iter().zip(&found.chosen);
    let long = people.map(|(person, place)| (*place, draft.names(person)));
    let mut long: Vec<(u32, [&[u8]; 2])> = long.filter(|(_, names)| Recorded::is_long(*names)).collect();
    long.sort_unstable_by_key(|(place, _)| *place);
    let texts = long.into_iter().map(|(place, names)| {
        let begins = end(texts)?;
        names.iter().for_each(|name| texts.extend_from_slice(name));
        Ok((place, begins))
    });
    texts.collect()
}

fn write_records(draft: &Draft<'_>, found: &Found, long: &[(u32, u32)], lines: &mut [Line]) {
    let middle = lines.len() / 2;
    let (low, high) = lines.split_at_mut(middle);
    beside(
        draft.people.len(),
        || write_records_from(0, draft, found, long, low),
        || write_records_from(middle, draft, found, long, high),
    );
}

/// The same of the lines from one place on.
fn write_records_from(
    from: usize,
    draft: &Draft<'_>,
    found: &Found,
    long: &[(u32, u32)],
    lines: &mut [Line],
) {
    lines.fill(nobody());
    for ((index, person), place) in (0..).zip(&draft.people).zip(&found.chosen) {
        let line = (*place as usize).checked_sub(from).and_then(|place| lines.get_mut(place));
        let Some(line) = line else { continue };
        let (begins, is_row) = (person.row.0 as usize, person.row.0 & STEPS == 0);
        let words = draft.catalogs.get(usize::from(person.catalog)).map_or(0, |it| it.words as usize);
        let mut bits = [0; WORDS];
        let row = draft.bits.get(begins..begins + words).unwrap_or_default();
        bits.iter_mut().zip(row).for_each(|(word, bits)| *word = *bits);
        let names = draft.names(person);
        let recorded = Recorded {
            principal: index,
            row: person.row.0,
            catalog: person.catalog,
            names,
            bits: (is_row && words <= WORDS).then_some(bits),
        };
        let text = || long.get(long.binary_search_by_key(place, |(place, _)| *place).ok()?);
        let texts = Recorded::is_long(names).then(text).flatten().map_or(0, |(_, begins)| *begins);
        (*line, _) = recorded.line(texts);
    }
}
