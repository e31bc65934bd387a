//! Signed tables: keys, `build --sign`, `key sign`; and every verb that loads a table held to answer nothing from one that
//! is not trusted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;

use rolec::sign::{PublicKey, Seen, Signed, SigningKey, Terms, Trust, sign};
use rolec::vocab::Time;

use crate::run::{Folder, Run};

/// What asks a table: verb and arguments, and what it reads.
const ASKS: &[(&str, &str)] = &[
    ("can role:clerk prices:view --table T", ""),
    ("can role:clerk prices:view --table T --format json --at 2026-03-02", ""),
    // From the decisions alone.
    ("can ana@store.example sales.prices:view --table T", ""),
    ("can ana@store.example sales.prices:view --table T --why", ""),
    ("eval --table T", "{\"role\": \"clerk\", \"permission\": \"orders:read\"}\n"),
    ("who prices:view --table T", ""),
    ("who --reachable --table T", ""),
    ("what role:clerk --table T", ""),
    ("show clerk --table T", ""),
    ("show clerk --table T --format json", ""),
    ("matrix --table T", ""),
    ("suggest --table T", ""),
    ("suggest --table T --cover orders:read", ""),
    ("suggest --table T --from-log -", "{\"role\": \"clerk\", \"permission\": \"orders:read\"}\n"),
    ("diff T T", ""),
    ("diff --at 2026-03-02 T store.rolec", ""),
    ("diff --at 2026-03-02 store.rolec T", ""),
    ("export cedar --table T -o cedar", ""),
    ("verify T shop.role store.role", ""),
];

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

pub(crate) fn in_days(days: i64) -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Time(i64::try_from(since.as_secs()).unwrap() + days * 86_400)
}

/// The store, its table, and the keys `1.key`, `1.pub` and so on.
pub(crate) fn signers() -> (Folder, Vec<u8>) {
    let folder = Folder::store();
    let table = folder.build("store.rolec");
    for number in 1..=3 {
        folder.put(&format!("{number}.key"), key(number).to_pem().unwrap().as_bytes());
        folder.put(&format!("{number}.pub"), key(number).public().to_pem().unwrap());
    }
    (folder, table)
}

/// A run of something that asks, on a table, with more arguments.
fn ask(folder: &Folder, (args, stdin): (&str, &str), table: &str, more: &str) -> Run {
    let args: Vec<&str> = args.split(' ').map(|arg| if arg == "T" { table } else { arg }).collect();
    folder.run(format!("{} {more}", args.join(" ")).trim()).stdin(stdin)
}

/// Tables that nobody should answer from, by what is said of them.
fn bad(table: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let terms = Terms { version: 1, until: None };
    let good = sign(table, terms, &key(1));
    let changed = |at: usize, bit: u8| {
        let mut bytes = good.clone();
        bytes[at] ^= bit;
        bytes
    };
    let seal = table.len();
    let empty = [&good[..seal + 104], &120_u64.to_le_bytes(), &good[good.len() - 8..]].concat();
    let twice =
        [&good[..seal + 200], &good[seal + 104..seal + 200], &312_u64.to_le_bytes(), &good[good.len() - 8..]];
    let other = sign(b"something else", terms, &key(1));
    vec![
        ("unsigned", table.to_vec(), "R0906"),
        ("another key", sign(table, terms, &key(2)), "R0908"),
        ("no signatures", empty, "R0907"),
        ("one key twice", twice.concat(), "R0907"),
        ("other bytes", changed(seal / 2, 1), "R0907"),
        ("the seal of another", [table, &other[b"something else".len()..]].concat(), "R0907"),
        ("another version of the seal", changed(seal + 8, 3), "R0907"),
        ("a bent signature", changed(seal + 150, 1), "R0907"),
        ("another end", changed(seal + 96, 1), "R0907"),
        ("expired", sign(table, Terms { version: 1, until: Some(in_days(-1)) }, &key(1)), "R0909"),
        ("cut", good[..good.len() - 1].to_vec(), "R0906"),
        ("a byte more", [good.as_slice(), b"\n"].concat(), "R0906"),
        ("no table", b"organization".to_vec(), "R0906"),
        ("nothing", Vec::new(), "R0906"),
        ("a signed text", sign(b"organization o {}", terms, &key(1)), "R0901"),
        ("a signed table that is cut", sign(&table[..table.len() - 1], terms, &key(1)), "R0903"),
    ]
}

