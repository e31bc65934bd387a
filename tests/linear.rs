//! Time that grows as the text does, whatever is wrong with it: families of texts that are nearly right, in growing sizes,
//! compiled, formatted, and what is found written for people and programs.
//!
//! What is measured is the time that the processor spends on this thread, and nothing is worked on by another one: so a busy
//! machine changes little. Four times the text may take up to eight times as long, where a quadratic family takes sixteen. A
//! family that seems slower is measured again, and counts by its best. `LINEAR=long` doubles the text from 1 KiB to 1 MiB:
//! there each doubling may take 2.3 times as long, and 1 MiB a second to be compiled and another one to be formatted; what is
//! found may come to hundreds of megabytes, each of which has a second:
//! `LINEAR=long cargo test --release --test linear -- --nocapture`.

#![cfg(all(feature = "render", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::print_stderr, reason = "what was measured is for people")]
#![allow(clippy::disallowed_methods, reason = "asks whether the long run is wanted")]

use std::time::Duration;

use rolec::pipeline::compile;
use rolec::render::{Color, Human, json};
use rolec::source::Sources;
use rolec::tools::format::format;

/// What stands again and again, and nearly fits.
const PIECES: [&str; 44] = [
    "/*\n",
    "/*",
    "/*a*/",
    "*/",
    "'a",
    "`",
    "# ",
    "x # { ",
    "{ ",
    "} ",
    "}\n{ ",
    "\" ",
    "\"a\n",
    "role r { ",
    "role r }\n",
    "organization o { role r { grant a { b: view ",
    "grant all: view, ",
    "grant all view\n",
    "grant grant grant\n",
    "assign r to \"a\" from 2026-01-01 until\n",
    "assign r to ",
    "template t from t { } ",
    "catalog c { category d { e: ladder none < ",
    "category d { ",
    "forbid \"f\" { a: view } unless ",
    "require \"r\" at least 99999999999 ",
    "test \"t\" { expect ana can ",
    "// allow(",
    "/// d\n",
    "// c\n",
    "//\r",
    "///\r",
    "\u{202e}",
    "é ",
    "% ",
    ": , < . = ",
    "2026-13-45T99 ",
    "use use\n",
    "kind k = ladder none < view\n",
    "from until to service ",
    "a-b-c.d-e_f ",
    "\r",
    "\"\\u{",
    "\\u{",
];

/// Where it stands.
const AROUND: [(&str, &str); 4] = [
    ("", ""),
    ("use jumpcloud\norganization o {\n", "\n}\n"),
    (
        "use jumpcloud\norganization o {\n    role first { grant all: view }\n    role r {\n        grant device-management { devices: view\n",
        "\n        }\n    }\n}\n",
    ),
    ("catalog c {\n    category d {\n        e: flag\n", "\n    }\n}\n"),
];

/// A text of about so many bytes.
type Family = (String, Box<dyn Fn(usize) -> Vec<(String, String)>>);

