//! A table to bytes: the mirror of `read`. Writes what the table holds in the table's order and decides nothing.

use crate::table::Table;
use crate::table::parts::{Assignment, Catalog, Entry, Home, Position, Role, Row, Target};
use crate::table::wire::error::Section;
use crate::table::wire::output::Output;
use crate::vocab::{Escalation, Form, OrganizationKind, PrincipalKind, Written};

impl Table {
    /// The table as bytes, for [`Table::from_bytes`]. The same table gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Output::default();
        for section in Section::ALL {
            let mut body = Output::default();
            self.write(section, &mut body);
            out.u32(section.number());
            out.u64(body.bytes.len() as u64);
            out.bytes.append(&mut body.bytes);
        }
        self.decisions.to_bytes(Some(&out.bytes))
    }

    fn write(&self, section: Section, out: &mut Output) {
        let parts = &self.parts;
        match section {
            Section::Catalogs => out.list(&parts.catalogs, |out, catalog| self.catalog_of_rows(out, catalog)),
            Section::Organizations => self.write_organizations(out),
            Section::Roles => self.write_roles(out),
            Section::Bits => {
                out.each(&parts.roles, |out, role| out.each(&*role.bits, |out, word| out.u64(*word)))
            }
            Section::Principals => out.each(&parts.principals, |out, principal| {
                out.text(&principal.name);
                out.flag(principal.kind == PrincipalKind::Service);
            }),
            Section::Assignments => self.write_assignments(out),
            Section::Explanation => self.write_explanation(out),
        }
    }

    fn catalog_of_rows(&self, out: &mut Output, catalog: &Catalog) {
        out.text(&catalog.id);
        out.optional_text(catalog.version.as_deref());
        out.option(catalog.super_role, |out, role| out.u32(role.0));
        out.option(catalog.custom_role_limit, Output::u32);
        out.flag(catalog.is_case_sensitive);
        out.list(&catalog.categories, |out, category| out.text(&category.id));
        out.list(&catalog.rows, row);
    }

    fn write_organizations(&self, out: &mut Output) {
        out.count(self.parts.organizations.len());
        for (index, organization) in self.parts.organizations.iter().enumerate() {
            out.text(&organization.id);
            out.flag(organization.kind == OrganizationKind::Managed);
            out.u32(organization.catalog.0);
            out.count(self.roles.range(index).len());
            out.count(self.principals.range(index).len());
        }
    }

    fn write_roles(&self, out: &mut Output) {
        out.count(self.templates);
        for role in &self.parts.roles {
            out.text(&role.id);
            if let Home::Template(catalog) = role.home {
                out.u32(catalog.0);
                out.flag(role.is_default);
            }
            out.list(&role.bases, |out, base| out.u32(base.0));
        }
    }

    fn write_assignments(&self, out: &mut Output) {
        for index in 0..self.parts.principals.len() {
            let own = self.parts.assignments.get(self.assignments.range(index)).unwrap_or_default();
            out.list(own, |out, assignment: &Assignment| {
                out.u32(assignment.role.0);
                out.option(assignment.from, |out, time| out.i64(time.0));
                out.option(assignment.until, |out, time| out.i64(time.0));
            });
        }
    }

    fn write_explanation(&self, out: &mut Output) {
        out.list(&self.parts.files, |out, name| out.text(name));
        for catalog in &self.parts.catalogs {
            described(out, catalog.title.as_deref(), catalog.doc.as_deref(), catalog.position);
            for category in &catalog.categories {
                described(out, category.title.as_deref(), category.doc.as_deref(), category.position);
            }
            for row in &catalog.rows {
                described(out, row.title.as_deref(), row.doc.as_deref(), row.position);
                out.optional_text(row.kind.as_deref());
                out.list(&row.notes, |out, note| out.text(note));
                out.list(&row.caveats, |out, caveat| out.text(caveat));
            }
        }
        for organization in &self.parts.organizations {
            described(out, organization.title.as_deref(), organization.doc.as_deref(), organization.position);
        }
        out.each(&self.parts.roles, |out, role: &Role| {
            described(out, role.title.as_deref(), role.doc.as_deref(), role.position);
            out.optional_text(role.description.as_deref());
            out.list(&role.entries, entry);
        });
        out.each(&self.parts.assignments, |out, assignment: &Assignment| {
            position(out, assignment.position);
            out.optional_text(assignment.because.as_deref());
        });
    }
}

fn row(out: &mut Output, row: &Row) {
    out.text(&row.id);
    out.u32(row.category.0);
    out.u8(match row.shape.form() {
        Form::Ladder => 0,
        Form::Verbs => 1,
        Form::Flag => 2,
    });
    out.count(row.shape.words().count());
    for (word, dropped) in row.shape.words() {
        out.text(word);
        out.flag(dropped);
    }
    out.flag(row.only_managed);
    match &row.escalation {
        Escalation::Nowhere => out.u8(0),
        Escalation::Everywhere => out.u8(1),
        Escalation::To(rows) => {
            out.u8(2);
            out.list(rows, |out, row| out.u32(row.0));
        }
    }
}

fn described(out: &mut Output, title: Option<&str>, doc: Option<&str>, at: Position) {
    position(out, at);
    out.optional_text(title);
    out.optional_text(doc);
}

fn position(out: &mut Output, position: Position) {
    out.u32(position.file);
    out.u32(position.line);
    out.u32(position.column);
}

fn entry(out: &mut Output, entry: &Entry) {
    match entry.target {
        Target::All => out.u8(0),
        Target::Category(category) => {
            out.u8(1);
            out.u32(category.0);
        }
        Target::Row(row) => {
            out.u8(2);
            out.u32(row.0);
        }
    }
    out.text(&entry.level);
    position(out, entry.position);
    out.u8(match entry.written {
        Written::Statement => 0,
        Written::Line => 1,
        Written::First => 2,
        Written::Further => 3,
    });
    out.optional_text(entry.unconfirmed.as_deref());
}
