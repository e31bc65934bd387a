//! The policy that is asked, and what its later versions have otherwise. The same in every run.

#[path = "../generate/random.rs"]
mod random;

use std::fmt::Write as _;

use self::random::Random;

/// How large the policy is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) organizations: usize,
    pub(crate) roles: usize,
    pub(crate) principals: usize,
}

/// What a version has otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    First,
    /// One role of each organization, and every hundredth assignment.
    Little,
    /// A line of the template that every role starts from: all roles and all people are concerned.
    Template,
    /// A line of every role, and the dates of every third assignment.
    Much,
    /// Another row stands before those of the catalog, and every third date is another one.
    Catalog,
    /// Not one role is in it that was: other ids, other titles, other cells.
    Roles,
    /// Twenty forbids at the top, which nobody breaks: a role is on one of two sides, and so is a principal.
    Forbids,
    /// The same, and every hundredth principal is on both sides.
    Broken,
}

/// The catalog of the JumpCloud Admin Portal, under a name of its own so that it may be another one later on.
const CATALOG: &str = include_str!("../../policies/jumpcloud/catalog.role");
const DEFAULT_ROLES: &str = include_str!("../../policies/jumpcloud/default-roles.role");

const ROWS: [&str; 6] = [
    "device-management.devices",
    "device-management.remote-assist",
    "monitoring-analytics.reports",
    "command-automation.commands",
    "command-automation.run-command",
    "access-management.multi-factor-authentication",
];
const LEVELS: [[&str; 2]; 6] =
    [["view", "full"], ["none", "full"], ["none", "view"], ["view", "full"], ["off", "on"], ["none", "view"]];

/// The rows of either side, all at `full`: each of one with each of the other is a forbid.
const SIDES: [&[&str]; 2] = [
    &[
        "core-administration.billing-management",
        "core-administration.notification-channels",
        "core-administration.support-access",
        "core-administration.pki-ca-management",
        "core-administration.pki-certificate-management",
    ],
    &[
        "user-management.user-management",
        "groups-management.group-management",
        "saas-and-asset-management.saas-applications",
        "saas-and-asset-management.asset-management",
    ],
];

impl Version {
    fn is_forbidding(self) -> bool {
        matches!(self, Self::Forbids | Self::Broken)
    }

    /// The files of the policy.
    pub(crate) fn files(self, size: Size) -> Vec<(String, String)> {
        let mut catalog = CATALOG.replacen("catalog jumpcloud ", "catalog portal ", 1);
        if self == Self::Catalog {
            let first = "category access-management \"Access Management\" {\n";
            assert!(catalog.contains(first));
            catalog = catalog.replacen(first, &format!("{first}        badges \"Badges\": access\n"), 1);
        }
        let wider = if self == Self::Template { "view" } else { "none" };
        let mut base = format!("use portal\ntemplate base {{ grant application-management: {wider} }}\n");
        if self.is_forbidding() {
            for (one, other) in SIDES[0].iter().flat_map(|one| SIDES[1].iter().map(move |other| (one, other)))
            {
                let _ =
                    writeln!(base, "forbid \"{one} and {other}\" {{\n    {one}: full\n    {other}: full\n}}");
            }
        }
        let default_roles = DEFAULT_ROLES.replacen("use jumpcloud ", "use portal ", 1);
        let mut files = vec![
            ("catalog.role".to_owned(), catalog),
            ("default-roles.role".to_owned(), default_roles),
            ("base.role".to_owned(), base),
        ];
        let mut random = Random(0x5eed);
        for organization in 0..size.organizations {
            let mut text = format!("use portal\norganization o{organization} {{\n");
            for role in 0..size.roles {
                self.role(organization, role, size, &mut text);
            }
            for principal in 0..size.principals {
                self.principal(organization, principal, size, &mut random, &mut text);
            }
            text.push_str("}\n");
            files.push((format!("o{organization}.role"), text));
        }
        files
    }

    fn role(self, organization: usize, role: usize, size: Size, text: &mut String) {
        let id = self.role_id(role);
        let _ = writeln!(text, "    role {id} \"{id} of {organization}\" from base {{");
        let flipped = match self {
            Self::Little => role == 0,
            Self::Much | Self::Roles => true,
            _ => false,
        };
        for (number, row) in ROWS.iter().enumerate() {
            // Each role is another one: its number in bits.
            let is_high = ((role + 1) >> number & 1 == 1) != (flipped && number == 0);
            let _ = writeln!(text, "        grant {row}: {}", LEVELS[number][usize::from(is_high)]);
        }
        if self.is_forbidding() {
            let rows = SIDES[usize::from(role >= size.roles / 2)];
            let _ = writeln!(text, "        grant {}: full", rows[role % rows.len()]);
        }
        text.push_str("    }\n");
    }

    fn role_id(self, role: usize) -> String {
        if self == Self::Roles { format!("role-{role}") } else { format!("r{role}") }
    }

    fn principal(
        self,
        organization: usize,
        principal: usize,
        size: Size,
        random: &mut Random,
        text: &mut String,
    ) {
        let is_on_both = self == Self::Broken && principal.is_multiple_of(100);
        for held in 0..1 + random.below(3) {
            let (mut role, bound) = (random.below(size.roles), random.below(10));
            if self.is_forbidding() {
                let half = size.roles / 2;
                let side = if is_on_both { held % 2 } else { principal % 2 };
                role = role % half + side * half;
            }
            let is_other = match self {
                Self::Little => (principal + held).is_multiple_of(100),
                Self::Much | Self::Catalog => (principal + held).is_multiple_of(3),
                _ => false,
            };
            let until = match (bound, is_other) {
                (0 | 1, false) => " until 2027-01-01",
                (0 | 1, true) => " until 2027-03-01",
                (_, true) => " until 2028-01-01",
                (_, false) => "",
            };
            let id = self.role_id(role);
            let _ = writeln!(text, "    assign {id} to \"p{principal:04}@o{organization}.example\"{until}");
        }
    }
}
