//! Bytes to parts, and through `assemble` to a table: the mirror of `write`. Refuses whatever `write` would not
//! have written; checks form here, and leaves meaning to `assemble`.

use std::ops::Range;
use std::sync::Arc;

use crate::decisions::Decisions;
use crate::table::Table;
use crate::table::layout::Layout;
use crate::table::parts::{
    Assignment, Catalog, Category, Entry, Home, Organization, Parts, Position, Principal, Role, Row, Target,
};
use crate::table::wire::error::{LoadError, Problem, Section};
use crate::table::wire::input::Input;
use crate::vocab::{
    CatalogId, CategoryId, Escalation, Form, OrganizationId, OrganizationKind, PrincipalId, PrincipalKind,
    RoleId, RowId, Shape, Time, Written,
};

/// Where something stands until the explanation is read.
const NOWHERE: Position = Position { file: 0, line: 0, column: 0 };

impl Table {
    /// The table of bytes that [`Table::to_bytes`] gave.
    ///
    /// # Errors
    /// Where the bytes are not exactly what [`Table::to_bytes`] gives for some table; never panics, whatever
    /// they are.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LoadError> {
        // Its checksum first: what was changed on the way is refused before anything is looked at more closely.
        let provenance = Decisions::provenance(bytes)?;
        let decisions = Decisions::from_bytes(bytes)?;
        let (at, provenance) = provenance.ok_or(LoadError::NoProvenance)?;
        let sections = sections(at, provenance)?;
        let mut parts = Parts::default();
        let mut roles_of = Vec::new();
        let mut principals_of = Vec::new();
        for (section, mut input) in sections {
            match section {
                Section::Catalogs => parts.catalogs = input.list(16, catalog)?,
                Section::Organizations => {
                    organizations(&mut input, &mut parts, &mut roles_of, &mut principals_of)?
                }
                Section::Roles => roles(&mut input, &mut parts, &roles_of)?,
                Section::Bits => bits(&mut input, &mut parts)?,
                Section::Principals => principals(&mut input, &mut parts, &principals_of)?,
                Section::Assignments => assignments(&mut input, &mut parts)?,
                Section::Explanation => explanation(&mut input, &mut parts)?,
            }
            input.end()?;
        }
        let table = Self::assemble_with(parts, decisions).map_err(LoadError::Flaw)?;
        table.ok_or(LoadError::OtherDecisions)
    }
}

impl Table {
    /// Where the sections of a table's provenance stand in its file. What is in them is not looked at.
    ///
    /// ```
    /// use rolec::table::{Section, Table};
    ///
    /// let sections = Table::sections(rolec::example::TABLE)?;
    /// assert_eq!((sections.len(), sections[0].0), (7, Section::Catalogs));
    /// assert_eq!(sections[6].1.end, rolec::example::TABLE.len());
    /// # Ok::<(), rolec::table::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// Where it is no file of a table, or one of decisions alone.
    pub fn sections(bytes: &[u8]) -> Result<Vec<(Section, Range<usize>)>, LoadError> {
        let (at, provenance) = Decisions::provenance(bytes)?.ok_or(LoadError::NoProvenance)?;
        let sections = sections(at, provenance)?;
        Ok(sections.into_iter().map(|(section, input)| (section, input.range())).collect())
    }
}

/// Cuts the provenance, which begins somewhere in the file, into its sections.
fn sections(begins: usize, bytes: &[u8]) -> Result<Vec<(Section, Input<'_>)>, LoadError> {
    let mut rest = bytes;
    let mut sections = Vec::with_capacity(Section::ALL.len());
    let mut at = begins;
    for section in Section::ALL {
        let error = |problem| LoadError::Malformed { section, at, problem };
        let (number, after) = rest.split_first_chunk().ok_or(error(Problem::Short))?;
        if u32::from_le_bytes(*number) != section.number() {
            return Err(error(Problem::Number));
        }
        let (length, after) = after.split_first_chunk().ok_or(error(Problem::Short))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| error(Problem::Short))?;
        let (body, after) = after.split_at_checked(length).ok_or(error(Problem::Short))?;
        sections.push((section, Input::new(section, at.saturating_add(12), body)));
        rest = after;
        at = at.saturating_add(12).saturating_add(length);
    }
    if rest.is_empty() {
        Ok(sections)
    } else {
        Err(LoadError::Malformed { section: Section::Explanation, at, problem: Problem::Long })
    }
}

