//! What a user of the library sees, read from the sources: modules, types, functions, constants and methods that are
//! reached from the root by `pub` and not hidden, each with its documentation. Sees macros as they are written: what
//! one makes is one item, named `$name`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::rust::{File, Token};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Module,
    Type,
    Function,
    Constant,
    Use,
    Impl,
    /// A macro that is called.
    Call,
}

/// An item as it is written.
struct Written {
    kind: Kind,
    name: String,
    docs: String,
    is_public: bool,
    is_hidden: bool,
    /// The macro that makes it.
    of_macro: Option<String>,
    /// From behind its name to its body.
    head: Range<usize>,
    /// What stands between its braces.
    body: Range<usize>,
}

struct Module<'f> {
    file: &'f File,
    items: Vec<Written>,
}

/// Modules by their path from the root.
pub(crate) struct Crate<'f>(BTreeMap<Vec<String>, Module<'f>>);

/// An item that a user of the library sees.
pub(crate) struct Public {
    pub(crate) kind: Kind,
    /// The module where it is seen, as `table::view`; empty for the root.
    pub(crate) module: String,
    pub(crate) name: String,
    /// The documentation; with a module's own lines.
    pub(crate) docs: String,
    /// Its methods and constants: name and documentation.
    pub(crate) members: Vec<(String, String)>,
}

impl<'f> Crate<'f> {
    /// The crate whose root is `lib.rs` among the files.
    pub(crate) fn read(files: &'f [File]) -> Self {
        let mut modules = BTreeMap::new();
        let mut open: Vec<Vec<String>> = vec![Vec::new()];
        while let Some(path) = open.pop() {
            let places = match path.join("/") {
                root if root.is_empty() => vec!["lib.rs".to_owned()],
                path => vec![format!("{path}.rs"), format!("{path}/mod.rs")],
            };
            let file = files.iter().find(|file| places.contains(&file.name));
            let file = file.unwrap_or_else(|| panic!("no file for the module {path:?}"));
            let items = items(file, 0..file.tokens.len(), None);
            for item in items.iter().filter(|item| item.kind == Kind::Module) {
                if !item.body.is_empty() {
                    assert!(!item.is_public, "{}: mod {} has no file of its own", file.name, item.name);
                    continue;
                }
                open.push(path.iter().chain([&item.name]).cloned().collect());
            }
            modules.insert(path, Module { file, items });
        }
        Self(modules)
    }

    /// All that is seen, once each.
    pub(crate) fn seen(&self) -> Vec<Public> {
        let mut found = Vec::new();
        let mut known = BTreeSet::new();
        let mut open: Vec<Vec<String>> = vec![Vec::new()];
        while let Some(path) = open.pop() {
            let module = &self.0[&path];
            for item in module.items.iter().filter(|item| item.is_public && !item.is_hidden) {
                let here = path.join("::");
                match item.kind {
                    Kind::Use => {
                        for (target, name) in imports(module.file, item.head.clone()) {
                            let Some((at, index)) = self.resolve(&path, &target) else {
                                panic!("{}: where does `{}` lead?", module.file.name, target.join("::"))
                            };
                            if !self.0[&at].items[index].is_hidden && known.insert((at.clone(), index)) {
                                found.push(self.public(&at, index, here.clone(), name));
                            }
                        }
                    }
                    Kind::Impl | Kind::Call => {}
                    Kind::Module | Kind::Type | Kind::Function | Kind::Constant => {
                        let index = module.items.iter().position(|other| std::ptr::eq(other, item)).unwrap();
                        if known.insert((path.clone(), index)) {
                            found.push(self.public(&path, index, here, item.name.clone()));
                        }
                        if item.kind == Kind::Module {
                            open.push(path.iter().chain([&item.name]).cloned().collect());
                        }
                    }
                }
            }
        }
        found.sort_by(|a, b| (&a.module, &a.name).cmp(&(&b.module, &b.name)));
        found
    }

    fn public(&self, at: &[String], index: usize, module: String, name: String) -> Public {
        let item = &self.0[at].items[index];
        let mut docs = item.docs.clone();
        let mut members = Vec::new();
        if item.kind == Kind::Module {
            let path: Vec<String> = at.iter().chain([&item.name]).cloned().collect();
            docs.extend(self.0[&path].file.tokens.iter().filter_map(|token| match token {
                Token::FileDoc(text) => Some(format!("{text}\n")),
                _ => None,
            }));
        } else if item.kind == Kind::Type {
            for (path, module) in &self.0 {
                for one in module.items.iter().filter(|item| item.kind == Kind::Impl) {
                    if self.implemented(path, one).iter().any(|of| of.0 == at && of.1 == index) {
                        let own = items(module.file, one.body.clone(), None);
                        let own = own.into_iter().filter(|it| it.is_public && !it.is_hidden);
                        members.extend(own.map(|it| (it.name, it.docs)));
                    }
                }
            }
        }
        Public { kind: item.kind, module, name, docs, members }
    }

