//! A folder in which everything has a name that tries to do something to a terminal. There are several of them, as no
//! name is long enough for all characters.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Folder, Run};

/// What no line may begin with: a name that holds a line end would have begun it.
pub(super) const FORGED: &str = "FORGED";

/// Every character that is swept: the 65 control characters of C0, DEL and C1; marks of direction, joiners, separators,
/// what has no width, the byte order mark; and the tags.
pub(super) fn swept() -> impl Iterator<Item = char> {
    let some = ['\u{ad}', '\u{61c}', '\u{180e}', '\u{feff}', '\u{fe0f}'];
    ('\0'..='\u{1f}')
        .chain('\u{7f}'..='\u{9f}')
        .chain(some)
        .chain('\u{200b}'..='\u{200f}')
        .chain('\u{2028}'..='\u{202e}')
        .chain('\u{2060}'..='\u{206f}')
        .chain(tags())
}

pub(super) fn is_tag(c: char) -> bool {
    c >= '\u{e0000}'
}

fn tags() -> impl Iterator<Item = char> {
    ['\u{e0001}'].into_iter().chain('\u{e0020}'..='\u{e007f}')
}

pub(super) fn is_swept(c: char) -> bool {
    c.is_control() || (!c.is_ascii() && swept().any(|other| other == c))
}

/// The folder.
pub(super) struct World {
    folder: Folder,
    /// Some of the characters, NUL among them, and the beginning of a line.
    text: String,
}

impl World {
    /// The worlds that have all characters among them.
    pub(super) fn all() -> [Self; 3] {
        let first = swept().filter(|c| !is_tag(*c));
        [
            Self::new(first.collect()),
            Self::new(tags().take(48).collect()),
            Self::new(tags().skip(48).collect()),
        ]
    }

    fn new(characters: String) -> Self {
        let text = format!("{characters}\n{FORGED}\u{1b}[5m");
        let world = Self { folder: Folder::new(), text };
        world.fill();
        world
    }

    /// Whether it is that of the characters that every option and variable is tried with.
    pub(super) fn is_first(&self) -> bool {
        self.text.starts_with('\0')
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The text as the language writes it in a string.
    fn escaped(&self) -> String {
        self.text.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect()
    }

    /// It as an argument may be: without NUL.
    fn argument(&self) -> String {
        self.text.replace('\0', "")
    }

    /// It as the name of a file may be: 255 bytes at most.
    fn file(&self, prefix: &str, suffix: &str) -> String {
        let mut name = prefix.to_owned();
        for c in self.argument().chars().filter(|c| *c != '/') {
            if name.len() + c.len_utf8() + suffix.len() <= 240 {
                name.push(c);
            }
        }
        name + suffix
    }

    /// What a word of a run stands for.
    pub(super) fn word(&self, word: &str) -> OsString {
        let Some((before, named)) = word.split_once('@') else { return word.into() };
        let (name, rest) =
            named.split_once('/').map_or((named, ""), |(name, _)| (name, &named[name.len()..]));
        let quoted = |begin: &str| format!("\"{begin}{}\"", self.escaped());
        let value = match name {
            "x" => self.argument(),
            "who" => format!("p{}", self.argument()),
            "role" => format!("role:{}", quoted("r")),
            "id" => quoted("r"),
            "permission" => format!("{}.{}", quoted("c"), quoted("r")),
            "other" => format!("{}.{}:{}", quoted("c"), quoted("l"), quoted("v")),
            "unknown" => format!("{}.{}", quoted("c"), quoted("z")),
            "table" | "out" => self.file(name, ".rolec"),
            "csv" | "jsonl" => self.file("rows", &format!(".{name}")),
            "queries" | "log" => self.file(name, ".jsonl"),
            "settings" => self.file(name, ".toml"),
            "imports" => format!("imports/{}", self.file("a", ".role")),
            "good" | "bad" | "changed" | "passing" | "mendable" | "scratch" | "written" => name.to_owned(),
            "none" => self.file(name, ""),
            other => panic!("no word @{other}"),
        };
        format!("{before}{value}{rest}").into()
    }

    /// A folder that is watched.
    pub(super) fn watched(&self) -> PathBuf {
        self.path().join("watched")
    }

    /// Writes the file in it that has one of the names, with something behind its text.
    pub(super) fn change(&self, more: &str) {
        let name = self.file("a", ".role");
        let beside = self.path().join("beside");
        let text = fs::read_to_string(self.path().join("good").join(&name)).unwrap();
        fs::write(&beside, format!("{text}{more}")).unwrap();
        // In one step, so that no round finds a half of it.
        fs::rename(beside, self.watched().join(name)).unwrap();
    }

    /// The characters in its name.
    pub(super) fn named(&self) -> impl Iterator<Item = char> {
        self.file("a", ".role").chars().filter(|c| is_swept(*c)).collect::<Vec<_>>().into_iter()
    }

    /// What a verb reads.
    pub(super) fn stdin(&self, verb: &str) -> Vec<u8> {
        match verb {
            "eval" | "suggest" => self.queries(),
            "lsp" => format!("{}\r\nContent-Length: 9\r\n\r\n{}", self.text, self.text).into_bytes(),
            "variables" => self.csv(),
            _ => self.raw("// c", 0),
        }
    }

    /// What was written into files: each is shown by whoever opens it.
    pub(super) fn written(&self, mut seen: impl FnMut(&Path, String)) {
        let mut open = vec![self.folder.at("written")];
        let mut count = 0;
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            count += 1;
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy();
            // Our own, without a name of the policy.
            let is_ours = name == "policy.rego";
            let is_told = ["202E", "202e", "E0041", "e0041", "dc41", "E0061", "e0061", "dc61"]
                .iter()
                .any(|part| text.contains(part));
            assert!(is_ours || is_told, "nothing of the policy is in {path:?}: {text}");
            seen(&path, text);
        }
        assert!(count >= 8, "the verbs that write have written {count} files");
    }

