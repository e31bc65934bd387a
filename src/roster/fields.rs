//! What one row says, field by field: the rules that hold whatever the form of the file.

use std::str::Utf8Error;

use super::{Making, Places, Row};
use crate::diagnostic::{Code, Diagnostic, either, nearest};
use crate::source::{Place, Span, code_point, is_hidden};
use crate::vocab::limits::NAME_BYTES;
use crate::vocab::{PrincipalKind, Time};

/// A field of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'t> {
    pub(super) text: &'t str,
    pub(super) span: Span,
}

/// What a row says. An empty field says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields<'t> {
    pub(super) organization: Option<Field<'t>>,
    pub(super) principal: Option<Field<'t>>,
    pub(super) kind: Option<Field<'t>>,
    pub(super) role: Option<Field<'t>>,
    pub(super) from: Option<Field<'t>>,
    pub(super) until: Option<Field<'t>>,
    pub(super) because: Option<Field<'t>>,
    /// The whole row.
    pub(super) span: Span,
}

impl<'t> Fields<'t> {
    /// Puts a field where its column belongs.
    pub(super) fn set(&mut self, column: Column, field: Field<'t>) {
        if field.text.is_empty() {
            return;
        }
        *match column {
            Column::Organization => &mut self.organization,
            Column::Principal => &mut self.principal,
            Column::Kind => &mut self.kind,
            Column::Role => &mut self.role,
            Column::From => &mut self.from,
            Column::Until => &mut self.until,
            Column::Because => &mut self.because,
        } = Some(field);
    }
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Organization,
    Principal,
    Kind,
    Role,
    From,
    Until,
    Because,
}

impl Column {
    /// All of them, in the order in which they are told.
    pub(super) const ALL: [Self; 7] =
        [Self::Organization, Self::Principal, Self::Kind, Self::Role, Self::From, Self::Until, Self::Because];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Principal => "principal",
            Self::Kind => "kind",
            Self::Role => "role",
            Self::From => "from",
            Self::Until => "until",
            Self::Because => "because",
        }
    }

    /// Whether every row says it.
    pub(super) fn is_needed(self) -> bool {
        matches!(self, Self::Organization | Self::Principal | Self::Role)
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// The finding for a name that is no column's.
pub(super) fn unknown(code: Code, place: Place, what: &str, name: &str) -> Diagnostic {
    let finding =
        Diagnostic::new(code, place, format!("there is no {what} `{name}` in a file of assignments"));
    let near = nearest(name, Column::ALL.map(Column::name));
    if !near.is_empty() {
        return finding.help(format!("did you mean {}?", either(&near)));
    }
    let names: Vec<String> = Column::ALL.iter().map(|column| format!("`{}`", column.name())).collect();
    finding.help(format!("they are {}", names.join(", ")))
}

/// A field or line that is no text. The byte is named, for it cannot be shown.
pub(super) fn not_utf8(what: &str, bytes: &[u8], error: Utf8Error, place: Place) -> Diagnostic {
    let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
    Diagnostic::new(
        Code::InvalidUtf8,
        place,
        format!("this {what} is no UTF-8: it has the byte 0x{byte:02X}"),
    )
    .help("save the file as UTF-8: of a spreadsheet, as `CSV UTF-8`")
}

impl Making {
    pub(super) fn place(&self, span: Span) -> Place {
        Place { file: self.roster.file, span }
    }

    pub(super) fn find(&mut self, finding: Diagnostic) {
        self.roster.findings.push(finding);
    }

    /// Adds a row, or says all that is wrong with it.
    pub(super) fn add(&mut self, fields: &Fields<'_>) {
        let before = self.roster.findings.len();
        let organization = self.needed(fields, fields.organization, Column::Organization);
        let principal = self.needed(fields, fields.principal, Column::Principal);
        let role = self.needed(fields, fields.role, Column::Role);
        let kind = fields.kind.map_or(PrincipalKind::Admin, |kind| self.kind(kind));
        let from = fields.from.and_then(|from| self.time(from));
        let until = fields.until.and_then(|until| self.time(until));
        if let Some(because) = fields.because {
            self.hidden(because);
        }
        let (Some(organization), Some(principal), Some(role)) = (organization, principal, role) else {
            return;
        };
        if self.roster.findings.len() > before {
            return;
        }
        let at = |field: Option<Field<'_>>| field.map_or(principal.span, |field| field.span);
        let places = Places {
            organization: organization.span,
            principal: principal.span,
            role: role.span,
            from: at(fields.from),
            until: at(fields.until),
        };
        let row = Row {
            organization: self.share(organization.text),
            role: self.share(role.text),
            principal: self.keep(principal.text),
            because: fields.because.map(|because| self.keep(because.text)),
            kind,
            from,
            until,
            places,
        };
        self.roster.rows.push(row);
    }

    fn needed<'t>(
        &mut self,
        fields: &Fields<'_>,
        field: Option<Field<'t>>,
        column: Column,
    ) -> Option<Field<'t>> {
        let Some(field) = field else {
            let place = self.place(fields.span);
            self.find(Diagnostic::new(Code::BadRow, place, format!("this row says no `{}`", column.name())));
            return None;
        };
        let bytes = field.text.len();
        if bytes > NAME_BYTES {
            let message = format!("a name has at most {NAME_BYTES} bytes, this one has {bytes}");
            let place = self.place(field.span);
            self.find(Diagnostic::new(Code::BadName, place, message).label("too long"));
            return None;
        }
        if field.text.contains('\t') {
            let message = "a tab (U+0009) in a name";
            let place = self.place(field.span);
            self.find(
                Diagnostic::new(Code::HiddenCharacter, place, message)
                    .help("it looks like spaces: write one"),
            );
            return None;
        }
        self.hidden(field).then_some(field)
    }

    /// Whether a field has nothing in it that nobody would see. A string of the language has one line.
    fn hidden(&mut self, field: Field<'_>) -> bool {
        let is_odd = |c: char| is_hidden(c) || c == '\n';
        // A look at the bytes is enough for most.
        let is_plain = field.text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        let Some(odd) = (!is_plain).then(|| field.text.chars().find(|c| is_odd(*c))).flatten() else {
            return true;
        };
        let place = self.place(field.span);
        let finding = if odd == '\n' {
            Diagnostic::new(Code::BadRow, place, "this field has a line end in it")
                .help("a field is one line; is a quote left open?")
        } else {
            let message = format!("this field has a character that nobody sees: {}", code_point(odd));
            Diagnostic::new(Code::HiddenCharacter, place, message).help("write it without")
        };
        self.find(finding);
        false
    }

    fn kind(&mut self, field: Field<'_>) -> PrincipalKind {
        match field.text {
            "person" => return PrincipalKind::Admin,
            "service" => return PrincipalKind::Service,
            _ => {}
        }
        let message = format!("a principal is no `{}`", field.text);
        let finding = Diagnostic::new(Code::BadRow, self.place(field.span), message);
        let near = nearest(field.text, ["person", "service"]);
        self.find(match near.is_empty() {
            true => finding.help("it is a `person` or a `service`; left empty, a person"),
            false => finding.help(format!("did you mean {}?", either(&near))),
        });
        PrincipalKind::Admin
    }

    fn time(&mut self, field: Field<'_>) -> Option<Time> {
        match Time::parse(field.text) {
            Ok(time) => Some(time),
            Err(error) => {
                let message = format!("`{}` is no time: {error}", field.text);
                self.find(Diagnostic::new(Code::BadTime, self.place(field.span), message));
                None
            }
        }
    }
}
