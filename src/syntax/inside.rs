//! An edit inside of one member of a text in which nothing is wrong. That member is parsed by itself, and all others
//! stand as they did, some of them a little further on: so neither is the rest of the text cut into tokens again.
//! Gives nothing where that is not sure to be what a parse of the whole text gives.

use crate::source::{FileId, Provenance, SourceFile, Span};
use crate::syntax::again::common_end;
use crate::syntax::ast::{Catalog, File, Member, Organization};
use crate::syntax::parse::parse;
use crate::vocab::limits;

/// What an edit inside of one member did to the places in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    /// What began here or behind it before, the end of the edited member first, is further on now.
    pub(crate) from: u32,
    /// The way from an old place to the new one, in wrapping numbers.
    pub(crate) by: u32,
    /// Where the member starts, before and now.
    pub(crate) start: u32,
    /// Which of its file's organizations it is in.
    pub(crate) organization: usize,
    /// Which of that one's assignments it is, where it is one.
    pub(crate) assignment: Option<usize>,
}

impl Moved {
    /// The member in the earlier text.
    pub(crate) fn before(self) -> Span {
        Span::new(self.start, self.from)
    }

    fn move_members<T>(self, members: &mut [Member<T>]) {
        // They stand in the order of the text: nothing is wrong in it.
        let behind = members.partition_point(|member| member.start < self.from);
        for member in members.get_mut(behind..).unwrap_or_default() {
            member.start = member.start.wrapping_add(self.by);
            member.end = member.end.wrapping_add(self.by);
        }
    }

    fn move_all(self, file: &mut File) {
        let File { uses, catalogs, templates, organizations, forbids, requires, lost: _, unsound } = file;
        self.move_members(uses);
        for catalog in catalogs {
            let Catalog { head, kinds, categories, limits, supers, case_sensitive } = catalog;
            self.move_members(std::slice::from_mut(head));
            self.move_members(kinds);
            self.move_members(categories);
            self.move_members(limits);
            self.move_members(supers);
            self.move_members(case_sensitive);
        }
        self.move_members(templates);
        for organization in organizations {
            let Organization { head, roles, assignments, forbids, requires, tests, nameless_principals: _ } =
                organization;
            self.move_members(std::slice::from_mut(head));
            self.move_members(roles);
            self.move_members(assignments);
            self.move_members(forbids);
            self.move_members(requires);
            self.move_members(tests);
        }
        self.move_members(forbids);
        self.move_members(requires);
        for start in unsound.iter_mut().filter(|start| **start >= self.from) {
            *start = start.wrapping_add(self.by);
        }
    }
}

/// The edited member: what it was, and where it goes.
enum Edited {
    Role,
    Assignment,
    Forbid,
    Requirement,
    Test,
}

/// Makes the tree of a text that of another, which differs from it inside of one member. In the earlier one nothing may have
/// been found. They begin with `same_until` bytes in common. Where it gives nothing, the tree is as it was.
pub(crate) fn parse_inside(
    source: &SourceFile,
    before: &SourceFile,
    tree: &mut File,
    same_until: usize,
) -> Option<Moved> {
    let (old, new) = (before.text(), source.text());
    let is_whole = source.is_read() && source.bad_byte().is_none() && new.len() <= limits::FILE_BYTES;
    if !is_whole || before.bad_byte().is_some() || !tree.lost.is_empty() {
        return None;
    }
    let rest = (old.as_bytes().get(same_until..)?, new.as_bytes().get(same_until..)?);
    let same_at_end = common_end(rest.0, rest.1);
    let number = |number: usize| u32::try_from(number).ok();
    let edit = Span::new(number(same_until)?, number(old.len() - same_at_end)?);
    let by = number(new.len())?.wrapping_sub(number(old.len())?);

    // The one member that has the edit in it, its first and its last byte left as they were.
    let mut organizations = tree.organizations.iter().enumerate();
    let (at, (edited, index, was)) = organizations.find_map(|(at, one)| Some((at, find(one, edit)?)))?;
    if tree.unsound.binary_search(&was.start).is_ok() {
        return None;
    }
    let is = Span::new(was.start, was.end.wrapping_add(by));
    let text = new.get(is.start as usize..is.end as usize)?;
    // What stands behind it goes on with none of its tokens.
    let behind = new.as_bytes().get(is.end as usize);
    if !behind.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'}') {
        return None;
    }
    let alone = format!("{BEFORE}{text}{BEHIND}");
    let start = number(BEFORE.len())?;
    let (mut small, findings) = parse(&SourceFile::new("", alone.into_bytes(), Provenance::Given), FileId(0));
    let inner = small.organizations.pop().filter(|_| small.organizations.is_empty())?;
    // Heads are parsed each time.
    small.unsound.retain(|start| *start > 0);
    let is_alone = findings.is_empty()
        && small == File::default()
        && inner.nameless_principals == 0
        && count(&inner) == 1;
    if !is_alone {
        return None;
    }
    let assignment = matches!(edited, Edited::Assignment).then_some(index);
    let moved = Moved { from: was.end, by, start: was.start, organization: at, assignment };
    let organization = tree.organizations.get_mut(at)?;
    let put = Put { start, is };
    match edited {
        Edited::Role => put.member(&mut organization.roles, index, inner.roles),
        Edited::Assignment => put.member(&mut organization.assignments, index, inner.assignments),
        Edited::Forbid => put.member(&mut organization.forbids, index, inner.forbids),
        Edited::Requirement => put.member(&mut organization.requires, index, inner.requires),
        Edited::Test => put.member(&mut organization.tests, index, inner.tests),
    }?;
    if by != 0 {
        moved.move_all(tree);
    }
    Some(moved)
}

