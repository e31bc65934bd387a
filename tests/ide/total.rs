//! Every function has an answer for any offset of any text, damaged or not, and every place that it names lies in its
//! file, at the border of a character.

use rolec::diagnostic::Edit;
use rolec::ide::{self, Declarations, Outline};
use rolec::source::{FileId, Place, Span};
use rolec::workspace::Workspace;

struct Held<'w> {
    ws: &'w Workspace,
    what: String,
}

impl Held<'_> {
    fn place(&self, place: Place) {
        let text = self.ws.sources().file(place.file).expect(&self.what).text();
        let Span { start, end } = place.span;
        assert!(start <= end && text.get(start as usize..end as usize).is_some(), "{}: {place:?}", self.what);
    }

    fn edit(&self, edit: &Edit) {
        self.place(edit.place);
    }

    fn outlines(&self, file: FileId, outlines: &[Outline]) {
        for outline in outlines {
            self.place(Place { file, span: outline.whole });
            self.place(Place { file, span: outline.name_span });
            let (whole, name) = (outline.whole, outline.name_span);
            assert!(whole.start <= name.start && name.end <= whole.end, "{}: {outline:?}", self.what);
            self.outlines(file, &outline.children);
        }
    }
}

/// Asks everything of a file as a whole.
fn whole(ws: &Workspace, file: FileId, what: &str) {
    let held = Held { ws, what: what.to_owned() };
    let length = u32::try_from(ws.sources().file(file).unwrap().text().len()).unwrap();
    let at = |span: Span| held.place(Place { file, span });
    held.outlines(file, &ide::document_symbols(ws, file));
    ide::names(ws, file).iter().for_each(|name| at(name.span));
    ide::folding(ws, file).iter().for_each(|fold| at(fold.span));
    ide::lenses(ws, file).iter().for_each(|lens| at(lens.span));
    ide::links(ws, file).iter().for_each(|link| at(link.span));
    ide::workspace_symbols(ws, "e").iter().for_each(|found| held.place(found.place));
    for range in [Span::new(0, length), Span::new(length / 2, length / 2), Span::new(length, u32::MAX)] {
        let mut last = 0;
        for token in ide::semantic_tokens(ws, file, range) {
            at(token.span);
            assert!(token.span.start >= last, "{what}: {token:?}");
            last = token.span.end;
        }
        ide::hints(ws, file, range).iter().for_each(|hint| at(Span::new(hint.offset, hint.offset)));
        ide::actions(ws, file, range)
            .iter()
            .flat_map(|action| &action.edits)
            .for_each(|edit| held.edit(edit));
    }
}

/// Asks everything of an offset.
fn offset(ws: &Workspace, file: FileId, offset: u32, what: &str) {
    let held = Held { ws, what: format!("{what} at {offset}") };
    let at = |span: Span| held.place(Place { file, span });
    ide::definition(ws, file, offset).into_iter().for_each(|place| held.place(place));
    let references = ide::references(ws, file, offset, Declarations::Included);
    references.into_iter().for_each(|place| held.place(place));
    ide::highlights(ws, file, offset).into_iter().for_each(at);
    if let Ok(found) = ide::prepare_rename(ws, file, offset) {
        at(found.span);
    }
    if let Ok(edits) = ide::rename(ws, file, offset, "new name") {
        edits.iter().for_each(|edit| held.edit(edit));
    }
    if let Some(hover) = ide::hover(ws, file, offset) {
        at(hover.span);
        assert!(!hover.markdown.is_empty());
    }
    ide::completions(ws, file, offset).iter().for_each(|found| held.edit(&found.edit));
    let chain = ide::selection(ws, file, offset);
    chain.iter().for_each(|span| at(*span));
    for pair in chain.windows(2) {
        assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end, "{}", held.what);
    }
    let range = Span::new(offset, offset);
    ide::actions(ws, file, range).iter().flat_map(|action| &action.edits).for_each(|edit| held.edit(edit));
}

const TEXT: &str = "use wiki \"3\"\r\n/// é🙂 doc\r\ntemplate \"t 🙂\" \"T\" from reader, owner { description \"d\"\r\n grant all: view grant site { export, members: on } }\r\n\
organization o \"O\" managed {\r\n role r from \"t 🙂\" { grant content: full { spaces: view } grant site.members: edit unconfirmed \"b\" }\r\n\
 assign r to \"é🙂\", service \"bot\" from 2026-01-01 until 2027-01-01 because \"x\"\r\n forbid \"f\" except owner { site.export: on content.pages: create, update }\r\n\
 test \"t\" { r can site.members: view \"é🙂\" cannot site.tenants at 2026-02-01 role \"t 🙂\" can content.spaces }\r\n}\r\n\
forbid \"g\" except r { site.export: on }\r\ncatalog c \"C\" version \"1\" { kind k = ladder none < a < full category x { y \"Y\": k without a { escalating note \"n\" } z: verbs p, q } limit custom-roles 2 super s ids case-sensitive }";

fn loaded(text: &str) -> (Workspace, FileId) {
    let mut ws = Workspace::default();
    ws.set("wiki.role", super::WIKI);
    ws.set("main.role", text);
    ws.update();
    let file = ws.file("main.role").unwrap();
    (ws, file)
}

#[test]
fn at_every_offset() {
    let cut = |from: &str, to: &str| TEXT.replacen(from, to, 1);
    let texts = [
        TEXT.to_owned(),
        cut("{ grant content", "grant content"),
        cut("until 2027", "until \"2027"),
        cut("} }\r\norganization", "} \r\norganization"),
        cut("organization o", "organization"),
        cut("test \"t\" {", "test {"),
        cut("catalog c \"C\"", "catalog \"C"),
        cut("role r from \"t 🙂\"", "role from"),
        TEXT.replace(':', ""),
        TEXT.replace('{', ""),
        TEXT.replace('"', "'"),
        TEXT.replace("\r\n", "\n"),
        String::new(),
        "{{{{}}\u{202e}🙂".to_owned(),
    ];
    for (number, text) in texts.iter().enumerate() {
        let (ws, file) = loaded(text);
        let what = format!("text {number}");
        whole(&ws, file, &what);
        for at in (0..text.len() + 3).chain([usize::MAX >> 32]) {
            offset(&ws, file, u32::try_from(at).unwrap(), &what);
        }
    }
}

/// Each prefix of the text, at its end: as it is typed.
#[test]
fn as_it_is_typed() {
    for (at, _) in TEXT.char_indices() {
        let (ws, file) = loaded(&TEXT[..at]);
        whole(&ws, file, "prefix");
        offset(&ws, file, u32::try_from(at).unwrap(), "prefix");
    }
}

#[test]
fn in_the_fixtures() {
    for (title, files) in super::agreement::fixtures() {
        let ws = super::agreement::workspace(&files);
        for file in ws.files() {
            let source = ws.sources().file(*file).unwrap();
            whole(&ws, *file, &title);
            if source.name().starts_with("builtin:") || source.text().len() > 4_000 {
                continue;
            }
            for at in (0..source.text().len()).step_by(7) {
                offset(&ws, *file, u32::try_from(at).unwrap(), &title);
            }
        }
    }
}

/// Before anything was brought up to date, and of a file that is not there.
#[test]
fn of_nothing() {
    let ws = Workspace::default();
    assert!(ide::completions(&ws, FileId(0), 0).is_empty());
    assert!(ide::hover(&ws, FileId(7), 3).is_none());
    assert!(ide::rename(&ws, FileId(7), 3, "x").is_err());
    assert!(ide::names(&ws, FileId(0)).is_empty());
}
