//! Kinds and the shapes of rows: ladders that begin with `none`, verbs that are no level words, what `without` drops.

use foldhash::{HashMap, HashMapExt as _};

use crate::check::Input;
use crate::check::lost::Lost;
use crate::check::names::{Case, Names, blank, differs, fold, is_blank, looks, offer, taken, with_near};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, nearest};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{Form, LEVEL_WORDS, Shape, limits};

const FORMS: [Form; 3] = [Form::Ladder, Form::Verbs, Form::Flag];

/// The kinds of one catalog.
pub(super) struct Kinds {
    names: Names<usize>,
    shapes: Vec<Levels>,
    /// Whether levels that differ by case are the same level.
    case: Case,
}

/// The levels of a kind or a row.
#[derive(Clone)]
pub(super) struct Levels {
    pub(super) shape: Shape,
    /// Whether they are those that were meant. If not, a finding says why, and what is granted is not held
    /// against them.
    pub(super) is_sound: bool,
}

impl Kinds {
    pub(super) fn check(
        input: &Input<'_>,
        members: &[ast::Member<ast::Kind>],
        case: Case,
        findings: &mut Diagnostics,
    ) -> Self {
        let mut kinds = Self { names: Names::default(), shapes: Vec::new(), case };
        for member in members {
            let scope = Scope::new(input.source, input.id, member);
            let (name, place) = (scope.name(member.node.id), scope.at(member.node.id));
            if is_blank(&name) {
                findings.push(blank("id", "kind", &name, place));
            }
            match kinds.names.declare(&name, kinds.shapes.len(), place, Case::Same) {
                Ok(_) if FORMS.iter().any(|form| fold(&name) == form.word()) => findings.push(
                    Diagnostic::new(Code::BadKind, place, format!("a kind cannot be called `{name}`"))
                        .label("a word of the language: bare, it names no kind")
                        .help("give the kind an id of its own"),
                ),
                Ok(alike) => looks("kind", scope, member.node.id, alike.as_ref(), findings),
                Err(clash) => findings.push(taken("kind", &name, place, &clash)),
            }
            kinds.shapes.push(shape(&scope, &member.node.shape, place, case, findings));
        }
        kinds
    }

    /// The kind of a row by name, and its levels.
    pub(super) fn of_row(
        &self,
        scope: &Scope<'_>,
        row: &ast::Row,
        lost: &Lost,
        findings: &mut Diagnostics,
    ) -> (Box<str>, Levels) {
        let (name, known) = match &row.kind {
            ast::KindRef::Stated(stated, span) => {
                let built = shape(scope, stated, scope.place(*span), self.case, findings);
                (built.shape.form().word().into(), Some(built))
            }
            ast::KindRef::Named(name) => {
                let (text, place) = (scope.name(*name), scope.at(*name));
                // In quotes a word says what it says without them.
                let is_form = text == Form::Flag.word();
                let flag = is_form.then(|| Levels { shape: Shape::new(Form::Flag, [""; 0]), is_sound: true });
                let known = self.names.get(&text).and_then(|index| self.shapes.get(index));
                let known = known.cloned().or(flag);
                if known.is_none() && !scope.is_garbled(*name) && !lost.has(&text) {
                    let finding =
                        Diagnostic::new(Code::UnknownKind, place, format!("there is no kind `{text}`")).help(
                            "a kind is declared as `kind ID = ladder none < view < full`, or stated in place",
                        );
                    let finding = with_near(finding, &text, place, &[self.names.near()], findings);
                    findings.push(finding);
                }
                (text.into(), known)
            }
        };
        let unknown = Levels { shape: Shape::new(Form::Flag, [""; 0]), is_sound: false };
        let Some(mut levels) = known else { return (name, unknown) };
        without(scope, row, &mut levels, findings);
        (name, levels)
    }
}

