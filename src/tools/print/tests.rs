//! The canonical form, to the byte.

use crate::pipeline::compile;
use crate::source::Sources;
use crate::tools::print::print;

fn printed(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let compiled = compile(Sources::from_iter(files.iter().copied()));
    assert!(!compiled.findings.has_errors(), "{:#?}", compiled.findings);
    print(compiled.model.as_ref().unwrap(), &compiled.sources)
}

/// Everything that the language has, in no order and in odd spellings.
const MESSY: &str = r#"
use shop "4"
forbid "no" except role "Buyer", root { sales.use: full  sales.orders: refund, read }
/// Whoever buys.
organization o "O" { assign buyer to "ana", service "robot"  until 2027-01-01 because "new"  from 2026-11-01T10:00:00+02:00
  role buyer from nothing { grant sales.orders: read }
  role "Buyer" "The \u{22}Buyer\u{22}" from root, role buyer { grant sales { use: none } description "Buys." }
  test "t" { role "Buyer" can sales.orders  "ana" cannot sales.orders: refund, "full" at 2026-12-01T00:00:00Z }
  forbid "empty" except root { sales."2026": on }
  test "a" { service "robot" cannot sales."2026" }
}
default template root { grant all: full  grant sales: read { "2026", orders: none unconfirmed  customers: view unconfirmed "a page" } }
organization o { assign root to "zoe" }
/// Our shop.
///
///   Indented.
catalog shop "Shop" version "4" {
  super root limit custom-roles 9
  kind steps = ladder none < view < full
  category sales "Sales" {
    /// What was ordered.
    orders: verbs read, refund, "to" without to
    use: steps { escalating only managed }  customers "Customers": steps without none { note "n" caveat "c" }
    "2026": flag { escalating to sales.customers, sales.orders }
  }
  kind unused = flag
  ids case-sensitive
}
"#;

const CANONICAL: &str = r#"use shop "4"

/// Our shop.
///
///   Indented.
catalog shop "Shop" version "4" {
    ids case-sensitive

    kind steps = ladder none < view < full

    category sales "Sales" {
        /// What was ordered.
        orders: verbs read, refund, "to" without "to"
        "use": steps {
            escalating
            only managed
        }
        customers "Customers": steps without none {
            note "n"
            caveat "c"
        }
        "2026": flag { escalating to sales.orders, sales.customers }
    }

    limit custom-roles 9
    super root
}

default template root {
    grant all: full
    grant sales: read {
        orders: none unconfirmed
        customers: view unconfirmed "a page"
        "2026": none unconfirmed
    }
}

/// Whoever buys.
organization o "O" direct {
    role Buyer "The \"Buyer\"" from buyer, root {
        description "Buys."

        grant sales."use": none
    }

    role buyer {
        grant sales.orders: read
    }

    assign buyer to "ana" from 2026-11-01T08:00:00Z until 2027-01-01 because "new"
    assign buyer to service "robot" from 2026-11-01T08:00:00Z until 2027-01-01 because "new"
    assign root to "zoe"

    forbid "empty" except root {
        sales."2026": on
    }

    test "a" {
        service "robot" cannot sales."2026"
    }

    test "t" {
        Buyer can sales.orders
        "ana" cannot sales.orders: refund, full at 2026-12-01
    }
}

forbid "no" except Buyer, root {
    sales."use": full
    sales.orders: refund, read
}
"#;

#[test]
fn the_canonical_form() {
    let printed = printed(&[("messy.role", MESSY)]);
    assert_eq!(printed.len(), 1);
    assert_eq!(printed[0].0, "shop.role");
    assert_eq!(printed[0].1, CANONICAL);
}

/// A file for each catalog. One whose id is no word is used by its path, and a built-in one is not written again.
#[test]
fn a_file_for_each_catalog() {
    let printed = printed(&[
        ("a.role", "use \"b/c.role\" organization \"my org\" {}"),
        ("b/c.role", "catalog \"my shop\" { category c { r: flag } }"),
        ("d.role", "use jumpcloud template t from help-desk {}"),
        ("e.role", "catalog catalog-1 { category c { r: flag } }"),
    ]);
    let files: Vec<(&str, &str)> = printed.iter().map(|(name, text)| (&**name, &**text)).collect();
    let shop = "\ncatalog \"my shop\" {\n    category c {\n        r: flag\n    }\n}\n";
    assert_eq!(
        files,
        [
            ("catalog-1.role", "catalog catalog-1 {\n    category c {\n        r: flag\n    }\n}\n"),
            ("jumpcloud.role", "use jumpcloud \"2026-11\"\n\ntemplate t from help-desk {}\n"),
            (
                "catalog-2.role",
                &*format!("use \"catalog-2.role\"\n{shop}\norganization \"my org\" direct {{}}\n")
            ),
        ]
    );
}