#[test]
fn who_signed_is_shown() {
    let (folder, table) = signers();
    let unsigned = folder.run("verify --show store.rolec").ends(0).stdout;
    assert!(!unsigned.contains("signed"), "{unsigned}");
    let end = in_days(1);
    let by_one = sign(&table, Terms { version: 7, until: Some(end) }, &key(1));
    let by_both = Signed::read(&by_one).unwrap().with(&key(2));
    folder.put("good.rolec", by_both);
    let shown = folder.run("verify --show good.rolec --trust 1.pub --threshold 1").ends(0).stdout;
    assert!(shown.contains(&format!("signed          version 7, until {end}\n")), "{shown}");
    for number in [1, 2] {
        assert!(shown.contains(&key(number).public().to_string()), "{shown}");
    }
    let output = folder.run("verify --show good.rolec --format json").ends(0).stdout;
    assert!(output.contains("\"seal\"") && output.contains(&format!("\"until\": \"{end}\"")), "{output}");
    folder.run("verify --show store.rolec --trust 1.pub").refuses(4, "R0906");
    // A seal that is no seal is not shown as none.
    let mut broken = by_one.clone();
    let at = table.len() + 130;
    broken[at] ^= 1;
    folder.put("good.rolec", broken);
    folder.run("verify --show good.rolec").refuses(4, "R0907");
}

/// Nobody's signature is lost.
#[test]
fn many_may_sign_at_once() {
    let (folder, table) = signers();
    for number in 4..=8 {
        folder.put(&format!("{number}.key"), key(number).to_pem().unwrap().as_bytes());
    }
    for _ in 0..3 {
        folder.put("many.rolec", sign(&table, Terms { version: 1, until: None }, &key(9)));
        thread::scope(|scope| {
            for number in 1..=8 {
                let folder = &folder;
                scope.spawn(move || folder.run(&format!("key sign many.rolec --sign {number}.key")).ends(0));
            }
        });
        let signed = folder.bytes("many.rolec");
        assert_eq!(Signed::read(&signed).unwrap().signers().len(), 9);
    }
}

#[test]
fn each_verb_answers_from_a_trusted_table_and_from_no_other() {
    let (folder, table) = signers();
    let terms = Terms { version: 1, until: Some(in_days(1)) };
    folder.put("good.rolec", sign(&table, terms, &key(1)));
    folder.put("bad.rolec", "");
    let bad = bad(&table);
    for what in ASKS {
        // The other one of a `diff` is a good one here, so that it is the bad one that is told.
        let what = (what.0.replace("store.rolec", "good.rolec"), what.1);
        let what = (what.0.as_str(), what.1);
        let plain = ask(&folder, what, "store.rolec", "").output();
        let signed = ask(&folder, what, "good.rolec", "").output();
        let trusted = ask(&folder, what, "good.rolec", "--trust 1.pub --trust 2.pub").output();
        for output in [&signed, &trusted] {
            // `verify` names its file.
            let said = output.stdout.replace("good.rolec", "store.rolec");
            assert_eq!((output.status, &said), (plain.status, &plain.stdout), "{output}");
            assert_eq!(output.stderr, plain.stderr);
        }
        for (name, bytes, code) in &bad {
            folder.put("bad.rolec", bytes);
            let output = ask(&folder, what, "bad.rolec", "--trust 1.pub").refuses(4, code);
            assert!(!output.stdout.contains("allow"), "{name}: {output}");
        }
        folder.put("bad.rolec", sign(&table, terms, &key(1)));
        ask(&folder, what, "bad.rolec", "--trust 1.pub --trust 2.pub --threshold 2").refuses(4, "R0908");
        // Of `diff`, which one came first is nobody's to say.
        if what.0.starts_with("diff") {
            ask(&folder, what, "good.rolec", "--trust 1.pub --state state").ends(2).stays_mute();
            continue;
        }
        let _ = fs::remove_file(folder.at("state"));
        folder.put("newer.rolec", sign(&table, Terms { version: 2, until: None }, &key(1)));
        let taken = ask(&folder, what, "newer.rolec", "--trust 1.pub --state state").output();
        let said = taken.stdout.replace("newer.rolec", "store.rolec");
        assert_eq!((taken.status, said), (plain.status, plain.stdout));
        ask(&folder, what, "good.rolec", "--trust 1.pub --state state").refuses(4, "R0910");
        folder.put("state", "version 1\n");
        ask(&folder, what, "newer.rolec", "--trust 1.pub --state state").refuses(4, "R0931");
        fs::remove_file(folder.at("state")).unwrap();
    }
    assert!(!folder.at("none").exists() && folder.at("cedar").exists());
}

