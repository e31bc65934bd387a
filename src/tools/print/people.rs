//! Organizations: who holds what, what may never be held together, what the policy asserts of itself.

use crate::catalog::Catalog;
use crate::model::{
    Assertion, Assignment, Claim, Condition, Demand, Forbid, Organization, Principal, Requirement, Subject,
    Test,
};
use crate::syntax::{is_bare, quoted, spelled};
use crate::tools::print::page::Page;
use crate::tools::print::{Printer, by_id, list, named};
use crate::vocab::{PrincipalKind, RowId};

impl<'m> Printer<'m> {
    /// An organization, with an empty line above.
    pub(super) fn organization(&self, catalog: &Catalog, organization: &'m Organization, page: &mut Page) {
        page.gap();
        page.doc(organization.doc.as_deref());
        let name = named(&organization.id, organization.title.as_deref());
        page.block(format!("organization {name} {}", organization.kind), |page| {
            for role in by_id(organization.roles.iter().collect()) {
                self.role(catalog, Some(organization), role, page);
            }
            self.assignments(organization, page);
            forbids(catalog, &organization.forbids.iter().collect::<Vec<_>>(), page);
            requirements(catalog, &organization.requires.iter().collect::<Vec<_>>(), page);
            let test = |test: &Test| {
                let mut page = page.beside();
                page.block(format!("test {}", quoted(&test.title)), |page| {
                    self.assertions(catalog, organization, &test.assertions, page);
                });
                page
            };
            let tests = organization.tests.iter().map(test).collect();
            page.sorted(tests);
        });
    }

    /// One line for each role in a principal's hands, by role, then by principal and time.
    fn assignments(&self, organization: &'m Organization, page: &mut Page) {
        let mut all: Vec<(&Principal, &Assignment)> = Vec::new();
        for principal in &organization.principals {
            all.extend(principal.assignments.iter().map(|assignment| (principal, assignment)));
        }
        all.sort_by_key(|(principal, it)| {
            (
                self.role_name(Some(organization), it.role),
                &principal.name,
                it.from(),
                it.until(),
                it.because(),
            )
        });
        if !all.is_empty() {
            page.gap();
        }
        for (holder, it) in all {
            let mut line = format!(
                "assign {} to {}",
                spelled(self.role_name(Some(organization), it.role)),
                self::principal(holder)
            );
            if let Some(from) = it.from() {
                line.push_str(&format!(" from {from}"));
            }
            if let Some(until) = it.until() {
                line.push_str(&format!(" until {until}"));
            }
            if let Some(because) = it.because() {
                line.push_str(&format!(" because {}", quoted(because)));
            }
            page.line(line);
        }
    }

    /// The lines of a test, in their order. Cells that follow each other are one table, where they fill one.
    fn assertions(
        &self,
        catalog: &Catalog,
        organization: &'m Organization,
        lines: &[Assertion],
        page: &mut Page,
    ) {
        let mut rest = lines;
        while let Some((line, others)) = rest.split_first() {
            let Claim::Exactly(_) = line.claim else {
                page.line(self.assertion(catalog, organization, line));
                rest = others;
                continue;
            };
            let (columns, rows) = table(rest);
            let (cells, others) = rest.split_at_checked(columns * rows).unwrap_or((rest, &[]));
            let subjects = cells.iter().take(columns).flat_map(|cell| cell.claim.named());
            let subjects: Vec<String> = subjects.map(|one| self.subject(organization, one)).collect();
            let at = line.at.map_or_else(String::new, |at| format!(" at {at}"));
            page.block(format!("cases {}{at}", subjects.join(", ")), |page| {
                for row in cells.chunks(columns.max(1)) {
                    let levels: Vec<String> = row.iter().map(|cell| level(&cell.words)).collect();
                    let Some(first) = row.first() else { continue };
                    page.line(format!("{}: {}", self::row(catalog, first.row), levels.join(" | ")));
                }
            });
            rest = others;
        }
    }

    fn subject(&self, organization: &'m Organization, subject: Subject) -> String {
        match subject {
            Subject::Principal(index) => {
                organization.principals.get(index).map(self::principal).unwrap_or_default()
            }
            Subject::Role(id) => {
                let name = self.role_name(Some(organization), id);
                // A quoted string alone is a principal.
                if is_bare(name) { name.to_owned() } else { format!("role {}", quoted(name)) }
            }
        }
    }

