//! By what stands before the cursor in its statement: which sort of thing may come next.

use crate::catalog::BUILT_IN;
use crate::ide::completion::{Asked, CompletionKind, text};
use crate::ide::context::{Block, Tok, is_name};
use crate::source::FileId;
use crate::syntax::{Kind, Scope, import_path, quoted};

const TOP: &[(&str, &str)] = &[
    ("organization", "roles, and who holds them"),
    ("template", "a role for every organization"),
    ("forbid", "what nobody may hold together"),
    ("require", "how many must hold something"),
    ("use", "the catalog of this file"),
    ("default template", "a role that comes with the catalog"),
    ("catalog", "what there is to grant"),
];
const ORGANIZATION: &[(&str, &str)] = &[
    ("role", "what its holders may do"),
    ("assign", "a role to principals"),
    ("forbid", "what nobody may hold together"),
    ("require", "how many must hold something"),
    ("test", "what the policy shall mean"),
];
const CATALOG: &[(&str, &str)] = &[
    ("category", "rows that belong together"),
    ("kind", "levels that rows share"),
    ("limit", "how many custom roles"),
    ("super", "the template that changes roles"),
    ("ids", "case-sensitive"),
];
const FORMS: &[(&str, &str)] =
    &[("ladder", "none < … < full"), ("verbs", "every set of the listed verbs"), ("flag", "off or on")];

impl Asked<'_, '_> {
    pub(super) fn statement(&mut self) {
        let context = self.context;
        let statement = context.statement.as_slice();
        // A word at the start of a line may begin the next statement; and does rather than go on with an assignment.
        let may_begin = context.is_first && !statement.is_empty() && !wants_more(statement);
        let is_assigned = may_begin && statement.first().is_some_and(|tok| tok.kind == Kind::Assign);
        if is_assigned && context.block() == Block::Organization {
            self.words(ORGANIZATION);
            return self.within(statement);
        }
        self.within(statement);
        if context.is_whole {
            self.within(&[]);
        }
        if may_begin {
            match context.block() {
                Block::Top => self.top_words(),
                Block::Organization => self.words(ORGANIZATION),
                Block::Catalog => self.words(CATALOG),
                Block::Role => self.role_words(),
                _ => {}
            }
        }
    }

