//! `show`: a role as the admin form has it.

use crate::cli::args::{Format, Show};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::render::{json, sheet};
use crate::table::{Organization, Role, Table};
use crate::tools::ask::{self, Patience, Unasked};
use crate::tools::explain;

pub(crate) fn run(args: &Show, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &Show, out: &Out) -> Result<Exit, Failure> {
    let name = policy::role(&args.role)?;
    let table = policy::load(&args.asked, out)?;
    let (role, organization) =
        find(&table, args.asked.org.as_deref(), &name).map_err(|unasked| Failure::from(&unasked))?;
    let shown = explain::sheet(role, organization);
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::Shown::of(&table, &shown), writer),
        Format::Human => sheet::sheet(&table, &shown, writer),
    })?;
    Ok(Exit::Clean)
}

/// A role of the organization; a template for the organization where one is named, else by itself. Without
/// `--org`, a role that only one organization has is that one.
fn find<'t>(
    table: &'t Table,
    org: Option<&str>,
    name: &str,
) -> Result<(Role<'t>, Option<Organization<'t>>), Unasked> {
    let template = table.template(name).and_then(|key| table.role_view(key));
    if let (None, Some(template)) = (org, template) {
        return Ok((template, None));
    }
    if org.is_none() {
        let mut having = table.organizations().filter_map(|organization| {
            let role = table.role(organization.key(), name).and_then(|key| table.role_view(key))?;
            Some((role, Some(organization)))
        });
        match (having.next(), having.next()) {
            (Some(only), None) => return Ok(only),
            (None, _) => {
                let known = table.organizations().flat_map(Organization::roles).chain(table.templates());
                let message = match table.organizations().next() {
                    None => format!("the policy has no organization, and there is no template `{name}`"),
                    Some(_) => format!("no organization has a role `{name}`, and there is no such template"),
                };
                return Err(unknown_role(name, message, known));
            }
            _ => {}
        }
    }
    let organization = ask::organization(table, org)?;
    let found = table.role(organization.key(), name).and_then(|key| table.role_view(key));
    found.map(|role| (role, Some(organization))).ok_or_else(|| {
        let message = format!(
            "organization `{}` has no role `{name}`, and there is no such template",
            organization.id()
        );
        unknown_role(name, message, organization.assignable())
    })
}

fn unknown_role<'t>(name: &str, message: String, known: impl Iterator<Item = Role<'t>>) -> Unasked {
    Unasked::Unknown {
        reason: crate::eval::Reason::UnknownRole,
        message,
        near: ask::near(name, known.map(|role| (role.id(), role.title())), &Patience::default()),
    }
}