    fn queries(&self) -> Vec<u8> {
        let x = &self.text;
        let row = format!("r{x}");
        let lines = [
            serde_json::json!({ "id": x, "principal": format!("p{x}"), "category": format!("c{x}"), "row": row }),
            serde_json::json!({ "id": { x.as_str(): x }, "role": format!("r{x}"), "row": row, "action": format!("v{x}") }),
            serde_json::json!({ "role": format!("z{x}"), "row": row }),
            serde_json::json!({ "principal": format!("P{x}"), "row": row, "org": x }),
            serde_json::json!({ "principal": format!("p{x}"), "permission": x, "action": x, "at": x }),
            serde_json::json!({ x.as_str(): x }),
        ];
        let mut text: Vec<u8> = lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
        // As they are: a line end in them makes one more line.
        text.extend(format!("{{\"id\": \"{x}\", \"principal\": \"{x}\"}}\n{x}\n").bytes());
        text.extend(b"\x9b31m\xff\n");
        text
    }

    fn csv(&self) -> Vec<u8> {
        let x = &self.text;
        let mut rows = format!("organization,principal,role,{x}\n").into_bytes();
        for head in ["organization,principal,role,because,from\n", ""] {
            rows.extend(head.bytes());
            for field in x.chars() {
                rows.extend(
                    format!("\"o{field}\",\"p{field}\",\"r{field}\",\"b{field}\",\"f{field}\"\n").bytes(),
                );
            }
        }
        rows.extend(b"\x9b31m\xff,,,,\n");
        rows
    }

    /// A policy with the characters in it as they are, in one place. Of one file no more than some are told.
    fn raw(&self, before: &str, half: usize) -> Vec<u8> {
        let lines = self.text.chars().skip(half).step_by(2).map(|c| format!("{before}{c}\n"));
        format!("use jumpcloud\n{}", lines.collect::<String>()).into_bytes()
    }

