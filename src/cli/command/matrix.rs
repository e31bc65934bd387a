//! `matrix`: every row against every role, or every principal.

use std::io::{self, Write};

use crate::cli::args::{Form, Matrix};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::render::{json, matrix};
use crate::table::{Organization, Table};
use crate::tools::ask::{self, Patience, Unasked};
use crate::tools::listing::{self, Column};
use crate::vocab::Period;

pub(crate) fn run(args: &Matrix, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.form().of_failures(), out))
}

fn answer(args: &Matrix, out: &Out) -> Result<Exit, Failure> {
    let period = if args.people { Some(policy::period(&args.times)?) } else { None };
    let table = policy::load_beside(&args.asked, args.output.as_deref(), out)?;
    let matrices = matrices(&table, args, period).map_err(|unasked| Failure::from(&unasked))?;
    let form = args.form();
    is_writable(form, &matrices)?;
    match &args.output {
        None => out.answer(|writer| write(form, &matrices, period, writer))?,
        Some(path) => {
            let mut bytes = Vec::new();
            let written = write(form, &matrices, period, &mut bytes);
            written.map_err(|error| Failure::of(Reason::World, error.to_string()))?;
            files::write(path, &bytes)?;
        }
    }
    Ok(Exit::Clean)
}

fn write(
    form: Form,
    matrices: &[listing::Matrix<'_>],
    period: Option<Period>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match form {
        Form::Human => matrix::text(matrices, out),
        Form::Csv => matrix::csv(matrices, out),
        Form::Markdown => matrix::markdown(matrices, out),
        Form::Json => json::write(&json::Matrices::of(matrices, period), out),
        Form::Html => matrix::html(matrices, out),
    }
}

/// Refuses what a form is not made for: a page that no browser shows, a document that no program holds.
fn is_writable(form: Form, matrices: &[listing::Matrix<'_>]) -> Result<(), Failure> {
    let most = match form {
        Form::Html => 100_000,
        Form::Json => 1_000_000,
        Form::Human | Form::Csv | Form::Markdown => return Ok(()),
    };
    let size: usize = matrices.iter().map(listing::Matrix::size).sum();
    if size <= most {
        return Ok(());
    }
    Err(Failure::of(
        Reason::Usage,
        format!(
            "the matrix has {size} cells, and this form takes {most} at most: narrow it with `--org`, `--category` or \
             `--role`, or write it as `--format csv`, which takes any number"
        ),
    ))
}

/// The matrices of the organizations asked about, with the rows and columns asked for.
fn matrices<'t>(
    table: &'t Table,
    args: &Matrix,
    period: Option<Period>,
) -> Result<Vec<listing::Matrix<'t>>, Unasked> {
    let organizations: Vec<Organization<'t>> = match &args.asked.org {
        Some(id) => vec![ask::organization(table, Some(id))?],
        None => table.organizations().collect(),
    };
    // Without any there is nothing to write, and the sentence says so.
    if organizations.is_empty() {
        ask::organization(table, None)?;
    }
    is_known_in_one(&organizations, args)?;
    // Of several organizations, only those are written that have what was asked for, whoever has it at that time.
    let has_all = |organization: &Organization<'_>| {
        let mut categories = organization.catalog().categories();
        let mut roles = organization.assignable();
        (args.category.is_empty() || categories.any(|it| args.category.iter().any(|id| id == it.id())))
            && (args.role.is_empty() || roles.any(|it| args.role.iter().any(|id| id == it.id())))
    };
    let asked: Vec<Organization<'t>> = match organizations.len() {
        1 => organizations,
        _ => organizations.into_iter().filter(has_all).collect(),
    };
    // Each of them is known somewhere, and an empty page would not say why.
    if asked.is_empty() {
        let message = "no organization has both a role and a category of those that are asked for";
        return Err(Unasked::Malformed(message.to_owned()));
    }
    let mut found = Vec::new();
    for organization in asked {
        let mut matrix = match period {
            None => listing::roles(table, organization),
            Some(period) => listing::people(table, organization, period),
        };
        let is_asked = |names: &[String], name: &str| names.is_empty() || names.iter().any(|one| one == name);
        matrix.rows.retain(|row| is_asked(&args.category, row.category().id()));
        matrix.columns.retain(|column| match column {
            Column::Role(role) => is_asked(&args.role, role.id()),
            Column::Person(person) => {
                args.role.is_empty() || person.roles().any(|(role, _)| is_asked(&args.role, role.id()))
            }
        });
        found.push(matrix);
    }
    Ok(found)
}

/// Each role and category that is named must be one of at least one of the organizations.
fn is_known_in_one(organizations: &[Organization<'_>], args: &Matrix) -> Result<(), Unasked> {
    let whose = match organizations {
        [one] => format!("organization `{}` has", one.id()),
        _ => "no organization has".to_owned(),
    };
    let unknown = |reason, what: &str, name: &str, known: Vec<(&str, Option<&str>)>| {
        let no = if organizations.len() == 1 { "no" } else { "a" };
        let message = format!("{whose} {no} {what} `{name}`");
        Err(Unasked::Unknown { reason, message, near: ask::near(name, known, &Patience::default()) })
    };
    for name in &args.role {
        let known: Vec<_> = organizations
            .iter()
            .flat_map(|organization| organization.assignable())
            .map(|role| (role.id(), role.title()))
            .collect();
        if !known.iter().any(|(id, _)| id == name) {
            return unknown(crate::eval::Reason::UnknownRole, "role", name, known);
        }
    }
    for name in &args.category {
        let known: Vec<_> = organizations
            .iter()
            .flat_map(|organization| organization.catalog().categories())
            .map(|category| (category.id(), category.title()))
            .collect();
        if !known.iter().any(|(id, _)| id == name) {
            return unknown(crate::eval::Reason::UnknownCategory, "category", name, known);
        }
    }
    Ok(())
}