fn families() -> Vec<Family> {
    let mut all: Vec<Family> = Vec::new();
    for (number, (before, after)) in AROUND.into_iter().enumerate() {
        for piece in PIECES {
            let name = format!("{number}: {piece:?}");
            all.push((
                name,
                Box::new(move |bytes| {
                    one(format!("{before}{}{after}", piece.repeat(bytes / piece.len() + 1)))
                }),
            ));
        }
    }
    let mut add = |name: &str, make: fn(usize) -> String| {
        all.push((name.to_owned(), Box::new(move |bytes| one(make(bytes)))));
    };
    add("one long name", |bytes| format!("organization {} {{ }}\n", "a".repeat(bytes)));
    add("one long title", |bytes| format!("organization o \"{}\" {{ }}\n", "a".repeat(bytes)));
    add("one title of escapes that never end", |bytes| {
        format!("organization o \"{}\" {{ }}\n", "\\u{".repeat(bytes / 3))
    });
    add("one long comment", |bytes| format!("// {}\n", "c".repeat(bytes)));
    add("one long remark", |bytes| format!("/// {}\norganization o {{ }}\n", "d".repeat(bytes)));
    add("one long line of roles", |bytes| within("role r { grant nothing: view } ", bytes));
    add("one long list", |bytes| within(&format!("role r from {} {{ }}\n", "a, ".repeat(bytes / 3)), 1));
    add("one long list of people", |bytes| {
        let people: String = (0..bytes / 8).map(|number| format!("\"p{number}\", ")).collect();
        within(&format!("role r {{ grant all: view }}\nassign r to {people}\"last\"\n"), 1)
    });
    add("roles without bases", |bytes| {
        numbered(bytes, |number| format!("role r{number} from s{number} {{ }}\n"))
    });
    add("roles that all clash", |bytes| within("role r { grant all: view }\n", bytes));
    add("each role from the one before", |bytes| {
        numbered(bytes, |number| format!("role r{number} from r{} {{ }}\n", number.saturating_sub(1)))
    });
    add("each role twice from the one before", |bytes| {
        numbered(bytes, |number| {
            let before = number.saturating_sub(2);
            format!("role r{number} from r{before}, r{} {{ }}\n", before + 1)
        })
    });
    add("diamonds of templates", |bytes| {
        let all = (1..bytes / 40).map(|number| {
            let before = number - 1;
            format!("template a{number} from a{before}, b{before} {{ }}\ntemplate b{number} from a{before}, b{before} {{ }}\n")
        });
        format!(
            "use jumpcloud\ntemplate a0 {{ grant all: view }}\ntemplate b0 {{ }}\n{}",
            all.collect::<String>()
        )
    });
    add("a ring of templates", |bytes| {
        let count = bytes / 24;
        let all =
            (0..count).map(|number| format!("template t{number} from t{} {{ }}\n", (number + 1) % count));
        format!("use jumpcloud\n{}", all.collect::<String>())
    });
    add("rings of two", |bytes| {
        numbered(bytes, |number| format!("role r{number} from r{} {{ }}\n", number ^ 1))
    });
    add("entries of one role", |bytes| {
        let entries = "grant device-management.devices: view\n".repeat(bytes / 38);
        within(&format!("role r {{\n{entries}}}\n"), 1)
    });
    add("names that are nearly there", |bytes| {
        numbered(bytes, |number| {
            format!("role r{number} {{ grant device-managemant.devicse{number}: veiw }}\n")
        })
    });
    add("assignments of roles that are nearly there", |bytes| {
        let roles = "role help-desk-one { grant all: view }\nrole help-desk-two { grant all: view }\n";
        let all = (0..bytes / 40).map(|number| format!("assign help-desk-{number} to \"a{number}\"\n"));
        within(&format!("{roles}{}", all.collect::<String>()), 1)
    });
    add("assignments of one person", |bytes| {
        within("role r { grant all: view }\n", 1).replace(
            "\n}\n",
            &format!("\n{}}}\n", "assign r to \"ana\" from 2026-01-01 until 2026-02-01\n".repeat(bytes / 52)),
        )
    });
    add("organizations that all clash", |bytes| {
        format!("use jumpcloud\n{}", "organization o { role r { } }\n".repeat(bytes / 30))
    });
    add("organizations", |bytes| {
        let all = (0..bytes / 60).map(|number| {
            format!("organization o{number} {{ role r {{ grant all: view }} assign r to \"a\" }}\n")
        });
        format!("use jumpcloud\n{}", all.collect::<String>())
    });
    add("catalogs that all clash", |bytes| "catalog c { category d { e: flag } }\n".repeat(bytes / 37));
    add("rows that all clash", |bytes| {
        format!("catalog c {{ category d {{\n{}}} }}\n", "e: flag\n".repeat(bytes / 8))
    });
    add("rows", |bytes| {
        let rows: String = (0..bytes / 24).map(|number| format!("e{number}: ladder none < a\n")).collect();
        format!(
            "use c\ncatalog c {{ category d {{\n{rows}}} }}\norganization o {{ role r {{ grant d: a }} }}\n"
        )
    });
    add("steps of one ladder", |bytes| {
        let steps: String = (0..bytes / 8).map(|number| format!(" < s{number}")).collect();
        format!("catalog c {{ category d {{ e: ladder none{steps} }} }}\n")
    });
    add("kinds of kinds", |bytes| {
        let kinds: String =
            (0..bytes / 20).map(|number| format!("kind k{number} = k{}\n", number + 1)).collect();
        format!("catalog c {{ {kinds} category d {{ e: k0 }} }}\n")
    });
    add("forbids", |bytes| {
        let forbids: String = (0..bytes / 90)
            .map(|number| format!("forbid \"f{number}\" {{ device-management.devices: full  user-management.users: view }}\n"))
            .collect();
        format!(
            "use jumpcloud\n{forbids}organization o {{ role r {{ grant all: full }} assign r to \"ana\" }}\n"
        )
    });
    add("allowed lints", |bytes| {
        numbered(bytes, |number| {
            format!("// allow(unassigned-role): so it is\nrole r{number} {{ grant all: view }}\n")
        })
    });
    add("allowed lints of nothing", |bytes| "// allow(unassigned-role, x): so it is\n".repeat(bytes / 40));
    add("brackets that mix", |bytes| "{ ( [ < } ) ] > ".repeat(bytes / 16));
    add("deeper and deeper", |bytes| {
        let depth = bytes / 2;
        format!("{}{}", "{".repeat(depth), "}".repeat(depth))
    });
    add("thirty deep, again and again", |bytes| {
        format!("organization o {} {}\n", "{ ".repeat(30), "} ".repeat(29)).repeat(bytes / 133)
    });
    add("quotes and escapes", |bytes| "\"\\u{41}\\n\\q\" ".repeat(bytes / 14));
    add("bytes that are no text", |bytes| "a\u{1}\u{7f}\u{85} ".repeat(bytes / 6));
    // Many files: each imports the next.
    all.push((
        "a chain of imports".to_owned(),
        Box::new(|bytes| {
            let count = bytes / 60;
            let text = |number: usize| {
                format!("use \"f{}.role\"\norganization o{number} {{ role r {{ }} }}\n", number + 1)
            };
            (0..count).map(|number| (format!("f{number}.role"), text(number))).collect()
        }),
    ));
    all
}