#[test]
fn what_is_refused_writes_nothing() {
    let (folder, table) = signers();
    folder.put("wrong.rolec", sign(&table, Terms { version: 1, until: None }, &key(2)));
    folder.run("export cedar --table wrong.rolec --trust 1.pub -o cedar").refuses(4, "R0908");
    folder.run("matrix --table wrong.rolec --trust 1.pub -o m.html").refuses(4, "R0908");
    folder.run("show clerk --table wrong.rolec --trust 1.pub --state seen").refuses(4, "R0908");
    for name in ["cedar", "m.html", "seen", "seen.lock"] {
        assert!(!folder.at(name).exists(), "{name}");
    }
    // Nor where the state itself is refused.
    folder.put("damaged", "version 1\n");
    let before = folder.names();
    folder.run("show clerk --table wrong.rolec --trust 2.pub --state damaged").refuses(4, "R0931");
    folder.run("show clerk --table wrong.rolec --trust 2.pub --state .").ends(5).stays_mute();
    fs::create_dir(folder.at("folder")).unwrap();
    folder.run("show clerk --table wrong.rolec --trust 2.pub --state folder").refuses(5, "it is a folder");
    fs::remove_dir(folder.at("folder")).unwrap();
    assert_eq!(folder.names(), before);
}

/// What makes no sense is a mistake in the arguments, and never half an answer.
#[test]
fn trust_in_what_cannot_be_trusted_is_refused() {
    let (folder, table) = signers();
    folder.put("good.rolec", sign(&table, Terms { version: 1, until: None }, &key(1)));
    for (args, message) in [
        ("show clerk --trust 1.pub", "the policy is text, which nobody has signed"),
        ("show clerk -p . --trust 1.pub", "the policy is text"),
        ("eval -p . --trust 1.pub", "the policy is text"),
        ("export cedar -p . -o cedar --trust 1.pub", "the policy is text"),
        ("diff good.rolec . --trust 1.pub", "`.` is text"),
        ("diff store.role good.rolec --trust 1.pub", "`store.role` is text"),
        (
            "show clerk --table good.rolec --trust 1.pub --threshold 2",
            "the threshold is 2, and 1 different keys",
        ),
        ("show clerk --table good.rolec --trust 1.pub --trust 1.pub --threshold 2", "1 different keys"),
        ("show clerk --table good.rolec --trust 1.pub --threshold 0", "would trust everybody"),
        ("show clerk --table good.rolec --trust 1.key", "this is a private key"),
        ("show clerk --table good.rolec --trust good.rolec", "this is no public key"),
    ] {
        let run = folder.run(args);
        run.refuses(2, message);
    }
    for (args, message) in [
        ("can role:clerk prices:view --table good.rolec --trust 1.pub --trust-mapped", "cannot be used with"),
        ("can role:clerk prices:view --table good.rolec --state seen --trust-mapped", "cannot be used with"),
        ("can role:clerk prices:view --table good.rolec --threshold 2 --trust-mapped", "cannot be used with"),
        ("can role:clerk prices:view -p store.role --trust-mapped", "cannot be used with"),
        ("show clerk --table good.rolec --threshold 1", "--trust <KEY.pub>"),
        ("show clerk --table good.rolec --state state", "--trust <KEY.pub>"),
        ("build -o x.rolec --table-version 1", "--sign <KEY>"),
        ("build -o x.rolec --expires 1d", "--sign <KEY>"),
        ("plan --as ana@store.example . . --trust 1.pub", "unexpected argument '--trust'"),
        ("key sign good.rolec", "--sign <KEY>"),
    ] {
        folder.run(args).ends(2).stays_mute().warns(message);
    }
    folder.run("show clerk --table good.rolec --trust none.pub").refuses(5, "cannot read `none.pub`");
    folder.run("show clerk --table good.rolec --trust .").refuses(5, "it is a folder");
    // Mapped, the seal is passed over.
    folder
        .run("can ana@store.example sales.prices:view --table good.rolec --trust-mapped")
        .succeeds("allow\n");
}

