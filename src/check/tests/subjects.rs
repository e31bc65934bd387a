//! Whom lines of tests are about: roles, templates and principals by their names, one or several. Asks nothing of what
//! they hold.

use foldhash::{HashMap, HashMapExt as _};
use smallvec::SmallVec;

use crate::check::assignments::other_kind;
use crate::check::names::with_near;
use crate::check::tests::Asker;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, either};
use crate::model::{Claim, RoleRef, Subject};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{Decision, PrincipalKind};

impl Asker<'_, '_> {
    /// What a line says of whom; none where somebody is not known: of a set of whom one is missing nothing is shown.
    pub(super) fn claim(
        &self,
        scope: Scope<'_>,
        line: &ast::Assertion,
        findings: &mut Diagnostics,
    ) -> Option<Claim> {
        let subjects = self.subjects(scope, &line.subjects, findings);
        if !line.is_only {
            let subject = subjects.first().copied().flatten()?;
            return Some(match line.verdict {
                Decision::Allow => Claim::Can(subject),
                Decision::Deny => Claim::Cannot(subject),
            });
        }
        let is_role = |subject: &ast::Subject| matches!(subject, ast::Subject::Role(_));
        let first = line.subjects.first()?;
        if let Some(other) = line.subjects.iter().find(|one| is_role(one) != is_role(first)) {
            let (role, principal) = if is_role(first) { (first, other) } else { (other, first) };
            findings.push(
                Diagnostic::new(
                    Code::MixedSet,
                    scope.at(other.name()),
                    format!(
                        "`{}` is a role and `{}` a principal: `only` lists the ones or the others",
                        scope.name(role.name()),
                        scope.name(principal.name())
                    ),
                )
                .also(scope.at(first.name()), "the first of the list")
                .help("write two lines: `only` for the roles and templates, and `only` for the principals"),
            );
            return None;
        }
        let (mut roles, mut principals) = (Vec::new(), Vec::new());
        for subject in subjects {
            match subject? {
                Subject::Role(role) => roles.push(role),
                Subject::Principal(at) => principals.push(at),
            }
        }
        roles.sort_unstable();
        roles.dedup();
        principals.sort_unstable();
        principals.dedup();
        Some(if is_role(first) { Claim::OnlyRoles(roles) } else { Claim::OnlyPrincipals(principals) })
    }

    /// Those of a list, each that is not known as none. One that is named twice is told.
    pub(super) fn subjects(
        &self,
        scope: Scope<'_>,
        list: &[ast::Subject],
        findings: &mut Diagnostics,
    ) -> SmallVec<[Option<Subject>; 1]> {
        if let [one] = list {
            return SmallVec::from_iter([self.subject(scope, *one, findings)]);
        }
        let mut first: HashMap<Subject, Place> = HashMap::new();
        let mut found = SmallVec::with_capacity(list.len());
        for subject in list {
            let known = self.subject(scope, *subject, findings);
            let place = scope.at(subject.name());
            if let Some(known) = known {
                if let Some(first) = first.get(&known) {
                    let message = format!("`{}` is named twice", scope.name(subject.name()));
                    findings.push(
                        Diagnostic::new(Code::RepeatedBase, place, message)
                            .also(*first, "first here")
                            .help("once is enough"),
                    );
                } else {
                    first.insert(known, place);
                }
            }
            found.push(known);
        }
        found
    }

    pub(super) fn subject(
        &self,
        scope: Scope<'_>,
        subject: ast::Subject,
        findings: &mut Diagnostics,
    ) -> Option<Subject> {
        let lost = self.scene.lost;
        match subject {
            ast::Subject::Principal(principal) => {
                let (text, place) = (scope.name(principal.name), scope.at(principal.name));
                let principals = &self.organization.principals;
                let found = self.principals.get(&*text).copied();
                let known = found.and_then(|index| principals.get(index));
                if let Some(known) = known.filter(|known| known.kind != principal.kind) {
                    let mut finding = other_kind(&text, place, principal.kind, known);
                    if known.kind == PrincipalKind::Service {
                        let before = Place { span: Span::new(place.span.start, place.span.start), ..place };
                        finding = finding.fix(Fix::suggest("write `service` before it", before, "service "));
                    }
                    findings.push(finding);
                }
                if found.is_none() && !lost.may_have_principal(&text) {
                    let message =
                        format!("no assignment of organization `{}` names `{text}`", self.organization.id);
                    let mut finding = Diagnostic::new(Code::UnknownPrincipal, place, message);
                    if self.scene.names.find(&text).is_some() {
                        finding = finding.help(
                            "a quoted string is a principal here; a role is written bare, or `role \"…\"`",
                        );
                    }
                    let known =
                        self.near.get_or_init(|| principals.iter().map(|known| &*known.name).collect());
                    let near = findings.nearest(&text, None, &[known]);
                    if !near.is_empty() {
                        finding = finding.help(format!("did you mean {}?", either(&near)));
                    }
                    for near in near {
                        let text = crate::syntax::quoted(near);
                        finding = finding.fix(Fix::suggest(format!("write {text}"), place, text));
                    }
                    findings.push(finding);
                }
                found.map(Subject::Principal)
            }
            ast::Subject::Role(ast::RoleName { name, .. }) => {
                let (text, place) = (scope.name(name), scope.at(name));
                let found = self.scene.names.find(&text);
                // Without a catalog its templates are not known either: that has had its finding.
                let is_known = self.scene.uses.of(self.opened.input.id).is_some();
                let is_slip = || !findings.nearest(&text, None, &self.scene.names.near()).is_empty();
                if found.is_none()
                    && is_known
                    && !scope.is_garbled(name)
                    && !lost.may_have_role(&text, is_slip)
                {
                    let finding = Diagnostic::new(
                        Code::UnknownRole,
                        place,
                        format!(
                            "organization `{}` has no role `{text}`, and there is no such template",
                            self.organization.id
                        ),
                    );
                    let finding = with_near(finding, &text, place, &self.scene.names.near(), findings);
                    findings.push(finding);
                }
                self.of_catalog(found?, &text, place, findings).map(Subject::Role)
            }
        }
    }

    /// A role or template, where it is one of the organization's catalog: of another one there is nothing to ask.
    fn of_catalog(
        &self,
        found: RoleRef,
        name: &str,
        place: Place,
        findings: &mut Diagnostics,
    ) -> Option<RoleRef> {
        let role = self.roles.get(found)?;
        if role.catalog == self.organization.catalog || self.organization.catalog.0 == u32::MAX {
            return Some(found);
        }
        // One whose own catalog is not known, and a role where the organization is opened with another catalog, have
        // had their findings.
        if role.catalog.0 != u32::MAX && matches!(found, RoleRef::Template(_)) {
            findings.push(
                Diagnostic::new(
                    Code::OtherCatalog,
                    place,
                    format!("`{name}` is of another catalog than this organization"),
                )
                .also(role.place, "declared here"),
            );
        }
        None
    }
}