fn catalog(input: &mut Input<'_>) -> Result<Catalog, LoadError> {
    Ok(Catalog {
        id: input.text()?,
        version: input.optional_text()?,
        super_role: input.option(|input| input.u32().map(RoleId))?,
        custom_role_limit: input.option(Input::u32)?,
        is_case_sensitive: input.flag()?,
        categories: input
            .list(4, |input| Ok(Category { id: input.text()?, title: None, doc: None, position: NOWHERE }))?,
        rows: input.list(15, row)?,
        title: None,
        doc: None,
        position: NOWHERE,
    })
}

fn row(input: &mut Input<'_>) -> Result<Row, LoadError> {
    let id = input.text()?;
    let category = CategoryId(input.u32()?);
    let form = input.choice(&[Form::Ladder, Form::Verbs, Form::Flag])?;
    let problem = input.error(Problem::Choice);
    let words = input.list(5, |input| Ok((input.text()?, input.flag()?)))?;
    if form == Form::Flag && !words.is_empty() {
        return Err(problem);
    }
    Ok(Row {
        id,
        category,
        kind: None,
        shape: Shape::with_dropped(form, words),
        only_managed: input.flag()?,
        escalation: escalation(input)?,
        title: None,
        doc: None,
        notes: Vec::new(),
        caveats: Vec::new(),
        position: NOWHERE,
    })
}

fn escalation(input: &mut Input<'_>) -> Result<Escalation, LoadError> {
    Ok(match input.choice(&[0, 1, 2])? {
        0 => Escalation::Nowhere,
        1 => Escalation::Everywhere,
        _ => Escalation::To(input.list(4, |input| input.u32().map(RowId))?.into()),
    })
}

/// Reads the organizations, and how many roles and principals each has.
fn organizations(
    input: &mut Input<'_>,
    parts: &mut Parts,
    roles_of: &mut Vec<usize>,
    principals_of: &mut Vec<usize>,
) -> Result<(), LoadError> {
    parts.organizations = input.list(17, |input| {
        let organization = Organization {
            id: input.text()?,
            kind: input.choice(&[OrganizationKind::Direct, OrganizationKind::Managed])?,
            catalog: CatalogId(input.u32()?),
            title: None,
            doc: None,
            position: NOWHERE,
        };
        roles_of.push(input.u32()? as usize);
        principals_of.push(input.u32()? as usize);
        Ok(organization)
    })?;
    Ok(())
}

fn roles(input: &mut Input<'_>, parts: &mut Parts, roles_of: &[usize]) -> Result<(), LoadError> {
    parts.roles = input.list(13, |input| {
        let id = input.text()?;
        let home = Home::Template(CatalogId(input.u32()?));
        let is_default = input.flag()?;
        role(input, id, home, is_default)
    })?;
    for (index, count) in roles_of.iter().enumerate() {
        let home = Home::Organization(OrganizationId::at(index));
        let mut own = input.each(*count, 8, |input| {
            let id = input.text()?;
            role(input, id, home, false)
        })?;
        parts.roles.append(&mut own);
    }
    Ok(())
}

fn role(input: &mut Input<'_>, id: Box<str>, home: Home, is_default: bool) -> Result<Role, LoadError> {
    Ok(Role {
        id,
        home,
        is_default,
        bases: input.list(4, |input| input.u32().map(RoleId))?,
        bits: Arc::default(),
        title: None,
        doc: None,
        description: None,
        entries: Vec::new(),
        position: NOWHERE,
    })
}