/// What a member is parsed in.
const BEFORE: &str = "organization o {\n";
const BEHIND: &str = "\n}\n";

/// Where a member that was parsed alone belongs.
struct Put {
    start: u32,
    is: Span,
}

impl Put {
    fn member<T>(&self, members: &mut [Member<T>], index: usize, alone: Vec<Member<T>>) -> Option<()> {
        let [member] = <[Member<T>; 1]>::try_from(alone).ok()?;
        // It is all of the text and nothing else.
        let is_it = member.start == self.start
            && member.end.wrapping_sub(self.start) == self.is.end.wrapping_sub(self.is.start);
        let slot = members.get_mut(index).filter(|_| is_it)?;
        *slot = Member { start: self.is.start, end: self.is.end, ..member };
        Some(())
    }
}

/// The member of an organization that an edit is inside of.
fn find(organization: &Organization, edit: Span) -> Option<(Edited, usize, Span)> {
    let role = within(&organization.roles, edit).map(|(index, span)| (Edited::Role, index, span));
    role.or_else(|| within(&organization.assignments, edit).map(|(i, s)| (Edited::Assignment, i, s)))
        .or_else(|| within(&organization.forbids, edit).map(|(i, s)| (Edited::Forbid, i, s)))
        .or_else(|| within(&organization.requires, edit).map(|(i, s)| (Edited::Requirement, i, s)))
        .or_else(|| within(&organization.tests, edit).map(|(i, s)| (Edited::Test, i, s)))
}

fn within<T>(members: &[Member<T>], edit: Span) -> Option<(usize, Span)> {
    // Of one sort they stand in the order of the text, unless one was read aside: then it is not found.
    let after = members.partition_point(|member| member.start < edit.start);
    let index = after.checked_sub(1)?;
    let member = members.get(index)?;
    (member.start < edit.start && edit.end < member.end)
        .then_some((index, Span::new(member.start, member.end)))
}

fn count(organization: &Organization) -> usize {
    organization.roles.len()
        + organization.assignments.len()
        + organization.forbids.len()
        + organization.requires.len()
        + organization.tests.len()
}

#[cfg(test)]
mod tests {
    use super::parse_inside;
    use crate::source::{FileId, Provenance, SourceFile};
    use crate::syntax::again::common_start;
    use crate::syntax::parse;

    const TEXT: &str = "use c
organization o {
    /// One.
    role a \"é\" { grant x.y: on }
    assign a to \"ana\" // hers
    forbid \"f\" { x.y: on }
    require \"r\" at least 1 { x.y: on }
    test \"t\" { a can x.y }
}
organization p { role a { grant x.y: on } }
";

    /// Whether an edit is parsed inside of its member, and always as a parse of the whole text.
    fn is_inside(text: &str, from: &str, to: &str) -> bool {
        let source = |text: String| SourceFile::new("f.role", text.into(), Provenance::Given);
        let (before, after) = (source(text.to_owned()), source(text.replacen(from, to, 1)));
        assert_ne!(before.text(), after.text());
        let (mut tree, findings) = parse(&before, FileId(0));
        assert!(findings.is_empty(), "{findings:?}");
        let earlier = tree.clone();
        let (fresh, wanted) = parse(&after, FileId(0));
        let same_until = common_start(before.text().as_bytes(), after.text().as_bytes());
        match parse_inside(&after, &before, &mut tree, same_until) {
            Some(_) => {
                assert!(wanted.is_empty(), "{from:?} to {to:?}: {wanted:?}");
                assert_eq!(tree, fresh, "{from:?} to {to:?}");
                true
            }
            None => {
                assert_eq!(tree, earlier, "{from:?} to {to:?}");
                false
            }
        }
    }

    #[test]
    fn an_edit_inside_of_a_member() {
        for (from, to) in [
            ("x.y: on }\n    assign", "x.y: off }\n    assign"),
            ("x.y: on }\n    assign", "x.y: on grant z.w: on }\n    assign"),
            ("/// One.", "/// One more."),
            ("\"ana\"", "\"zoe\", \"ana\""),
            ("\"f\" { x.y", "\"f\" { x.yz"),
            ("least 1", "least 20"),
            ("can", "cannot"),
            ("\"é\"", "\"éé\""),
            ("role a { grant x", "role ab from c { grant x"),
        ] {
            assert!(is_inside(TEXT, from, to), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn what_is_no_such_edit() {
        for (from, to) in [
            ("use c", "use d"),
            ("organization o", "organization q"),
            ("// hers", "// his"),
            ("role a", "rola a"),
            ("role a", "test a"),
            ("grant x.y: on }", "grant x.y: on } }"),
            ("grant x.y: on }", "grant x.y: on } role b { }"),
            ("grant x.y: on }", "grant x.y: on // }"),
            ("\"ana\"", "\"ana"),
            ("\"ana\"", "\"ana\"\u{202e}"),
            ("a to", "to"),
            ("    assign", "    role b { }\n    assign"),
            ("role a \"é\"", "role á \"é\""),
        ] {
            assert!(!is_inside(TEXT, from, to), "{from:?} to {to:?}");
        }
    }
}
