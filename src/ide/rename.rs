//! Another name for a thing, wherever it is named. Refuses, with the reason, what would then not compile or mean
//! something else; what it gives is edits, and it makes none itself.

mod clash;

use crate::catalog::BuiltIn;
use crate::diagnostic::Edit;
use crate::ide::hover::position;
use crate::ide::names::{Named, Sort, name_at};
use crate::ide::references::Target;
use crate::ide::symbol::{Symbol, declared};
use crate::source::{FileId, Place, Provenance, Span};
use crate::syntax::{Kind, is_bare, meaning, quoted, tokens};
use crate::vocab::limits;
use crate::workspace::Workspace;

/// A name that may be given anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// The token, its quotes included.
    pub span: Span,
    /// What it says.
    pub text: String,
}

/// The name at an offset, where it may be given anew.
///
/// # Errors
/// Where there is no name, or one that cannot be changed; with the reason.
pub fn prepare_rename(ws: &Workspace, file: FileId, offset: u32) -> Result<Renamable, String> {
    let (name, _) = renamable(ws, file, offset)?;
    Ok(Renamable { span: name.span, text: name.text.into_owned() })
}

/// The edits that give what is named at an offset another name, by file and place.
///
/// # Errors
/// Where the name cannot be changed, or not to this one; with the reason.
pub fn rename(ws: &Workspace, file: FileId, offset: u32, new_name: &str) -> Result<Vec<Edit>, String> {
    let (name, symbol) = renamable(ws, file, offset)?;
    let new = read(new_name, &symbol)?;
    let target = Target::of(ws, &Named { symbol: Some(symbol.clone()), ..name.clone() });
    let Some(target) = target else { return Err(nothing(&name)) };
    if *new == *name.text {
        return Ok(Vec::new());
    }
    clash::check(ws, &symbol, &name.text, &new)?;
    if let Some(place) = target.stray(ws) {
        return Err(format!(
            "in {} `{}` stands in a statement with a mistake, and may mean this or something else: mend that first",
            position(ws, place),
            name.text
        ));
    }
    let mut edits = Vec::new();
    for (file, found) in target.everywhere(ws) {
        if found.sort == Sort::Path {
            continue;
        }
        clash::exception(ws, &symbol, &found, &new)?;
        let place = Place { file, span: found.span };
        edits.push(Edit { place, text: written(&found, &new) });
    }
    Ok(edits)
}

fn nothing(name: &Named<'_>) -> String {
    format!("`{}` means nothing here", name.text)
}

fn renamable(ws: &Workspace, file: FileId, offset: u32) -> Result<(Named<'_>, Symbol), String> {
    let name = name_at(ws, file, offset).ok_or_else(|| "there is no name here".to_owned())?;
    match name.sort {
        Sort::Level => {
            return Err(format!("`{}` is a level: kinds compare levels by their names", name.text));
        }
        Sort::Path => return Err("a path names a file, and is not renamed with what is in it".to_owned()),
        Sort::Limit => return Err(format!("`{}` is a word of the language", name.text)),
        _ => {}
    }
    let mut symbol = name.symbol.clone().ok_or_else(|| nothing(&name))?;
    if let Symbol::Roles(catalog, id) = &symbol {
        symbol = clash::only_role(ws, *catalog, id)?;
    }
    let is_built_in = |place: &Place| {
        let source = ws.sources().file(place.file);
        ws.ground().is_some_and(|ground| ground.is_built_in(place.file))
            || source.is_some_and(|source| source.provenance() == Provenance::BuiltIn)
    };
    if declared(ws, &symbol).iter().any(is_built_in) {
        return Err(format!("`{}` comes with a built-in catalog", name.text));
    }
    Ok((name, symbol))
}

/// The name that was given: bare, or in quotes.
fn read(given: &str, symbol: &Symbol) -> Result<String, String> {
    let mut all = tokens(given);
    let is_string = matches!((all.next(), all.next()), (Some(one), None) if one.kind == Kind::String);
    if given.starts_with('"') && !is_string {
        return Err(format!("`{given}` is no name: a quote is missing or one too many"));
    }
    let new = if is_string { meaning(given).into_owned() } else { given.to_owned() };
    if new.trim().is_empty() {
        return Err("a name has at least one character".to_owned());
    }
    if new.len() > limits::NAME_BYTES {
        return Err(format!("a name has at most {} bytes, this one has {}", limits::NAME_BYTES, new.len()));
    }
    if matches!(symbol, Symbol::Catalog(_)) {
        if !is_bare(&new) {
            return Err(format!("`use` takes what stands in quotes as a path, and `{new}` would need them"));
        }
        if BuiltIn::find(&new).is_some() {
            return Err(format!("`{new}` is a built-in catalog"));
        }
    }
    Ok(new)
}

/// A name as it is written in the place of another.
fn written(found: &Named<'_>, new: &str) -> String {
    let spelled = if is_bare(new) { new.to_owned() } else { quoted(new) };
    match found.sort {
        Sort::Principal => quoted(new),
        // A kind that is called as a form would be read as one.
        Sort::Kind if matches!(new, "ladder" | "verbs" | "flag") => quoted(new),
        Sort::Role if !is_bare(new) && found.is_subject => format!("role {spelled}"),
        _ => spelled,
    }
}