fn bits(input: &mut Input<'_>, parts: &mut Parts) -> Result<(), LoadError> {
    let words: Vec<usize> = parts.catalogs.iter().map(|catalog| Layout::of(&catalog.rows).words()).collect();
    for role in &mut parts.roles {
        let catalog = match role.home {
            Home::Template(catalog) => Some(catalog),
            Home::Organization(of) => parts.organizations.get(of.index()).map(|of| of.catalog),
        };
        let count = catalog.and_then(|catalog| words.get(catalog.index()));
        role.bits = input.words(*count.ok_or_else(|| input.error(Problem::Unknown))?)?.into();
    }
    Ok(())
}

fn principals(input: &mut Input<'_>, parts: &mut Parts, principals_of: &[usize]) -> Result<(), LoadError> {
    for (index, count) in principals_of.iter().enumerate() {
        let mut own = input.each(*count, 5, |input| {
            Ok(Principal {
                organization: OrganizationId::at(index),
                name: input.text()?,
                kind: input.choice(&[PrincipalKind::Admin, PrincipalKind::Service])?,
            })
        })?;
        parts.principals.append(&mut own);
    }
    Ok(())
}

fn assignments(input: &mut Input<'_>, parts: &mut Parts) -> Result<(), LoadError> {
    for index in 0..parts.principals.len() {
        let count = input.count(6)?;
        for _ in 0..count {
            parts.assignments.push(Assignment {
                principal: PrincipalId::at(index),
                role: RoleId(input.u32()?),
                from: input.option(|input| input.i64().map(Time))?,
                until: input.option(|input| input.i64().map(Time))?,
                position: NOWHERE,
                because: None,
            });
        }
    }
    Ok(())
}

fn explanation(input: &mut Input<'_>, parts: &mut Parts) -> Result<(), LoadError> {
    parts.files = input.list(4, Input::text)?;
    for catalog in &mut parts.catalogs {
        (catalog.position, catalog.title, catalog.doc) = described(input)?;
        for category in &mut catalog.categories {
            (category.position, category.title, category.doc) = described(input)?;
        }
        for row in &mut catalog.rows {
            (row.position, row.title, row.doc) = described(input)?;
            row.kind = input.optional_text()?;
            row.notes = input.list(4, Input::text)?;
            row.caveats = input.list(4, Input::text)?;
        }
    }
    for organization in &mut parts.organizations {
        (organization.position, organization.title, organization.doc) = described(input)?;
    }
    for role in &mut parts.roles {
        (role.position, role.title, role.doc) = described(input)?;
        role.description = input.optional_text()?;
        role.entries = input.list(19, entry)?;
    }
    for assignment in &mut parts.assignments {
        assignment.position = position(input)?;
        assignment.because = input.optional_text()?;
    }
    Ok(())
}

/// Position, title, documentation.
type Described = (Position, Option<Box<str>>, Option<Box<str>>);

fn described(input: &mut Input<'_>) -> Result<Described, LoadError> {
    Ok((position(input)?, input.optional_text()?, input.optional_text()?))
}

fn position(input: &mut Input<'_>) -> Result<Position, LoadError> {
    Ok(Position { file: input.u32()?, line: input.u32()?, column: input.u32()? })
}

fn entry(input: &mut Input<'_>) -> Result<Entry, LoadError> {
    let target = match input.choice(&[0, 1, 2])? {
        0 => Target::All,
        1 => Target::Category(CategoryId(input.u32()?)),
        _ => Target::Row(RowId(input.u32()?)),
    };
    Ok(Entry {
        target,
        level: input.text()?,
        position: position(input)?,
        written: input.choice(&[Written::Statement, Written::Line, Written::First, Written::Further])?,
        unconfirmed: input.optional_text()?,
    })
}