    /// The types that an `impl` is of: one, or where a macro writes it each that the macro is called with.
    fn implemented(&self, path: &[String], item: &Written) -> Vec<(Vec<String>, usize)> {
        let here = self.resolve(path, &item.name.split("::").map(str::to_owned).collect::<Vec<_>>());
        if here.is_some() || !item.name.starts_with('$') {
            return here.into_iter().collect();
        }
        let mut found = Vec::new();
        for (path, module) in &self.0 {
            for call in module.items.iter().filter(|it| Some(&it.name) == item.of_macro.as_ref()) {
                let first = module.file.word(call.body.start).map(str::to_owned);
                found.extend(first.and_then(|first| self.resolve(path, &[first])));
            }
        }
        found
    }

    /// The item that a path leads to from a module: where it is written, and which of the items there it is.
    fn resolve(&self, from: &[String], path: &[String]) -> Option<(Vec<String>, usize)> {
        let (name, way) = path.split_last()?;
        let mut at = from.to_vec();
        for step in way {
            match step.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()?),
                step => at.push(step.to_owned()),
            }
        }
        let module = self.0.get(&at)?;
        let is_named =
            |item: &Written| item.name == *name && !matches!(item.kind, Kind::Use | Kind::Impl | Kind::Call);
        if let Some(index) = module.items.iter().position(is_named) {
            return Some((at, index));
        }
        let uses = module.items.iter().filter(|item| item.kind == Kind::Use);
        let mut named = uses.flat_map(|item| imports(module.file, item.head.clone()));
        let (target, _) = named.find(|(target, alias)| alias == name && target != path)?;
        self.resolve(&at, &target)
    }
}