#[test]
fn a_new_key_is_secret_and_writes_over_nothing() {
    let folder = Folder::new();
    let made = folder.run("key new acme").ends(0);
    let public = PublicKey::from_pem(&String::from_utf8(folder.bytes("acme.pub")).unwrap()).unwrap();
    assert_eq!(made.stdout, format!("{public}\n"));
    let secret = String::from_utf8(folder.bytes("acme.key")).unwrap();
    assert_eq!(SigningKey::from_pem(&secret).unwrap().public(), public);
    let mode = |name: &str| fs::metadata(folder.at(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("acme.key"), 0o600);
    assert_eq!(folder.names(), ["acme.key", "acme.pub"]);
    folder.run("key new acme").refuses(5, "`acme.key` is there already");
    fs::remove_file(folder.at("acme.key")).unwrap();
    folder.run("key new acme").refuses(5, "`acme.pub` is there already");
    assert_eq!(folder.names(), ["acme.pub"]);
    std::os::unix::fs::symlink("nowhere", folder.at("linked.key")).unwrap();
    folder.run("key new linked").refuses(5, "`linked.key` is there already");
    folder.run("key new none/acme").refuses(5, "cannot write `none/acme.key`");
    folder.run("key new ..").refuses(2, "names no file");
    let json = folder.run("key new other --format json").json(0);
    assert_eq!((&json["key"], &json["public"]), (&"other.key".into(), &"other.pub".into()));
    assert_ne!(json["id"], format!("{public}"), "another key");
}

#[test]
fn a_table_is_signed_where_it_is_built_and_later_by_others() {
    let (folder, table) = signers();
    folder.run("build -o a.rolec --sign 1.key --table-version 7 --expires 9999-01-01").succeeds("");
    let by_one = folder.bytes("a.rolec");
    assert_eq!(&by_one[..table.len()], table, "the table itself is what it was");
    let terms = Signed::read(&by_one).unwrap().terms();
    assert_eq!(terms, Terms { version: 7, until: Some(Time::parse("9999-01-01").unwrap()) });
    let ids: Vec<String> = {
        let mut keys: Vec<PublicKey> = (1..=2).map(|number| key(number).public()).collect();
        keys.sort();
        keys.iter().map(|key| key.to_string()).collect()
    };
    let told = format!("a.rolec: version 7, until 9999-01-01, signed by\n  {}\n  {}\n", ids[0], ids[1]);
    folder.run("key sign a.rolec --sign 2.key").succeeds(&told);
    let by_both = folder.bytes("a.rolec");
    folder.run("key sign a.rolec --sign 1.key --sign 2.key").succeeds(&told);
    assert_eq!(folder.bytes("a.rolec"), by_both, "signed already");
    folder
        .run("build -o b.rolec --sign 2.key --sign 1.key --table-version 7 --expires 9999-01-01")
        .succeeds("");
    assert_eq!(folder.bytes("b.rolec"), by_both, "by whom and when it is signed is not seen in it");
    folder.put("c.rolec", &table);
    folder.run("key sign c.rolec --sign 1.key --sign 2.key --table-version 7 --expires 9999-01-01").ends(0);
    assert_eq!(folder.bytes("c.rolec"), by_both, "signed where there is no policy");
    let asked = "show clerk --table a.rolec --trust 1.pub --trust 2.pub --threshold 2";
    folder.run(asked).ends(0);

    let over = Terms { version: 7, until: Some(in_days(-1)) };
    folder.put("over.rolec", sign(&table, over, &key(1)));
    folder.run("key sign over.rolec --sign 2.key").refuses(2, "which is over");
    folder.run("key sign a.rolec --sign 3.key --table-version 8").refuses(2, "`a.rolec` is signed");
    folder.run("key sign a.rolec --sign 3.pub").refuses(2, "this is a public key");
    folder.run("key sign a.rolec --sign store.role").refuses(2, "this is no private key");
    folder.run("key sign store.role --sign 3.key").refuses(4, "R0901");
    folder.run("key sign 3.key --sign 3.key").refuses(2, "`3.key` is the key");
    assert_eq!(folder.bytes("a.rolec"), by_both);
    let full =
        (4..=67).fold(by_both.clone(), |bytes, number| Signed::read(&bytes).unwrap().with(&key(number)));
    folder.put("full.rolec", &full);
    folder.run("key sign full.rolec --sign 3.key").refuses(2, "`full.rolec` has 64 signatures");
    folder.run("show clerk --table full.rolec --trust 2.pub").ends(0);
    let mut bent = by_both.clone();
    bent[300] ^= 1;
    folder.put("bent.rolec", &bent);
    folder.run("key sign bent.rolec --sign 3.key").refuses(4, "R0907");
    assert_eq!(folder.bytes("bent.rolec"), bent);
    let json = folder.run("key sign a.rolec --sign 2.key --format json").json(0);
    assert_eq!((&json["table_version"], &json["signers"]), (&7.into(), &serde_json::json!(ids)));
}

#[test]
fn terms_that_nobody_could_keep_are_refused() {
    let (folder, _) = signers();
    let key = folder.bytes("1.key");
    for (more, message) in [
        ("--expires 2020-01-01", "is over already"),
        ("--expires 0d", "is over already"),
        ("--expires soon", "like 90d or 12h; leave it out for a table without an end"),
        ("--expires -3d", "-3"),
    ] {
        folder.run(&format!("build -o a.rolec --sign 1.key {more}")).ends(2).stays_mute().warns(message);
    }
    folder.run("build -o 1.key --sign 1.key").refuses(2, "`1.key` is the key");
    folder.run("build -o ./1.key --sign 1.key").refuses(2, "is the key");
    assert_eq!(folder.bytes("1.key"), key);
    assert!(!folder.at("a.rolec").exists());
    for (more, least, most) in [("--expires 2d", 2, 2), ("--expires 48h", 2, 2)] {
        folder.run(&format!("build -o a.rolec --sign 1.key {more}")).succeeds("");
        let bytes = folder.bytes("a.rolec");
        let terms = Signed::read(&bytes).unwrap().terms();
        let until = terms.until.unwrap();
        assert!(until <= in_days(most) && until.0 > in_days(least).0 - 600, "{more}");
        let version = i64::try_from(terms.version).unwrap();
        assert!(version <= in_days(0).0 && version > in_days(0).0 - 600, "the seconds since 1970");
    }
    // One that decides only is signed as well.
    folder.run("build -o d.rolec --sign 1.key --decisions-only --sizes").ends(0);
    let asked = "can ana@store.example sales.prices:view --table d.rolec";
    folder.run(asked).succeeds("allow\n");
    folder.run(&format!("{asked} --trust 1.pub --state seen")).succeeds("allow\n");
}

/// A program that asks line by line: from the moment on at which the table ends no line is allowed any more.
#[test]
fn a_table_that_ends_while_it_is_asked_answers_no_more() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    let (folder, table) = signers();
    // Soon, and not so soon that the program would not have begun: it is asked until then, and waits for nothing.
    let until = Time(in_days(0).0 + 4);
    folder.put("soon", sign(&table, Terms { version: 1, until: Some(until) }, &key(1)));
    let mut command = folder.run("eval --table soon --trust 1.pub --state seen").command();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) =
        (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
    let begun = Instant::now();
    let (mut allowed, mut refused) = (0, 0);
    while refused < 3 {
        assert!(begun.elapsed() < Duration::from_secs(60), "it goes on answering");
        let is_over = in_days(0) >= until;
        input.write_all(b"{\"role\": \"clerk\", \"permission\": \"orders:read\"}\n").unwrap();
        let answer = output.next().unwrap().unwrap();
        if answer.contains("\"allow\"") {
            assert!(!is_over && refused == 0, "{answer}");
            allowed += 1;
        } else {
            assert!(answer.starts_with(r#"{"decision":"deny","reason":"expired","message":"#), "{answer}");
            refused += 1;
        }
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(4));
    assert!(allowed > 0, "it was never in force");
    let seen = Seen::parse(&String::from_utf8(folder.bytes("seen")).unwrap()).unwrap();
    assert!(seen.version() == Some(1) && seen.time() >= until, "its end is kept");
}

/// Somebody puts another table in the place of the good one, again and again: what is verified is what is asked.
#[test]
fn a_table_that_is_exchanged_meanwhile_is_not_asked() {
    let (folder, table) = signers();
    let evil = Folder::store();
    let text = String::from_utf8(evil.bytes("store.role")).unwrap();
    evil.put("store.role", text.replacen("grant sales.prices: view", "grant sales.prices: full", 1));
    let evil = evil.build("evil.rolec");
    let good = sign(&table, Terms { version: 1, until: None }, &key(1));
    folder.put("t.rolec", &good);
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let order = std::sync::atomic::Ordering::Relaxed;
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(order) {
                for bytes in [&evil, &good] {
                    folder.put("next", bytes);
                    fs::rename(folder.at("next"), folder.at("t.rolec")).unwrap();
                }
            }
        });
        let mut seen = [0, 0];
        for _ in 0..100 {
            // The evil one says yes to both.
            for args in ["can ana@store.example sales.prices:full", "can role:clerk prices:full"] {
                let output = folder.run(&format!("{args} --table t.rolec --trust 1.pub")).output();
                match output.status {
                    Some(3) => seen[0] += 1,
                    Some(4) => seen[1] += 1,
                    _ => {
                        is_over.store(true, order);
                        panic!("{output}")
                    }
                }
            }
        }
        is_over.store(true, order);
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}: it was never exchanged");
    });
}