/// The levels of a kind, as far as they stand.
fn shape(
    scope: &Scope<'_>,
    tree: &ast::Shape,
    place: Place,
    case: Case,
    findings: &mut Diagnostics,
) -> Levels {
    let before = findings.len();
    // What is odd is not wrong: levels that look alike are those that were meant.
    let mut odd = Diagnostics::new();
    let (form, words) = match tree {
        ast::Shape::Flag => return Levels { shape: Shape::new(Form::Flag, [""; 0]), is_sound: true },
        ast::Shape::Ladder(words) => (Form::Ladder, words),
        ast::Shape::Verbs(words) => (Form::Verbs, words),
    };
    let mut upward = words.clone();
    if let (Form::Ladder, [first, .., last]) = (form, &**words)
        && scope.name(*last) == "none"
        && scope.name(*first) != "none"
    {
        upward.reverse();
        let steps: Vec<&str> = upward.iter().map(|word| scope.text(word.span)).collect();
        let all = scope.place(first.span.to(last.span));
        findings.push(
            Diagnostic::new(Code::BadKind, all, "a ladder goes up: it begins with `none`").fix(Fix::suggest(
                "turn it round",
                all,
                steps.join(" < "),
            )),
        );
    }
    let words = &upward;
    let mut seen: Names<()> = Names::default();
    let mut kept: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let (text, at) = (scope.name(*word).into_owned(), scope.at(*word));
        if let (Some(first), _) = seen.meet(&text, case) {
            findings.push(if *first.name == *text {
                Diagnostic::new(Code::BadKind, at, format!("`{text}` is listed twice"))
                    .also(first.place, "first here")
            } else {
                taken("level", &text, at, &first)
            });
            continue;
        }
        let folded = fold(&text);
        let close = LEVEL_WORDS.into_iter().find(|known| *known == folded && *known != text);
        if let Some(known) = close.filter(|_| case == Case::Same) {
            let message = format!("level `{text}` {}", differs(&text, known));
            let finding = Diagnostic::new(Code::DuplicateName, at, message)
                .label(format!("`{known}` is a word of the language"));
            let is_end = (known == "none" && index == 0) || (known == "full" && index + 1 == words.len());
            findings.push(match form == Form::Ladder && is_end {
                true => finding.fix(Fix::suggest(format!("write `{known}`"), at, known)),
                false => finding.help("give the level another name"),
            });
            continue;
        }
        let wrong = match (form, text.as_str()) {
            (_, blank) if is_blank(blank) => Some("a level has at least one character that can be seen"),
            (Form::Ladder, "none") if index > 0 => Some("`none` is the bottom of a ladder"),
            (Form::Ladder, "full") if index + 1 < words.len() => Some("`full` is the top of a ladder"),
            (_, "off" | "on") => Some("`off` and `on` are the levels of a flag"),
            (Form::Verbs, "none" | "full") => {
                Some("`none` and `full` are the bottom and top of every kind, no verbs")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let message = match is_blank(&text) {
                true => "a level without a name cannot stand here".to_owned(),
                false => format!("`{text}` cannot stand here"),
            };
            let finding = Diagnostic::new(Code::BadKind, at, message).label(wrong);
            findings.push(match text.as_str() {
                "none" if form == Form::Ladder => finding.fix(none_first(scope, words, case)),
                _ => finding,
            });
            continue;
        }
        if let Ok(alike) = seen.declare(&text, (), at, case) {
            looks("level", *scope, *word, alike.as_ref(), &mut odd);
        }
        kept.push(text);
    }
    if form == Form::Ladder {
        if let Some(first) = words.first().filter(|first| scope.name(**first) != "none") {
            let at = scope.at(*first);
            if !words.iter().any(|word| is_none(&scope.name(*word), case)) {
                findings.push(
                    Diagnostic::new(Code::BadKind, at, "a ladder begins with `none`")
                        .help("a row that cannot be withheld drops it: `ID: KIND without none`")
                        .fix(Fix::suggest(
                            "write `none <` before it",
                            Place { span: Span::new(at.span.start, at.span.start), ..at },
                            "none < ",
                        )),
                );
            }
            kept.insert(0, "none".to_owned());
        } else if words.len() == 1 {
            findings.push(Diagnostic::new(
                Code::BadKind,
                place,
                "a ladder has at least one step above `none`",
            ));
        }
    }
    if kept.len() > limits::ROW_ACTIONS {
        findings.push(Diagnostic::new(
            Code::TooManyActions,
            place,
            format!(
                "a kind has at most {} levels or verbs, this one has {}",
                limits::ROW_ACTIONS,
                kept.len()
            ),
        ));
        kept.truncate(limits::ROW_ACTIONS);
    }
    let is_sound = findings.len() == before;
    findings.append(odd);
    Levels { shape: Shape::new(form, kept), is_sound }
}

/// Whether a word is the bottom of every kind, or differs from it by nothing that counts.
fn is_none(word: &str, case: Case) -> bool {
    word == "none" || (case == Case::Same && fold(word) == "none")
}

/// A ladder that has `none`, with that as its bottom.
fn none_first(scope: &Scope<'_>, words: &[ast::Name], case: Case) -> Fix {
    let steps = words.iter().filter(|word| !is_none(&scope.name(**word), case));
    let steps = steps.fold("none".to_owned(), |ladder, word| ladder + " < " + scope.text(word.span));
    let first = words.first().map_or(Span::default(), |word| word.span);
    let all = words.last().map_or(first, |last| first.to(last.span));
    Fix::suggest(format!("write `{steps}`"), scope.place(all), steps)
}

fn without(scope: &Scope<'_>, row: &ast::Row, levels: &mut Levels, findings: &mut Diagnostics) {
    let shape = &mut levels.shape;
    let Some(first) = row.without.first() else { return };
    let all = scope.place(row.without.iter().fold(first.span, |span, word| span.to(word.span)));
    if shape.form() == Form::Flag {
        findings.push(
            Diagnostic::new(Code::BadWithout, all, "a flag is off or on and can drop neither")
                .help("take `without` away"),
        );
        return;
    }
    let mut seen: HashMap<String, Place> = HashMap::new();
    for word in row.without.iter().filter(|word| !scope.is_garbled(**word)) {
        let (text, at) = (scope.name(*word).into_owned(), scope.at(*word));
        if let Some(earlier) = seen.get(&text) {
            findings.push(
                Diagnostic::new(Code::BadWithout, at, format!("`{text}` is dropped twice"))
                    .also(*earlier, "first here"),
            );
        } else if shape.form() == Form::Verbs && text == "none" {
            findings.push(Diagnostic::new(
                Code::BadWithout,
                at,
                "a row of verbs cannot drop `none`: the empty set is always there",
            ));
        } else if !shape.drop_word(&text) {
            let known: Vec<String> = shape.words().map(|(word, _)| format!("`{word}`")).collect();
            let finding = Diagnostic::new(Code::BadWithout, at, format!("the kind has no `{text}` to drop"))
                .label(format!("it has {}", known.join(", ")));
            let words: Vec<&str> = shape.words().map(|(word, _)| word).collect();
            findings.push(offer(finding, at, &nearest(&text, words)));
        }
        seen.entry(text).or_insert(at);
    }
    // Above `none`: a ladder that keeps its floor only offers nothing to choose, but still something to hold.
    if shape.width() == 0 {
        levels.is_sound = false;
        findings.push(
            Diagnostic::new(
                Code::NothingOffered,
                all,
                format!("row `{}` offers nothing above `none`", scope.name(row.id)),
            )
            .label("all is dropped")
            .help("leave at least one level, or take the row out"),
        );
    }
}
