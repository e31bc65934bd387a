//! Near names, for "did you mean". A near name is shown, never taken. Knows letters and no meaning: what a name names
//! is not its business.

/// Beyond this many bytes a name is no slip of the hand, and the distance costs its square.
const LONGEST: usize = 128;
/// What stands between the parts of a name.
const PARTED_BY: [char; 3] = ['-', '_', '.'];
/// How many near names are told.
const TOLD: usize = 3;

/// The names of one scope, ready to be searched many times.
#[derive(Clone, Debug, Default)]
pub struct NearNames {
    names: Vec<Candidate>,
    /// Titles of things that are named by id.
    titles: Vec<Titled>,
}

/// A title, and the name of what has it.
#[derive(Clone, Debug)]
struct Titled {
    title: Candidate,
    name: Box<str>,
}

/// A name with what rules it out at a glance.
#[derive(Clone, Debug)]
struct Candidate {
    name: Box<str>,
    /// The name without its case; none where that is the name itself.
    folded: Option<Box<str>>,
    letters: Letters,
}

impl NearNames {
    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Adds titles, each with the name that it leads to.
    pub(crate) fn add_titles<'a>(&mut self, titles: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let titled = |(title, name): (&str, &str)| Titled { title: Candidate::of(title), name: name.into() };
        self.titles.extend(titles.into_iter().map(titled));
    }
}

impl Candidate {
    fn of(name: &str) -> Self {
        let folded = name.to_lowercase();
        let letters = Letters::of(&folded);
        Self { name: name.into(), folded: (folded != name).then(|| folded.into()), letters }
    }
}

impl<'a> FromIterator<&'a str> for NearNames {
    fn from_iter<N: IntoIterator<Item = &'a str>>(names: N) -> Self {
        Self { names: names.into_iter().map(Candidate::of).collect(), titles: Vec::new() }
    }
}

/// The candidates nearest to what was written, best first, at most three; ties by name. A third of the letters
/// may differ, a swap of two neighbours counts once, and a difference of case alone counts least. What is much
/// further than the nearest is left out.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    nearest_at_cost(written, candidates, &mut 0)
}

/// [`nearest`], which adds what it costs, in letters looked at.
pub(crate) fn nearest_at_cost<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    cost: &mut u64,
) -> Vec<&'a str> {
    let mut search = Search::new(written, None);
    for name in candidates {
        let folded = name.to_lowercase();
        search.see(name, &folded, Letters::of(&folded));
    }
    *cost += search.cost;
    search.found()
}

/// Names as one offers them: "`a`", "`a` or `b`", "`a`, `b` or `c`".
pub fn either<N: AsRef<str>>(names: &[N]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        text += match (index, names.len() - index) {
            (0, _) => "",
            (_, 1) => " or ",
            _ => ", ",
        };
        text += &format!("`{}`", name.as_ref());
    }
    text
}

/// A search for what is near to a written name, over one scope or several.
pub(super) struct Search<'w, 'n> {
    written: &'w str,
    /// A name that is no answer, whatever it is near to.
    without: Option<&'w str>,
    folded: String,
    letters: Letters,
    /// Whether it may be a part of a name: no part has what parts are parted by.
    may_be_part: bool,
    pattern: Option<Pattern>,
    /// How many letters may differ.
    allowed: usize,
    /// How many may differ of what is still worth telling.
    bound: usize,
    found: Vec<(usize, &'n str)>,
    /// What the search has cost, in letters looked at.
    pub(super) cost: u64,
}

impl<'w, 'n> Search<'w, 'n> {
    pub(super) fn new(written: &'w str, without: Option<&'w str>) -> Self {
        let folded = written.to_lowercase();
        // Of one or two letters none may differ: every short name would be near every other.
        let allowed = written.chars().count() / 3;
        Self {
            written,
            without,
            letters: Letters::of(&folded),
            may_be_part: written.len() >= 4 && !folded.contains(PARTED_BY),
            pattern: Pattern::of(&folded),
            folded,
            allowed,
            bound: allowed,
            found: Vec::new(),
            cost: 0,
        }
    }

    /// Looks at all names of a scope.
    pub(super) fn scope(&mut self, names: &'n NearNames) {
        for one in &names.names {
            self.see(&one.name, one.folded.as_deref().unwrap_or(&one.name), one.letters);
        }
    }