/// Nothing that is printed has a byte of a private key.
#[test]
fn a_key_is_in_no_output() {
    let folder = Folder::store();
    folder.build("store.rolec");
    folder.run("key new acme").ends(0);
    let pem = String::from_utf8(folder.bytes("acme.key")).unwrap();
    let body = pem.lines().nth(1).unwrap().to_owned();
    // Keys that are damaged, each in another way.
    folder.put("cut.key", &pem[..pem.len() - 40]);
    folder.put("swapped.key", pem.replace("PRIVATE", "PUBLIC"));
    folder.put("encrypted.key", pem.replace("PRIVATE", "ENCRYPTED PRIVATE"));
    folder.put("twice.key", pem.replace(&body, &format!("{body}\n{body}")));
    folder.put("bare.key", &body);
    let mut runs = vec![
        "key new acme".to_owned(),
        "check acme.key".to_owned(),
        "show clerk --table acme.key".to_owned(),
    ];
    for name in ["acme", "cut", "swapped", "encrypted", "twice", "bare"] {
        for format in ["human", "json"] {
            let with = |args: &str| format!("{args} --format {format}").replace('K', &format!("{name}.key"));
            runs.extend([
                with("build -o s.rolec --sign K"),
                with("key sign store.rolec --sign K"),
                with("key sign K --sign acme.key"),
                with("show clerk --table store.rolec --trust K"),
                with("show clerk --table store.rolec --trust acme.pub --state K"),
                with("show clerk --table K --trust acme.pub"),
            ]);
        }
    }
    let secret = body.as_bytes().windows(12).map(|part| String::from_utf8(part.to_vec()).unwrap());
    // The first part of it says which kind of key it is, and is no secret; errors may quote a table's first eight bytes.
    let secret: Vec<String> = secret.skip(22).collect();
    for args in &runs {
        let output = folder.run(args).output();
        let text = format!("{}{}", output.stdout, output.stderr);
        for part in &secret {
            assert!(!text.contains(part.as_str()) || args.starts_with("check"), "{args}: {output}");
        }
    }
    // What is signed has none of it either.
    let seed = {
        let signed = folder.bytes("s.rolec");
        assert!(Signed::read(&signed).is_ok());
        signed
    };
    assert!(!seed.windows(12).any(|part| secret.iter().any(|secret| secret.as_bytes() == part)));
}

