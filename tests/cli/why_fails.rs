//! What is told under a failing line is about the line: all that it names, at every moment that it speaks of; and it is
//! told as `can --why` tells it.

use crate::run::{Folder, uncolored};

const KINDS: &str = "use k catalog k { category c { pages: verbs read, write, move spaces: ladder none < read < write < own } }\n";

fn policy(organization: &str) -> Folder {
    Folder::new().with("p.role", format!("{KINDS}organization o {{\n{organization}\n}}\n"))
}

fn told(organization: &str) -> String {
    uncolored(&policy(organization).run("test p.role").ends(1).stdout)
}

#[test]
fn a_list_is_told_whole_and_its_order_means_nothing() {
    let line = |list: &str| {
        told(&format!(
            "role r {{ grant c.pages: read }} assign r to \"ana\" from 2026-11-01\n\
             test \"t\" {{ \"ana\" can c.pages: {list} }}"
        ))
        .replace(list, "LIST")
    };
    let text = line("read, write");
    assert_eq!(text, line("write, read"));
    assert!(text.contains("does not hold at any moment"), "{text}");
    assert!(!text.contains("it is allowed"), "{text}");

    let text = told("role r { grant c.pages: read }\ntest \"t\" { r can c.pages: write, move }");
    assert!(text.contains("lacks c.pages:write,move in"), "{text}");
    assert!(
        text.contains("`grant c.pages: read, write, move` instead of `grant c.pages: read` at p.role:3:10"),
        "{text}"
    );
}

#[test]
fn a_cannot_tells_all_that_is_held_then_and_later() {
    let text = told(
        "role r { grant c.pages: read, move } role s { grant c.pages: write }\n\
         assign r to \"ana\" from 2026-11-01 assign s to \"ana\" from 2026-12-01\n\
         test \"t\" { \"ana\" cannot c.pages: write, move, read }",
    );
    assert!(text.contains("does not hold from 2026-11-01 on"), "{text}");
    assert!(text.contains("    allow: `ana` has c.pages:read,move in"), "{text}");
    assert!(text.contains("    at 2026-12-01, allow: `ana` has c.pages:write in"), "{text}");
}

#[test]
fn a_change_mends_the_line_at_every_moment() {
    let organization = "role junior { grant c.spaces: read }\nrole senior { grant c.spaces: read }\n\
        assign junior to \"ana\" until 2026-11-01 assign senior to \"ana\" assign senior to \"bob\"\n\
        test \"t\" { \"ana\" can c.spaces: write }";
    let text = told(organization);
    assert!(text.contains("this would allow it at every moment\n"), "{text}");
    assert!(
        text.contains("in role senior; 1 other gains by it") && !text.contains("in role junior"),
        "{text}"
    );
    let mended =
        organization.replace("role senior { grant c.spaces: read }", "role senior { grant c.spaces: write }");
    policy(&mended).run("test p.role").succeeds("1 passed, 0 failed (1 line)\n");

    // One by one they have it for a part of the time only.
    let parts = organization.replace("assign senior to \"ana\"", "assign senior to \"ana\" from 2026-10-01");
    let text = told(&parts);
    assert!(text.contains("  no change of one level alone would allow it at every moment\n"), "{text}");
    // Where the line names the moment, it is about that moment.
    let text = told(&organization.replace("write }", "write at 2026-10-15 }"));
    assert!(text.contains("each of these would allow it, the smallest change first"), "{text}");
    assert!(text.contains("in role junior; nobody else"), "{text}");
}

#[test]
fn a_template_mends_through_what_is_made_from_it() {
    let folder = Folder::new().with(
        "p.role",
        format!(
            "{KINDS}template t {{ grant c.spaces: read }}\norganization o {{ role r from t {{}}\n\
             assign t to \"ana\" until 2026-11-01 assign r to \"ana\" from 2026-11-01\n\
             test \"t\" {{ \"ana\" can c.spaces: write }} }}"
        ),
    );
    let text = uncolored(&folder.run("test p.role").ends(1).stdout);
    assert!(
        text.contains("this would allow it at every moment\n        `grant c.spaces: write` instead of"),
        "{text}"
    );
    assert!(text.contains("in template t"), "{text}");
}

#[test]
fn programs_get_the_time() {
    let organization = "role r { grant c.spaces: read } role s { grant c.spaces: write }\n\
        assign r to \"ana\" assign s to \"ana\" until 2026-11-01 assign s to \"ana\" from 2026-12-01\n\
        test \"t\" { \"ana\" can c.spaces: write \"ana\" can c.spaces: own \"ana\" can c.spaces: write at 2026-11-05 r can c.spaces: own }";
    let document = policy(organization).run("test p.role --format json").json(1);
    let failures = document["tests"][0]["failures"].as_array().unwrap();
    let times: Vec<_> =
        failures.iter().map(|of| ["at", "from", "until"].map(|time| of[time].as_str())).collect();
    let wanted = [
        [None, Some("2026-11-01"), Some("2026-12-01")],
        [None, None, None],
        [Some("2026-11-05"), None, None],
        [None, None, None],
    ];
    assert_eq!(times, wanted);
    let is_throughout = |at: usize| failures[at]["answer"]["why"]["flip"]["throughout"] == true;
    assert_eq!([0, 1, 2, 3].map(is_throughout), [true, true, false, false]);
}

/// A line about a role, and one with `at`: the same text, and for programs the same `why`, as `can` gives.
#[test]
fn a_step_is_told_as_can_tells_it() {
    let organization = |line: &str| {
        format!(
            "role empty {{}} role writer {{ grant c.spaces: write }} role reader {{ grant c.spaces: read grant c.pages: read }}\n\
             assign empty to \"ana\" assign reader to \"eve\"\n test \"t\" {{ {line} }}"
        )
    };
    for (line, asked) in [
        ("\"ana\" can c.spaces: write at 2026-11-01", "can ana spaces:write"),
        ("\"ana\" can c.spaces at 2026-11-01", "can ana spaces"),
        ("\"ana\" can c.spaces: full at 2026-11-01", "can ana spaces:full"),
        ("\"ana\" can c.spaces: own at 2026-11-01", "can ana spaces:own"),
        ("\"eve\" cannot c.spaces: read at 2026-11-01", "can eve spaces:read"),
        ("reader can c.spaces: own", "can role:reader spaces:own"),
        ("reader can c.pages: read, write, move", "can role:reader pages"),
    ] {
        let folder = policy(&organization(line));
        let tested = folder.run("test p.role --format json").json(1);
        let code = if line.contains("cannot") { 0 } else { 3 };
        let can = format!("{asked} -p p.role --at 2026-11-01 --why");
        let answered = folder.run(&format!("{can} --format json")).json(code);
        let mut tested = tested["tests"][0]["failures"][0]["answer"].clone();
        if line.starts_with("reader") {
            // A role's line is about no moment.
            tested["request"]["at"] = answered["request"]["at"].clone();
        }
        assert_eq!(tested, answered, "{line}");
        let text = uncolored(&folder.run("test p.role").ends(1).stdout);
        let answer = uncolored(&folder.run(&can).ends(code).stdout);
        let answer: String = answer.lines().map(|line| format!("    {line}\n")).collect();
        assert!(text.contains(&answer), "{line}: {text}\nwanted\n{answer}");
    }
    let text = told(&organization("\"ana\" can c.spaces: write"));
    assert!(text.contains("roles that have it: writer (nothing else)"), "{text}");
}