    fn fill(&self) {
        let x = self.escaped();
        let folder = &self.folder;
        let catalog = format!(
            "use c
/// A catalog.
catalog c \"t{x}\" {{
    category \"c{x}\" \"t{x}\" {{
        \"r{x}\" \"t{x}\": verbs \"v{x}\", w {{ caveat \"c{x}\" note \"n{x}\" }}
        \"l{x}\": ladder none < \"v{x}\" < full
        esc \"e{x}\": flag {{ escalating }}
    }}
    super \"t{x}\"
}}
default template \"t{x}\" \"t{x}\" {{ grant \"c{x}\".\"r{x}\": w }}
"
        );
        let organization = |tested: &str| {
            format!(
                "organization \"o{x}\" \"t{x}\" {{
    role \"r{x}\" \"t{x}\" {{
        description \"d{x}\"
        grant \"c{x}\".\"r{x}\": \"v{x}\"
        grant \"c{x}\".esc: on
    }}
    role \"s{x}\" from \"r{x}\", \"t{x}\" {{ }}
    role \"u{x}\" {{ grant \"c{x}\".\"r{x}\": \"v{x}\" }}
    assign \"s{x}\" to \"p{x}\" because \"b{x}\"
    assign \"t{x}\" to \"q{x}\" because \"b{x}\"
    assign \"r{x}\" to service \"y{x}\" until 2020-01-01 because \"b{x}\"
    forbid \"f{x}\" except \"s{x}\" {{ \"c{x}\".\"r{x}\": \"v{x}\" \"c{x}\".\"l{x}\": full }}
    test \"t{x}\" {{
        \"p{x}\" can \"c{x}\".\"r{x}\": \"v{x}\"
        {tested}
    }}
}}
"
            )
        };
        let failing = organization(&format!("\"p{x}\" can \"c{x}\".\"l{x}\": full"));
        let put = |path: String, bytes: &[u8]| folder.put(&path, bytes);
        for name in ["good", "scratch", "watched"] {
            put(format!("{name}/{}", self.file("c", ".role")), catalog.as_bytes());
            put(format!("{name}/{}", self.file("a", ".role")), format!("use c\n{failing}").as_bytes());
        }
        put(
            format!("passing/{}", self.file("a", ".role")),
            format!("{catalog}{}", organization("")).as_bytes(),
        );
        // Where the cells and the people are others, and everything is named in the difference.
        let changed = failing.replace(&format!(".\"r{x}\": \"v{x}\" }}"), &format!(".\"r{x}\": w }}"));
        let changed = changed.replace(&format!("\"p{x}\" because"), &format!("\"p{x}\", \"n{x}\" because"));
        let changed =
            changed.replace(".esc: on", ".esc: off").replace("until 2020-01-01", "until 2040-01-01");
        put(format!("changed/{}", self.file("a", ".role")), format!("{catalog}{changed}").as_bytes());
        // A path that names a file as it is, and one that nobody finds.
        let name = |prefix| self.file(prefix, ".role");
        let spelled =
            |name: &str| name.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect::<String>();
        put(format!("imports/{}", name("c")), catalog.as_bytes());
        let imports = format!("use \"{}\"\n{failing}", spelled(&name("c")));
        put(format!("imports/{}", name("a")), imports.as_bytes());
        put(
            "bad/import.role".to_owned(),
            format!("use \"{}\"\norganization o {{ }}\n", spelled(&name("z"))).as_bytes(),
        );
        put(
            "bad/root.role".to_owned(),
            format!("use \"../../../../../{x}\"\norganization q {{ }}\n").as_bytes(),
        );
        // What is unknown, said twice, or out of place, and named in the finding.
        let wrong = format!(
            "use \"n{x}\" organization \"o{x}\" {{
    role \"r{x}\" from \"n{x}\" {{ grant \"n{x}\".\"n{x}\": \"n{x}\" }}
    role \"r{x}\" {{ grant \"n{x}\" {{ \"m{x}\": on }} }}
    assign \"n{x}\" to \"p{x}\" until 2020-01-01 because \"\"
    test \"t{x}\" {{ \"n{x}\" can \"n{x}\".\"n{x}\" }}
}}
"
        );
        put(format!("bad/{}", self.file("w", ".role")), wrong.as_bytes());
        let used = wrong.replace(&format!("use \"n{x}\""), "use jumpcloud");
        put("bad/used.role".to_owned(), used.replace("\"o\\", "\"oo\\").as_bytes());
        for (index, before) in [
            "// c",
            "/// d",
            "template \"",
            "template t \"a",
            "use \"",
            "role ",
            "organization o { role r { description \"",
        ]
        .into_iter()
        .enumerate()
        {
            put(format!("bad/raw{index}.role"), &self.raw(before, 0));
            put(format!("bad/raw{index}-more.role"), &self.raw(before, 1));
        }
        let mendable = failing.replace(
            &format!("grant \"c{x}\".\"r{x}\""),
            &format!("grant \"c{x}\" {{ }} grant \"C{x}\".\"r{x}\""),
        );
        put(format!("mendable/{}", self.file("a", ".role")), format!("{catalog}{mendable}").as_bytes());
        let word = |word: &str| self.word(word).into_string().unwrap();
        put(word("@csv"), &self.csv());
        put(word("@jsonl"), &self.queries());
        put(word("@queries"), &self.queries());
        put(word("@log"), &self.queries());
        let key = serde_json::to_string(&self.text).unwrap();
        let settings = format!(
            "[{key}]\n[lints]\n{key} = {key}\n\"R0401\" = {key}\n# {}\n",
            self.text.replace('\n', "")
        );
        put(word("@settings"), settings.as_bytes());
        fs::create_dir(folder.at("written")).unwrap();
        for of in ["good", "passing", "changed", "imports"] {
            let found = Run::new("check --format json").arg(of).dir(self.path()).output().stdout;
            let found: serde_json::Value = serde_json::from_str(&found).unwrap();
            assert_eq!(found["summary"]["errors"], 0, "{of}: {found:#}");
        }
        Run::new("test passing").dir(self.path()).ends(0);
        Run::new("build good -o").dir(self.path()).arg(word("@table")).ends(0);
        // Bytes that are no text, where a name may be so.
        let name = OsString::from_vec(b"bad/\x9b31m\xff.role".to_vec());
        fs::write(self.path().join(PathBuf::from(name)), wrong).unwrap();
        self.commit();
    }

    /// The whole folder as a revision.
    fn commit(&self) {
        for args in [
            &["init", "-q"][..],
            &["add", "-A"],
            &["-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "-m", "x"],
        ] {
            let run = Command::new("git")
                .args(args)
                .current_dir(self.path())
                .env("HOME", self.path())
                .output()
                .unwrap();
            assert!(run.status.success(), "{run:?}");
        }
    }
}