/// Keys and signatures are those of openssl, both ways. Said aloud where there is none.
#[test]
fn openssl_reads_and_writes_the_same() {
    let (folder, table) = signers();
    let openssl = |args: &str| {
        Command::new("openssl").args(args.split(' ')).current_dir(folder.path()).output().map(|output| {
            assert!(output.status.success(), "openssl {args}: {}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        })
    };
    if openssl("version").is_err() {
        eprintln!(
            "SKIPPED: there is no openssl on this machine, so nothing holds the form of keys against it"
        );
        return;
    }
    openssl("genpkey -algorithm ed25519 -out theirs.key").unwrap();
    openssl("pkey -in theirs.key -pubout -out theirs.pub").unwrap();
    folder.run("build -o a.rolec --sign theirs.key").succeeds("");
    folder.run("can role:clerk prices:view --table a.rolec --trust theirs.pub").succeeds("allow\n");
    folder.run("can role:clerk prices:view --table a.rolec --trust 1.pub").refuses(4, "R0908");

    folder.run("key new ours").ends(0);
    assert_eq!(openssl("pkey -in ours.key -pubout").unwrap(), folder.bytes("ours.pub"));
    folder.run("build -o b.rolec --sign ours.key").succeeds("");
    let bytes = folder.bytes("b.rolec");
    let seal = &bytes[table.len()..];
    folder.put("message", [b"rolec seal of a table 1\n", &seal[..104]].concat());
    folder.put("signature", &seal[136..200]);
    folder.put("table", &table);
    openssl("pkeyutl -verify -pubin -inkey ours.pub -rawin -in message -sigfile signature").unwrap();
    let digest = openssl("dgst -sha512 -binary table").unwrap();
    assert_eq!(&seal[24..88], digest);
    let kinds: &[(&str, &str)] = &[
        ("genpkey -algorithm ed448 -out 448.key", "448.key"),
        ("genpkey -algorithm x25519 -out x.key", "x.key"),
    ];
    for (made, name) in kinds {
        openssl(made).unwrap();
        folder
            .run(&format!("build -o c.rolec --sign {name}"))
            .refuses(2, "this is no private key for Ed25519");
    }
    assert!(!Path::new(&folder.at("c.rolec")).exists());
}

/// That nothing hidden is printed, each run holds by itself; here, that no name begins a line of its own.
#[test]
fn names_of_files_forge_no_line() {
    let (folder, table) = signers();
    let name = |ending: &str| format!("x\nFORGED \u{1b}[31m\u{202e}{ending}");
    let good = sign(&table, Terms { version: 1, until: Some(in_days(1)) }, &key(1));
    folder.put(&name(".rolec"), &good);
    let trust = Trust::new([key(1).public()], 1).unwrap();
    let future = Seen::after(None, &trust.verify(&good, in_days(0)).unwrap(), in_days(9)).unwrap();
    folder.put(&name(".state"), future.to_string());
    let mut told = 0;
    for format in ["--format=human", "--format=json"] {
        for (args, ending, more) in [
            ("key new", "", ""),
            ("key new", "", ""),
            ("key sign --sign 2.key", ".rolec", ""),
            ("key sign --sign 2.key --expires 1d", ".rolec", ""),
            ("key sign good.rolec --sign", ".rolec", ""),
            ("build --sign 2.key -o a.rolec --sign", ".rolec", ""),
            ("build -o", ".key", "--sign"),
            ("show clerk --trust 3.pub --table", ".rolec", ""),
            ("show clerk --table good.rolec --trust", ".rolec", ""),
            ("show clerk --table good.rolec --trust 1.pub --state", ".rolec", ""),
            ("show clerk --table good.rolec --trust 1.pub --state", ".state", ""),
            ("diff --trust 1.pub good.rolec", ".none", ""),
        ] {
            folder.put("good.rolec", &good);
            let mut run = folder.run(args).arg(name(ending));
            if !more.is_empty() {
                run = run.arg(more).arg(name(ending));
            }
            let output = run.arg(format).output();
            for text in [&output.stdout, &output.stderr] {
                assert!(text.lines().all(|line| !line.trim_start().starts_with("FORGED")), "{output}");
                told += usize::from(text.contains("FORGED"));
            }
        }
    }
    assert!(told > 15, "{told}: the name is told");
}