    fn assertion(&self, catalog: &Catalog, organization: &'m Organization, line: &Assertion) -> String {
        let named = line.claim.named();
        let mut named: Vec<String> = named.into_iter().map(|one| self.subject(organization, one)).collect();
        let (only, verdict) = match line.claim {
            Claim::OnlyRoles(_) | Claim::OnlyPrincipals(_) => ("only ", "can"),
            Claim::Cannot(_) => ("", "cannot"),
            Claim::Can(_) | Claim::Exactly(_) => ("", "can"),
        };
        named.sort();
        let mut text = format!("{only}{} {verdict} {}", named.join(", "), self::row(catalog, line.row));
        if !line.is_bare {
            text.push_str(&format!(": {}", level(&line.words)));
        }
        if let Some(at) = line.at {
            text.push_str(&format!(" at {at}"));
        }
        text
    }
}

/// How many columns and rows the table has that some cells begin with: the subjects of the first row, and the rows that
/// have a cell for each of them, each once.
fn table(cells: &[Assertion]) -> (usize, usize) {
    let Some(first) = cells.first() else { return (1, 1) };
    let is_cell = |cell: &&Assertion| matches!(cell.claim, Claim::Exactly(_)) && cell.at == first.at;
    let mut seen: Vec<Option<Subject>> = Vec::new();
    for cell in cells.iter().take_while(is_cell).take_while(|cell| cell.row == first.row) {
        // A subject again begins another table.
        if seen.contains(&cell.claim.subject()) {
            break;
        }
        seen.push(cell.claim.subject());
    }
    let columns = seen.len().max(1);
    let mut rows: Vec<RowId> = Vec::new();
    for row in cells.chunks(columns) {
        let Some(id) = row.first().map(|cell| cell.row) else { break };
        let fits = row.len() == columns
            && row.iter().all(|cell| is_cell(&cell) && cell.row == id)
            && row.iter().map(|cell| cell.claim.subject()).eq(seen.iter().copied());
        if !fits || rows.contains(&id) {
            break;
        }
        rows.push(id);
    }
    (columns, rows.len().max(1))
}

/// Forbids, each with an empty line above.
pub(super) fn forbids(catalog: &Catalog, forbids: &[&Forbid], page: &mut Page) {
    let forbid = |forbid: &&Forbid| {
        let mut page = page.beside();
        let mut head = format!("forbid {}", quoted(&forbid.title));
        let mut exceptions: Vec<&str> = forbid.exceptions.iter().map(|id| &**id).collect();
        exceptions.sort_unstable();
        exceptions.dedup();
        if !exceptions.is_empty() {
            head.push_str(&format!(" except {}", list(exceptions)));
        }
        page.block(head, |page| {
            for one in &forbid.conditions {
                page.line(condition(catalog, one));
            }
        });
        page
    };
    let forbids = forbids.iter().map(forbid).collect();
    page.sorted(forbids);
}

/// Requirements, each with an empty line above.
pub(super) fn requirements(catalog: &Catalog, requirements: &[&Requirement], page: &mut Page) {
    let requirement = |it: &&Requirement| {
        let mut page = page.beside();
        let mut head = format!("require {}", quoted(&it.title));
        let bounds = [
            it.from.map(|from| format!(" from {from}")),
            it.until.map(|until| format!(" until {until}")),
            it.least.map(|count| format!(" at least {count}")),
            it.most.map(|count| format!(" at most {count}")),
        ];
        head.extend(bounds.into_iter().flatten());
        let mut exceptions: Vec<&str> = it.exceptions.iter().map(|id| &**id).collect();
        exceptions.sort_unstable();
        exceptions.dedup();
        if !exceptions.is_empty() {
            head.push_str(&format!(" except {}", list(exceptions)));
        }
        page.block(head, |page| {
            for demand in &it.demands {
                page.line(match demand {
                    Demand::Row(one) => condition(catalog, one),
                    Demand::Role(id) => format!("role {}", spelled(id)),
                });
            }
        });
        page
    };
    let requirements = requirements.iter().map(requirement).collect();
    page.sorted(requirements);
}

fn principal(principal: &Principal) -> String {
    let service = if principal.kind == PrincipalKind::Service { "service " } else { "" };
    format!("{service}{}", quoted(&principal.name))
}

/// `CATEGORY.ROW`.
fn row(catalog: &Catalog, id: RowId) -> String {
    let row = catalog.row(id);
    let category = row.and_then(|row| catalog.category(row.category));
    match (category, row) {
        (Some(category), Some(row)) => format!("{}.{}", spelled(&category.id), spelled(&row.id)),
        _ => String::new(),
    }
}

fn condition(catalog: &Catalog, it: &Condition) -> String {
    format!("{}: {}", row(catalog, it.row), level(&it.words))
}

/// A level in its words.
fn level(words: &[Box<str>]) -> String {
    words.iter().map(|word| spelled(word)).collect::<Vec<_>>().join(", ")
}