fn one(text: String) -> Vec<(String, String)> {
    vec![("a.role".to_owned(), text)]
}

/// A text of an organization in which something stands until it is long enough.
fn within(piece: &str, bytes: usize) -> String {
    format!("use jumpcloud\norganization o {{\n{}\n}}\n", piece.repeat(bytes / piece.len() + 1))
}

/// The same of pieces that count.
fn numbered(bytes: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::from("use jumpcloud\norganization o {\n");
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text += &piece(number);
    }
    text + "}\n"
}

/// What the processor has spent on this thread: whatever else the machine does, it is not in it.
fn spent() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).try_into().unwrap()
}

/// What a family costs at a size.
#[derive(Clone, Copy)]
struct Cost {
    /// To compile it.
    compile: Duration,
    /// To format it.
    format: Duration,
    /// To write what is found, for people and for programs.
    write: Duration,
    /// How much was written.
    written: usize,
}

impl Cost {
    fn all(self) -> Duration {
        self.compile + self.format + self.write
    }

    fn min(self, other: Self) -> Self {
        Self {
            compile: self.compile.min(other.compile),
            format: self.format.min(other.format),
            write: self.write.min(other.write),
            written: self.written,
        }
    }

    /// What takes too long: to compile or to format, and to write a hundred megabytes of findings.
    fn is_over(self, most: Duration) -> bool {
        let hundreds = u32::try_from(self.written / 100_000_000).unwrap() + 1;
        self.compile > most || self.format > most || self.write > most.saturating_mul(hundreds)
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { compile, format, write, written } = self;
        write!(f, "{compile:.2?} to compile, {format:.2?} to format, {write:.2?} to write {written} bytes")
    }
}

/// What a family costs at a size, the best of some times.
fn measured(family: &Family, bytes: usize, times: usize) -> Cost {
    let files = family.1(bytes);
    let once = || {
        let begun = spent();
        let compiled = compile(Sources::from_iter(files.iter().cloned()));
        let is_compiled = spent();
        let formatted: usize = files.iter().map(|(_, text)| format(text).text.len()).sum();
        let is_formatted = spent();
        let mut out = Vec::new();
        Human { sources: &compiled.sources, color: Color::Never }
            .render(&compiled.findings, &mut out)
            .unwrap();
        let mut written = out.len();
        out.clear();
        json::write(&json::Findings::new(&compiled.sources, &compiled.findings), &mut out).unwrap();
        written += out.len();
        let is_written = spent();
        assert!(formatted + written > 0);
        Cost {
            compile: is_compiled.saturating_sub(begun),
            format: is_formatted.saturating_sub(is_compiled),
            write: is_written.saturating_sub(is_formatted),
            written,
        }
    };
    (0..times).map(|_| once()).reduce(Cost::min).unwrap()
}

