//! `man`: pages that a system's manual can hold.

use std::fs;

use crate::run::{Folder, Run};

#[test]
fn a_page_for_each_verb_in_a_folder_that_is_made() {
    let folder = Folder::new();
    folder.run("man --dir share/man1").succeeds("");
    let names: Vec<String> = fs::read_dir(folder.at("share/man1"))
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in ["rolec.1", "rolec-check.1", "rolec-catalog.1", "rolec-catalog-search.1"] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }
    for name in names {
        let text = String::from_utf8(folder.bytes(&format!("share/man1/{name}"))).unwrap();
        // `whatis` knows a page by this line: `who` and `test` are other programs.
        let title = name.strip_suffix(".1").unwrap();
        assert!(text.starts_with(&format!(".TH \"{title}\" \"1\" ")), "{text}");
        assert!(text.contains(&format!(".SH NAME\n{} \\- ", title.replace('-', "\\-"))), "{text}");
        assert!(!text.contains(".SH EXTRA"), "{text}");
    }
    // The same pages again.
    let before = folder.bytes("share/man1/rolec-can.1");
    folder.run("man --dir share/man1").succeeds("");
    assert_eq!(folder.bytes("share/man1/rolec-can.1"), before);
    folder.put("file", "");
    folder.run("man --dir file").ends(5).stays_mute().warns("cannot make `file`");
}

#[test]
fn the_manual_of_the_program() {
    let folder = Folder::new();
    folder.run("man --dir .").succeeds("");
    let page = String::from_utf8(folder.bytes("rolec.1")).unwrap();
    Run::new("man").succeeds(&page);
}

#[test]
fn an_example_of_many_lines_keeps_them() {
    let folder = Folder::new();
    folder.run("man --dir .").succeeds("");
    let page = String::from_utf8(folder.bytes("rolec-eval.1")).unwrap();
    let lines = ".nf\n{\\(dqrole\\(dq: \\(dqtier1\\(dq, ";
    assert!(page.contains(lines), "{page}");
    assert!(page.contains("}\n{\\(dqdecision\\(dq:\\(dqallow\\(dq"), "{page}");
}