    /// What may come next in a statement.
    fn within(&mut self, statement: &[Tok<'_>]) {
        match self.context.block() {
            Block::Top => self.at_top(statement),
            Block::Organization => self.in_organization(statement),
            Block::Catalog => self.in_catalog(statement),
            Block::Role => self.in_role(statement),
            Block::Grant => self.in_grant(statement),
            Block::Category => self.in_category(statement),
            Block::Options => self.in_options(statement),
            Block::Forbid => self.in_forbid(statement),
            Block::Require => self.in_require(statement),
            Block::Test => self.in_test(statement),
            Block::Cases => self.in_cases(statement),
            Block::Unknown => {}
        }
    }

    fn at_top(&mut self, statement: &[Tok<'_>]) {
        match statement {
            [] => self.top_words(),
            [tok] => match tok.kind {
                Kind::Use => self.uses(),
                Kind::Organization => self.organizations(),
                Kind::Default => self.words(&[("template", "a role that comes with the catalog")]),
                _ => {}
            },
            [first, name] if first.kind == Kind::Use => {
                if !self.context.is_first {
                    self.version(name);
                }
            }
            [first, ..] => match first.kind {
                Kind::Catalog if !said(statement, Kind::Version) => {
                    self.words(&[("version", "of the catalog")]);
                }
                Kind::Organization
                    if !said(statement, Kind::Direct)
                        && !said(statement, Kind::Managed)
                        && !self.has_kind(statement) =>
                {
                    self.words(&[
                        ("direct", "stands alone: rows that are only managed are not there"),
                        ("managed", "from a multi-tenant portal: has every row"),
                    ])
                }
                Kind::Template | Kind::Default => self.role_head(statement),
                Kind::Forbid => self.forbid_head(statement),
                Kind::Require => self.require_head(statement),
                _ => {}
            },
        }
    }

    /// A file has one `use`.
    fn top_words(&mut self) {
        let uses = self.ws.tree(self.file).map(|tree| tree.uses.as_slice()).unwrap_or_default();
        let here = self.context.typed;
        let is_used = uses.iter().any(|member| member.end < here.start || here.end < member.start);
        for word in TOP.iter().filter(|(word, _)| *word != "use" || !is_used) {
            self.words(&[*word]);
        }
    }

    /// Whether another place where an organization is opened says its kind.
    fn has_kind(&self, statement: &[Tok<'_>]) -> bool {
        let Some([lead, id]) = statement.first_chunk() else { return false };
        let name = text(id);
        self.ws.files().iter().any(|file| {
            let (Some(source), Some(tree)) = (self.ws.sources().file(*file), self.ws.tree(*file)) else {
                return false;
            };
            tree.organizations.iter().map(|opened| &opened.head).any(|head| {
                let is_here =
                    *file == self.file && head.start <= lead.span.start && lead.span.start < head.end;
                let id = head.node.id.filter(|_| !is_here && head.node.kind.is_some());
                id.is_some_and(|id| Scope::new(source, *file, head).name(id) == name)
            })
        })
    }

    fn in_organization(&mut self, statement: &[Tok<'_>]) {
        let Some(first) = statement.first() else { return self.words(ORGANIZATION) };
        match first.kind {
            Kind::Role => self.role_head(statement),
            Kind::Forbid => self.forbid_head(statement),
            Kind::Require => self.require_head(statement),
            Kind::Assign => self.assignment(statement),
            _ => {}
        }
    }

    fn assignment(&mut self, statement: &[Tok<'_>]) {
        let Some(last) = statement.last() else { return };
        if !said(statement, Kind::To) {
            match last.kind {
                Kind::Assign | Kind::Role => self.roles(&[]),
                _ => self.words(&[("to", "whom")]),
            }
            return;
        }
        match last.kind {
            Kind::To | Kind::Comma => {
                self.principals(statement, None);
                self.words(&[("service", "a service account")]);
            }
            Kind::Service => self.principals(statement, Some(crate::vocab::PrincipalKind::Service)),
            Kind::From | Kind::Until | Kind::Because => {}
            _ => {
                let clauses = [
                    (Kind::From, ("from", "the first moment")),
                    (Kind::Until, ("until", "the first moment without")),
                    (Kind::Because, ("because", "why")),
                ];
                for (kind, word) in clauses {
                    if !said(statement, kind) {
                        self.words(&[word]);
                    }
                }
            }
        }
    }

    fn role_head(&mut self, statement: &[Tok<'_>]) {
        let names = statement.iter().position(|tok| tok.kind == Kind::From);
        let is_named = statement.iter().any(|tok| is_name(tok.kind) && !is_lead(tok.kind));
        let Some(last) = statement.last() else { return };
        match (names, last.kind) {
            (None, Kind::Default) => self.words(&[("template", "a role that comes with the catalog")]),
            (None, _) if is_named => self.words(&[("from", "what it starts from")]),
            (Some(at), Kind::From | Kind::Comma | Kind::Role) => {
                self.bases(statement);
                if at + 1 == statement.len() {
                    self.words(&[("nothing", "every row at its floor")]);
                }
            }
            _ => {}
        }
    }

    fn forbid_head(&mut self, statement: &[Tok<'_>]) {
        let Some(last) = statement.last() else { return };
        match last.kind {
            Kind::Except | Kind::Comma | Kind::Role => {
                let after = statement.iter().skip_while(|tok| tok.kind != Kind::Except).skip(1);
                let named: Vec<_> = after.filter(|tok| is_name(tok.kind)).map(text).collect();
                let named: Vec<&str> = named.iter().map(|name| &**name).collect();
                self.roles(&named);
            }
            Kind::Forbid => {}
            _ if !said(statement, Kind::Except) => {
                self.words(&[("except", "roles and templates that it passes over")]);
            }
            _ => {}
        }
    }

    fn require_head(&mut self, statement: &[Tok<'_>]) {
        const CLAUSES: [Kind; 4] = [Kind::Except, Kind::From, Kind::Until, Kind::At];
        let Some(last) = statement.last() else { return };
        let clause = statement.iter().rev().find(|tok| CLAUSES.contains(&tok.kind)).map(|tok| tok.kind);
        match (clause, last.kind) {
            (Some(Kind::Except), Kind::Except | Kind::Comma | Kind::Role) => {
                let after = statement.iter().skip_while(|tok| tok.kind != Kind::Except).skip(1);
                let named: Vec<_> = after.filter(|tok| is_name(tok.kind)).map(text).collect();
                let named: Vec<&str> = named.iter().map(|name| &**name).collect();
                self.roles(&named);
            }
            (_, Kind::At) => {
                let counts = [
                    (Kind::Least, ("least", "no fewer people")),
                    (Kind::Most, ("most", "no more people and service accounts")),
                ];
                for (kind, word) in counts {
                    if !said(statement, kind) {
                        self.words(&[word]);
                    }
                }
            }
            (_, Kind::Require | Kind::From | Kind::Until | Kind::Least | Kind::Most) => {}
            _ => {
                let clauses = [
                    (Kind::Least, ("at least", "no fewer people")),
                    (Kind::Most, ("at most", "no more people and service accounts")),
                    (Kind::From, ("from", "the first moment")),
                    (Kind::Until, ("until", "the first moment without")),
                    (Kind::Except, ("except", "roles and templates that it passes over")),
                ];
                for (kind, word) in clauses {
                    if !said(statement, kind) {
                        self.words(&[word]);
                    }
                }
            }
        }
    }

    fn in_catalog(&mut self, statement: &[Tok<'_>]) {
        match statement {
            [] => self.words(CATALOG),
            [tok] => match tok.kind {
                Kind::Limit => self.words(&[("custom-roles", "how many an organization may have")]),
                Kind::Ids => self.words(&[("case-sensitive", "ids that differ by case are different")]),
                Kind::Super => self.templates_of_catalog(),
                _ => {}
            },
            [.., last] if last.kind == Kind::Equals => self.words(FORMS),
            _ => {}
        }
    }

    fn in_category(&mut self, statement: &[Tok<'_>]) {
        let Some(last) = statement.last() else { return };
        let is_without = said(statement, Kind::Without);
        match last.kind {
            Kind::Colon => {
                self.kinds();
                self.words(FORMS);
            }
            Kind::Without => self.dropped(statement),
            Kind::Comma if is_without => self.dropped(statement),
            Kind::Comma | Kind::Less => {}
            _ if said(statement, Kind::Colon) && !is_without => {
                self.words(&[("without", "levels that the row does not offer")]);
            }
            _ => {}
        }
    }

    fn in_options(&mut self, statement: &[Tok<'_>]) {
        match statement {
            [] => {}
            [only] if only.kind == Kind::Only => {
                return self.words(&[("managed", "there in managed organizations only")]);
            }
            [lead, targets @ ..] if lead.kind == Kind::Escalating => return self.targets(targets),
            _ => return,
        }
        let others = self.context.others.iter().filter(|other| other.block() == Block::Options);
        let head = self.context.head(Block::Options).and_then(|head| head.first()).map(|tok| tok.span);
        let here: Vec<Kind> = others
            .filter(|other| other.head().first().map(|tok| tok.span) == head)
            .flat_map(|other| &other.tokens)
            .map(|tok| tok.kind)
            .collect();
        for (kind, word) in [
            (Some(Kind::Escalating), ("escalating", "its holder may come to hold more")),
            (Some(Kind::Only), ("only managed", "there in managed organizations only")),
            (None, ("note", "a remark")),
            (None, ("caveat", "a remark on an allow that may still be refused")),
        ] {
            if kind.is_none_or(|kind| !here.contains(&kind)) {
                self.words(&[word]);
            }
        }
    }

    pub(super) fn role_words(&mut self) {
        self.words(&[("grant", "levels of rows")]);
        let others = &self.context.others;
        let is_said = |tokens: &[Tok<'_>]| tokens.first().is_some_and(|tok| tok.kind == Kind::Description);
        let mut all = others.iter().filter(|other| other.block() == Block::Role);
        if !is_said(&self.context.statement) && !all.any(|other| is_said(&other.tokens)) {
            self.words(&[("description", "what it is for")]);
        }
    }

    fn organizations(&mut self) {
        for organization in self.ws.organizations().filter(|known| !known.id.is_empty()) {
            self.name(
                CompletionKind::Organization,
                &organization.id,
                organization.title.as_deref().map(Into::into),
            );
        }
    }

    /// Catalogs by their ids; in quotes the files that hold one.
    fn uses(&mut self) {
        let Some(ground) = self.ws.ground() else { return };
        let catalogs = &ground.shared().catalogs;
        if self.context.is_quoted {
            let here = self.ws.sources().file(self.file).map(|source| source.name()).unwrap_or_default();
            let mut files: Vec<FileId> = self.ws.files().to_vec();
            files.retain(|file| ground.catalogs_in(*file).len() == 1);
            for file in files {
                let name = self.ws.sources().file(file).map(|source| source.name()).unwrap_or_default();
                let path = relative(here, name);
                // What came with the program has no path.
                if import_path(here, &path) == import_path(name, "") && !name.starts_with("builtin:") {
                    self.push(CompletionKind::File, &path, quoted(&path), None);
                }
            }
            return;
        }
        let known = catalogs.iter().filter(|catalog| ground.find_catalog(&catalog.id).is_some());
        for catalog in known {
            self.name(CompletionKind::Catalog, &catalog.id, catalog.title.as_deref().map(Into::into));
        }
        for built_in in BUILT_IN.iter().filter(|known| ground.find_catalog(known.id).is_none()) {
            self.name(CompletionKind::Catalog, built_in.id, Some("built in".to_owned()));
        }
    }

    fn version(&mut self, name: &Tok<'_>) {
        let Some(ground) = self.ws.ground() else { return };
        let id = ground.find_catalog(&text(name)).or(ground.catalog_of(self.file));
        let catalog = id.and_then(|id| ground.shared().catalogs.get(id.index()));
        if let Some(version) = catalog.and_then(|catalog| catalog.version.as_deref()) {
            self.push(
                CompletionKind::Version,
                version,
                quoted(version),
                Some("the version in use".to_owned()),
            );
        }
    }
}

fn is_lead(kind: Kind) -> bool {
    matches!(kind, Kind::Role | Kind::Template | Kind::Default)
}

pub(super) fn said(statement: &[Tok<'_>], kind: Kind) -> bool {
    statement.iter().any(|tok| tok.kind == kind)
}

/// Whether a statement cannot end where it does.
fn wants_more(statement: &[Tok<'_>]) -> bool {
    let is_open = |kind: Kind| {
        matches!(
            kind,
            Kind::Comma
                | Kind::Colon
                | Kind::Dot
                | Kind::Equals
                | Kind::Less
                | Kind::From
                | Kind::To
                | Kind::Until
                | Kind::Because
                | Kind::Except
                | Kind::Service
        )
    };
    statement.len() < 2 || statement.last().is_some_and(|tok| is_open(tok.kind))
}

/// The path to a file as another names it.
fn relative(from: &str, to: &str) -> String {
    let (from, to) = (import_path(from, ""), import_path(to, ""));
    let folder: Vec<&str> =
        from.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default();
    let target: Vec<&str> = to.split('/').collect();
    let same = folder.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folder.len() - same);
    up.chain(target.into_iter().skip(same)).collect::<Vec<_>>().join("/")
}