/// What the first look at some memory may take, however short the text.
const NOISE: Duration = Duration::from_micros(400);

/// Texts that grow, how much longer each may take than the one before, and how long the last in each of its parts.
struct Growth {
    sizes: Vec<usize>,
    most: f64,
    last: Duration,
}

impl Growth {
    fn wanted() -> Self {
        if std::env::var("LINEAR").is_ok_and(|it| it == "long") {
            let sizes = (10..=20).map(|power| 1 << power).collect();
            return Self { sizes, most: 2.3, last: Duration::from_secs(1) };
        }
        Self { sizes: vec![8 << 10, 32 << 10], most: 8.0, last: Duration::MAX }
    }

    fn is_long(&self) -> bool {
        self.sizes.len() > 2
    }

    /// How long a family takes at each size. What seems to be too long is measured again.
    fn costs(&self, family: &Family) -> Vec<Cost> {
        const AGAIN: [usize; 5] = [2, 3, 4, 6, 8];
        let mut best: Vec<Cost> = self.sizes.iter().map(|bytes| measured(family, *bytes, 1)).collect();
        for times in AGAIN {
            let ratios = ratios(&best);
            let is_slow = |at: usize| ratios.get(at).is_some_and(|ratio| *ratio > self.most);
            let again: Vec<usize> =
                (0..best.len()).filter(|at| is_slow(*at) || (*at > 0 && is_slow(at - 1))).collect();
            for at in &again {
                best[*at] = best[*at].min(measured(family, self.sizes[*at], times));
            }
            if again.is_empty() && best.last().is_none_or(|last| !last.is_over(self.last)) {
                break;
            }
            if again.is_empty() {
                let last = best.len() - 1;
                best[last] = best[last].min(measured(family, self.sizes[last], 2));
            }
        }
        best
    }
}

/// How many times as long each takes as the one before.
fn ratios(costs: &[Cost]) -> Vec<f64> {
    let ratio = |pair: &[Cost]| pair[1].all().as_secs_f64() / (pair[0].all() + NOISE).as_secs_f64();
    costs.windows(2).map(ratio).collect()
}

#[test]
fn every_family_takes_time_as_its_text_is_long() {
    // A large text is worked on side by side, which would be time of other threads.
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(on_one_thread);
}

fn on_one_thread() {
    let growth = Growth::wanted();
    let all = families();
    assert!(all.len() >= 150, "{} families", all.len());
    // The first text of all pays for what is made once.
    measured(&all[0], 1 << 10, 1);
    let (mut worst, mut slowest, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for family in &all {
        let costs = growth.costs(family);
        for (at, ratio) in ratios(&costs).into_iter().enumerate() {
            let told = format!(
                "{ratio:.2} times as long ({:.2?}), from {} to {} bytes of {}",
                costs[at + 1].all(),
                growth.sizes[at],
                growth.sizes[at + 1],
                family.0
            );
            if ratio > growth.most {
                wrong.push(told.clone());
            }
            worst.push((ratio, told));
        }
        let (last, bytes) = (*costs.last().unwrap(), growth.sizes.last().unwrap());
        let told = format!("{last} for {bytes} bytes of {}", family.0);
        if last.is_over(growth.last) {
            wrong.push(told.clone());
        }
        if growth.is_long() {
            eprintln!("    {told}");
        }
        slowest.push((last.all(), told));
    }
    worst.sort_by(|one, other| other.0.total_cmp(&one.0));
    slowest.sort_by(|one, other| other.cmp(one));
    eprintln!("{} families in {} sizes; of all, the worst:", all.len(), growth.sizes.len());
    worst.iter().take(8).for_each(|(_, told)| eprintln!("{told}"));
    slowest.iter().take(8).for_each(|(_, told)| eprintln!("{told}"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