    /// The names of what has the written word for its title, but for case; else what was found among the names; else
    /// those whose title is near.
    pub(super) fn found_with_titles(mut self, scopes: &[&'n NearNames]) -> (Vec<&'n str>, u64) {
        let titles = || scopes.iter().flat_map(|scope| &scope.titles);
        self.cost += titles().count() as u64;
        let is_same =
            |titled: &&Titled| titled.title.folded.as_deref().unwrap_or(&titled.title.name) == self.folded;
        let without = self.without;
        let mut told: Vec<&'n str> = titles().filter(is_same).map(|titled| &*titled.name).collect();
        told.sort_unstable();
        let mut by_title = Self::new(self.written, None);
        let mut cost = self.cost;
        told.extend(self.found());
        if told.is_empty() {
            for Titled { title, .. } in titles() {
                by_title.see(&title.name, title.folded.as_deref().unwrap_or(&title.name), title.letters);
            }
            cost += by_title.cost;
            for near in by_title.found() {
                told.extend(
                    titles().filter(|titled| *titled.title.name == *near).map(|titled| &*titled.name),
                );
            }
        }
        let mut once: Vec<&'n str> = Vec::with_capacity(TOLD);
        for name in told {
            if once.len() < TOLD && Some(name) != without && !once.contains(&name) {
                once.push(name);
            }
        }
        (once, cost)
    }

    fn see(&mut self, name: &'n str, folded: &str, letters: Letters) {
        self.cost += 1;
        let is_near_in_length = name.len().abs_diff(self.written.len()) <= self.allowed * 4;
        if self.written.len() > LONGEST || !is_near_in_length || name == self.written {
            return;
        }
        if self.without == Some(name) {
            return;
        }
        let mut distance = match self.letters.differ(letters) {
            least if least > self.bound => None,
            _ => Some(self.distance(folded)).filter(|distance| *distance <= self.bound),
        };
        // A part of a name, as in `users` for `manage-users`, is as near as can be told at all.
        if distance.is_none() && self.bound == self.allowed && self.is_part(folded, letters) {
            distance = Some(self.allowed);
        }
        let Some(distance) = distance else { return };
        self.bound = self.bound.min(distance + 1);
        self.found.push((distance, name));
    }

    fn distance(&mut self, other: &str) -> usize {
        if other == self.folded {
            return 0;
        }
        match &self.pattern {
            Some(pattern) if other.is_ascii() => {
                self.cost += other.len() as u64;
                pattern.distance(other)
            }
            _ => {
                self.cost += (other.len() * self.folded.len()) as u64;
                strsim::osa_distance(&self.folded, other)
            }
        }
    }

    fn is_part(&mut self, folded: &str, letters: Letters) -> bool {
        if !self.may_be_part || folded.len() <= self.folded.len() || !letters.contain(self.letters) {
            return false;
        }
        self.cost += folded.len() as u64;
        folded.split(PARTED_BY).any(|part| part == self.folded)
    }

    /// What was found, best first.
    pub(super) fn found(mut self) -> Vec<&'n str> {
        self.found.sort_unstable();
        self.found.dedup();
        let best = self.found.first().map_or(0, |(distance, _)| *distance);
        let near = self.found.into_iter().filter(|(distance, _)| *distance <= best + 1);
        near.take(TOLD).map(|(_, name)| name).collect()
    }
}

/// How long a name is, and which letters it has: two names differ by no less than these do.
#[derive(Clone, Copy, Debug)]
struct Letters {
    count: usize,
    /// A bit a letter; several letters may share one.
    set: u64,
}

impl Letters {
    fn of(text: &str) -> Self {
        let bit = |c: char| 1_u64 << (u32::from(c) % 64);
        Self { count: text.chars().count(), set: text.chars().fold(0, |set, c| set | bit(c)) }
    }

    /// A number that the distance of two names does not go below: each letter that one of them has and the other
    /// lacks was put in, left out or replaced.
    fn differ(self, other: Self) -> usize {
        let lacks = (self.set & !other.set).count_ones().max((other.set & !self.set).count_ones());
        self.count.abs_diff(other.count).max(lacks as usize)
    }

    fn contain(self, other: Self) -> bool {
        other.set & !self.set == 0
    }
}

/// A name of up to 64 ASCII letters, as bits: the columns of the table of distances are worked out as words (Hyyrö
/// 2003, optimal string alignment), a hundred times faster than cell by cell.
struct Pattern {
    /// For each letter, the places where the name has it.
    places: [u64; 128],
    length: usize,
}

impl Pattern {
    fn of(text: &str) -> Option<Self> {
        if !text.is_ascii() || text.is_empty() || text.len() > 64 {
            return None;
        }
        let mut places = [0; 128];
        for (index, byte) in text.bytes().enumerate() {
            if let Some(places) = places.get_mut(usize::from(byte)) {
                *places |= 1 << index;
            }
        }
        Some(Self { places, length: text.len() })
    }

    /// The distance to an ASCII text.
    fn distance(&self, other: &str) -> usize {
        let last = 1_u64 << (self.length - 1);
        let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.length;
        for byte in other.bytes() {
            let here = self.places.get(usize::from(byte)).copied().unwrap_or(0);
            let swapped = ((!diagonal & here) << 1) & before;
            diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | swapped;
            let right = down | !(diagonal | up);
            let left = diagonal & up;
            distance += usize::from(right & last != 0);
            distance -= usize::from(left & last != 0);
            let right = right << 1 | 1;
            up = left << 1 | !(diagonal | right);
            down = right & diagonal;
            before = here;
        }
        distance
    }
}

#[cfg(test)]
mod tests;