/// The items of a run of tokens, those that a macro writes among them; without what is for tests only.
fn items(file: &File, range: Range<usize>, of_macro: Option<&str>) -> Vec<Written> {
    let mut found = Vec::new();
    let mut at = range.start;
    let (mut docs, mut is_hidden, mut is_test) = (String::new(), false, false);
    while at < range.end {
        match &file.tokens[at] {
            Token::Doc(text) => docs += &format!("{text}\n"),
            Token::Sign('#') if file.is(at + 1, '[') => {
                let end = closed(file, at + 1);
                match file.word(at + 2) {
                    Some("doc") if file.word(at + 4) == Some("hidden") => is_hidden = true,
                    Some("doc") => {
                        let texts = file.tokens[at..end].iter().map(|token| match token {
                            Token::Text(text) => text.as_str(),
                            // `stringify!($name)`: the name as it is here.
                            Token::Sign('$') => "$",
                            Token::Word(word) if !matches!(word.as_str(), "doc" | "concat" | "stringify") => {
                                word
                            }
                            _ => "",
                        });
                        docs.extend(texts);
                        docs.push('\n');
                    }
                    Some("cfg") if file.word(at + 4) == Some("test") => is_test = true,
                    _ => {}
                }
                at = end;
                continue;
            }
            Token::Sign('#') if file.is(at + 1, '!') => {
                at = closed(file, at + 2);
                continue;
            }
            Token::Word(_) => {
                let (end, written) = item(file, at, of_macro);
                if let (Some(mut item), false) = (written, is_test) {
                    if item.kind == Kind::Call && item.name == "macro_rules" {
                        let name = file.word(at + 2).map(str::to_owned);
                        for arrow in item.body.clone().filter(|at| file.is(*at, '=') && file.is(*at + 1, '>'))
                        {
                            let body = arrow + 3..closed(file, arrow + 2) - 1;
                            found.extend(items(file, body, name.as_deref()));
                        }
                    } else {
                        (item.docs, item.is_hidden) = (std::mem::take(&mut docs), is_hidden);
                        found.push(item);
                    }
                }
                at = end;
                (docs, is_hidden, is_test) = (String::new(), false, false);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The item that begins with a word, and where it ends.
fn item(file: &File, start: usize, of_macro: Option<&str>) -> (usize, Option<Written>) {
    let mut at = start;
    let mut is_public = false;
    if file.word(at) == Some("pub") {
        at += 1;
        is_public = !file.is(at, '(');
        if !is_public {
            at = closed(file, at);
        }
    }
    while matches!(file.word(at), Some("unsafe" | "async" | "extern"))
        || file.word(at) == Some("const") && file.word(at + 1) == Some("fn")
        || matches!(file.tokens.get(at), Some(Token::Text(_)))
    {
        at += 1;
    }
    let kind = match file.word(at) {
        Some("mod") => Kind::Module,
        Some("struct" | "enum" | "union" | "trait" | "type") => Kind::Type,
        Some("fn") => Kind::Function,
        Some("const" | "static") => Kind::Constant,
        Some("use") => Kind::Use,
        Some("impl") => Kind::Impl,
        _ if file.is(at + 1, '!') => Kind::Call,
        _ => return (at + 1, None),
    };
    let ends_in_braces = !matches!(kind, Kind::Constant | Kind::Use) && file.word(at) != Some("type");
    // To the `;` or behind the braces; what stands in other brackets is passed over.
    let mut end = at;
    let mut body = 0..0;
    while end < file.tokens.len() {
        let opens = ['(', '[', '{'].iter().any(|sign| file.is(end, *sign));
        if file.is(end, ';') {
            end += 1;
            break;
        } else if opens {
            let is_body = file.is(end, '{') && ends_in_braces || kind == Kind::Call;
            let close = closed(file, end);
            if is_body {
                body = end + 1..close - 1;
                end = close;
                break;
            }
            end = close;
        } else {
            end += 1;
        }
    }
    let head = at + 1..if body.is_empty() { end } else { body.start - 1 };
    let name = match kind {
        Kind::Use => String::new(),
        Kind::Impl => self_type(file, head.clone()),
        Kind::Call => file.word(at).unwrap_or_default().to_owned(),
        _ if file.is(at + 1, '$') => format!("${}", file.word(at + 2).unwrap()),
        _ => file.word(at + 1).unwrap_or_else(|| panic!("{}: an item without a name", file.name)).to_owned(),
    };
    let of_macro = of_macro.map(str::to_owned);
    let item = Written { kind, name, docs: String::new(), is_public, is_hidden: false, of_macro, head, body };
    (end, Some(item))
}

/// The type that an `impl` gives methods to, as it is written; none of that of a trait.
fn self_type(file: &File, head: Range<usize>) -> String {
    if head.clone().any(|at| file.word(at) == Some("for")) {
        return String::new();
    }
    let mut at = head.start;
    let mut depth = 0_i32;
    while at < head.end {
        depth += i32::from(file.is(at, '<')) - i32::from(file.is(at, '>'));
        if depth == 0 && !file.is(at, '>') {
            break;
        }
        at += 1;
    }
    let mut name = String::new();
    while at < head.end {
        match &file.tokens[at] {
            Token::Word(word) => name += word,
            Token::Path => name += "::",
            Token::Sign('$') => name.push('$'),
            _ => break,
        }
        at += 1;
    }
    name
}

/// The paths of a `use` and the names they have here.
fn imports(file: &File, head: Range<usize>) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut way: Vec<String> = Vec::new();
    // How long the path was where each open group began.
    let mut groups = Vec::new();
    let mut at = head.start;
    while at < head.end {
        match &file.tokens[at] {
            Token::Word(word) if word == "as" => {
                let alias = file.word(at + 1).unwrap_or("_").to_owned();
                if let Some((_, name)) = found.last_mut() {
                    *name = alias;
                }
                at += 1;
            }
            Token::Word(word) if file.is_path(at + 1) => way.push(word.clone()),
            Token::Word(word) => {
                found.push((way.iter().chain([word]).cloned().collect(), word.clone()));
            }
            Token::Sign('{') => groups.push(way.len()),
            Token::Sign(',') => way.truncate(groups.last().copied().unwrap_or(0)),
            Token::Sign('}') => {
                groups.pop();
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Behind the bracket that closes the one at `open`.
fn closed(file: &File, open: usize) -> usize {
    let mut depth = 0;
    let mut at = open;
    loop {
        match file.tokens.get(at) {
            Some(Token::Sign('(' | '[' | '{')) => depth += 1,
            Some(Token::Sign(')' | ']' | '}')) => depth -= 1,
            Some(_) => {}
            None => panic!("{}: a bracket is never closed", file.name),
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}
