//! `--state`: what was seen last of a signed table is kept, by one process at a time, and only goes forward.

use std::fs;
use std::thread;

use rolec::sign::{Seen, Terms, Trust, sign};
use rolec::vocab::Time;

use crate::sign::{in_days, key, signers};

/// However a state is spelled it is one, and somebody who keeps it locked is not waited for for ever.
#[test]
fn a_state_is_locked_by_where_it_is() {
    let (folder, table) = signers();
    folder.put("good.rolec", sign(&table, Terms { version: 1, until: None }, &key(1)));
    folder.put("real/other", "");
    std::os::unix::fs::symlink("real", folder.at("way")).unwrap();
    let ask = |state: &str| {
        let args = format!("can role:clerk prices:view --table good.rolec --trust 1.pub --state {state}");
        folder.run(&args)
    };
    ask("way/seen").ends(0);
    assert!(folder.at("real/seen").exists() && !folder.at("real/seen.lock").exists());
    std::os::unix::fs::symlink("real/seen", folder.at("link")).unwrap();
    ask("link").ends(0);
    // One that was left over by a run that was killed is nobody's.
    folder.put("real/seen.lock", "");
    ask("link").ends(0);
    assert!(!folder.at("link.lock").exists() && !folder.at("real/seen.lock").exists());
    let lock = fs::File::create(folder.at("real/seen.lock")).unwrap();
    lock.lock().unwrap();
    ask("link").refuses(5, "another program has it locked");
    assert!(folder.at("real/seen.lock").exists(), "it is somebody else's");
    drop(lock);
    fs::remove_file(folder.at("real/seen.lock")).unwrap();
    folder.pipe("real/seen.lock");
    ask("way/seen").refuses(5, "cannot write");
    // What holds something is a file of another program, and stays; what a link leads to as well.
    folder.put("flake.lock", "precious");
    ask("flake").refuses(5, "it holds something, so it is no lock");
    assert_eq!(folder.bytes("flake.lock"), b"precious");
    std::os::unix::fs::symlink("real/other", folder.at("led.lock")).unwrap();
    ask("led").refuses(5, "led.lock`: Too many levels of symbolic links");
    assert!(folder.at("led.lock").is_symlink() && folder.at("real/other").exists());
}

/// Of one table, as it goes on in time.
#[test]
fn the_state_only_goes_forward() {
    let (folder, table) = signers();
    let put = |name: &str, version: u64, until: Option<Time>| {
        folder.put(name, sign(&table, Terms { version, until }, &key(1)));
    };
    let ask = |name: &str| {
        folder.run(&format!("can role:clerk prices:view --table {name} --trust 1.pub --state seen"))
    };
    let seen = || Seen::parse(&String::from_utf8(folder.bytes("seen")).unwrap()).unwrap();
    put("2", 2, None);
    put("3", 3, None);
    put("3b", 3, Some(in_days(9)));
    put("ended", 9, Some(in_days(-1)));
    // Nothing was seen before it, and that it has ended is seen: by no clock that is set back it begins again.
    ask("ended").refuses(4, "R0909");
    assert_eq!(seen().version(), None);
    assert!(seen().time() > in_days(-1) && seen().time() <= in_days(0));
    let ahead = Seen::nothing(in_days(200)).to_string();
    folder.put("seen", &ahead);
    put("ends", 1, Some(in_days(100)));
    ask("ends").refuses(4, "`seen` has seen a later time");
    assert_eq!(folder.bytes("seen"), ahead.as_bytes());
    fs::remove_file(folder.at("seen")).unwrap();
    ask("2").succeeds("allow\n");
    assert_eq!(seen().version(), Some(2));
    ask("3").succeeds("allow\n");
    ask("2").refuses(4, "the table has version 2, and version 3 was seen before");
    ask("3").succeeds("allow\n");
    ask("3b").refuses(4, "another table with version 3 was seen before");
    ask("ended").refuses(4, "R0909");
    assert_eq!(seen().version(), Some(3), "what is refused leaves no version");

    // As if the clock had been a year on before: what would have ended then has ended.
    let seen_in = |days: i64| {
        let trust = Trust::new([key(1).public()], 1).unwrap();
        let bytes = folder.bytes("3");
        Seen::after(None, &trust.verify(&bytes, in_days(0)).unwrap(), in_days(days)).unwrap()
    };
    let future = seen_in(365);
    folder.put("seen", future.to_string());
    put("4", 4, Some(in_days(30)));
    let output = ask("4").refuses(4, "R0909");
    output.warns("`seen` has seen a later time: if the clock was wrong then, find the version");
    assert_eq!(seen(), future);
    put("5", 5, Some(in_days(400)));
    ask("5").succeeds("allow\n");
    assert_eq!((seen().version(), seen().time()), (Some(5), future.time()));
    // What has ended while nobody looked is refused, and by whatever clock it stays so.
    folder.put("seen", seen_in(-10).to_string());
    for refused in ["ended", "2", "3b"] {
        folder.put("seen", seen_in(-10).to_string());
        ask(refused).ends(4);
        assert_eq!(seen().version(), Some(3));
        assert!(seen().time() > in_days(-1), "the time is kept with the refusal of {refused}");
    }
    let back = future.to_string().replace(&future.time().to_string(), "2026-01-01");
    folder.put("seen", back);
    ask("5").refuses(4, "R0931");

    for text in ["", "\u{ff}", &future.to_string()[1..]] {
        folder.put("seen", text);
        ask("5").refuses(4, "R0931");
        assert_eq!(folder.bytes("seen"), text.as_bytes(), "it is for people to repair");
    }
    fs::remove_file(folder.at("seen")).unwrap();
    ask("2").succeeds("allow\n");
    fs::remove_file(folder.at("seen")).unwrap();
    fs::create_dir(folder.at("seen")).unwrap();
    ask("2").refuses(5, "it is a folder");
    let nowhere = "can role:clerk prices:view --table 2 --trust 1.pub --state none/seen";
    folder.run(nowhere).refuses(5, "cannot write `none/seen`");
}

/// Processes that take other versions at once: the latest of them stays.
#[test]
fn the_state_is_of_one_process_at_a_time() {
    let (folder, table) = signers();
    let most = 12;
    for version in 1..=most {
        folder.put(&version.to_string(), sign(&table, Terms { version, until: None }, &key(1)));
    }
    for _ in 0..3 {
        let _ = fs::remove_file(folder.at("seen"));
        thread::scope(|scope| {
            for version in 1..=most {
                let folder = &folder;
                scope.spawn(move || {
                    let args =
                        format!("can role:clerk prices:view --table {version} --trust 1.pub --state seen");
                    let output = folder.run(&args).output();
                    match output.status {
                        Some(0) => assert_eq!(output.stdout, "allow\n"),
                        _ => drop(output.stays_mute().warns("R0910")),
                    }
                });
            }
        });
        let text = String::from_utf8(folder.bytes("seen")).unwrap();
        assert_eq!(Seen::parse(&text).unwrap().version(), Some(most));
    }
    let is_left_over = |name: &String| name.starts_with(".rolec-") || name.ends_with(".lock");
    assert!(!folder.names().iter().any(is_left_over), "nothing is left over");
}
