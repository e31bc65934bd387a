//! Names that are not known: what may have been meant is told, and never taken.

use crate::run::{Folder, Run};

const TITLED: &str = "use c
catalog c { category sales \"Sales Desk\" { \"price.list\" \"Price List\": ladder none < view < full orders: flag } }
organization elm-law \"Elm & Law\" {
    role tier1 \"Tier 1 Support\" { grant all: full }
    role tier2 \"Tier 2 Support\" { grant sales.orders: on }
    role \"Billing Reader\" { grant sales.\"price.list\": view }
    assign tier1 to \"ana@acme.example\"
    assign \"Billing Reader\" to \"ana@acme.example\"
}
organization oak { role desk from r { grant sales.orders: on } }
template r \"Reader\" { grant all: full }
";

fn titled(args: &str) -> Run {
    Folder::new().with("a.role", TITLED).owned(args)
}

#[test]
fn titles_and_beginnings_are_near() {
    let show = |role: &str| titled("show").arg(role).ends(4).stays_mute();
    show("Tier 1 Support").warns("did you mean `tier1`?");
    show("tier 2 support").warns("did you mean `tier2`?");
    show("Teir 1 Support").warns("did you mean `tier1`");
    show("tier").warns("did you mean `tier1` or `tier2`?");
    show("billing").warns("did you mean `Billing Reader`?");
    show("Reader").warns("did you mean `r`");
    let org = |id: &str| titled("what role:tier1 --org").arg(id).ends(4).stays_mute();
    org("elm").warns("did you mean `elm-law`?");
    org("Elm & Law").warns("did you mean `elm-law`?");
    org("x").warns("error: there is no organization `x`\n");
    let can = |who: &str, what: &str| titled("can --org elm-law").arg(who).arg(what).ends(4);
    can("ana", "orders").has("did you mean `ana@acme.example`? (unknown-principal)");
    can("Tier 1 Support", "orders").has("did you mean `role:tier1`? (unknown-principal)");
    can("role:Tier 1 Support", "orders").has("did you mean `tier1`? (unknown-role)");
    can("role:tier1", "Price List").has("did you mean `price.list`? (unknown-row)");
    can("role:tier1", "Sales Desk.orders").has("did you mean `sales`? (unknown-category)");
    let who = |what: &str| titled("who").arg(what).ends(4).stays_mute();
    who("price list").warns("did you mean `price.list`?");
    who("order").warns("did you mean `orders`?");
}

#[test]
fn a_permission_that_names_nothing() {
    for text in ["", ":", ":view", "sales.", "orders:"] {
        for verb in ["who", "can role:tier1 --org elm-law"] {
            let output = titled(verb).arg(text).ends(2).stays_mute();
            output.warns("error: the permission names no ");
        }
    }
    titled("can role:tier1 --org elm-law --row").arg("").ends(2).stays_mute().warns("names no row");
    let line = "{\"role\": \"tier1\", \"permission\": \"\", \"org\": \"elm-law\"}\n";
    titled("eval -p a.role").stdin(line).ends(1).has("\"malformed\"").has("names no row");
}

#[test]
fn a_category_wants_its_row() {
    let told = Run::new("can ana --category c").ends(2).stays_mute().warns("--row <ID>");
    assert!(!told.stderr.contains("<PERMISSION>\n"), "{told}");
    let told = Run::new("can ana --action view").ends(2).stays_mute().warns("--row <ID>");
    assert!(!told.stderr.contains("<PERMISSION>\n"), "{told}");
    Run::new("can ana").ends(2).stays_mute().warns("<PERMISSION>");
}

#[test]
fn lists_quote_what_must_be_quoted() {
    titled("what ana@acme.example --org elm-law").succeeds(
        "Sales Desk\n  \"price.list\"  full  by \"Billing Reader\", tier1\n  orders        on    by tier1\n",
    );
    titled("who --org elm-law").arg("\"price.list\":view").succeeds(
        "elm-law (direct)\n  role       \"Billing Reader\"\n  role       tier1\n  template   r\n  admin      \
         ana@acme.example  by \"Billing Reader\", tier1\n",
    );
    titled("show tier1").ends(0).has("\n  \"price.list\"  full  ").has("\n  orders        on    ");
}

/// A list that is cut says how much is left out.
#[test]
fn bases_that_are_left_out_are_counted() {
    let mut policy = "use c\ncatalog c { category x { r: flag } }\n".to_owned();
    let ids: Vec<String> = (10..40).map(|index| format!("t{index}")).collect();
    for id in &ids {
        policy += &format!("template {id} {{ grant x.r: on }}\n");
    }
    let count = |count: usize| {
        let role = format!("organization o {{ role r from {} {{ }} }}\n", ids[..count].join(", "));
        Folder::new().with("a.role", format!("{policy}{role}")).owned("can role:r r --why").ends(0).stdout
    };
    assert!(count(30).contains("      given by t11, t12, t13, t14, t15 and 24 more too\n"), "{}", count(30));
    assert!(count(6).contains("      given by t11, t12, t13, t14, t15 too\n"), "{}", count(6));
}

#[test]
fn help_speaks_of_the_verb_it_is_of() {
    let help = |verb: &str| Run::new(verb).arg("--help").ends(0).stdout;
    for verb in ["can", "who"] {
        assert!(help(verb).contains("PERMISSION is `row` or `category.row`"), "{verb}");
    }
    for verb in ["can", "what"] {
        assert!(help(verb).contains("WHO is a principal (`ana@acme.example`) or `role:ID`"), "{verb}");
    }
    for verb in ["show", "who", "what", "eval", "can"] {
        let help = help(verb);
        assert!(help.contains("--org <ID>"), "{help}");
        assert!(!help.contains("`can`, `what` and `eval`"), "{help}");
        // A paragraph is broken where the terminal ends, and nowhere else: no line is short before a long one.
        let below = help.split("Print help").nth(1).unwrap();
        for (line, next) in below.lines().zip(below.lines().skip(1)) {
            let is_broken = !line.is_empty() && !next.is_empty() && !next.starts_with("  ");
            let word = next.split(' ').next().unwrap_or_default();
            assert!(!is_broken || line.len() + 1 + word.len() > 100, "{verb}: {line:?}");
        }
    }
}

/// Of several catalogs that answers which got farthest; where all lack the same, each has its near names.
#[test]
fn who_asks_every_catalog() {
    let one = "use one catalog one { category sales { orders: flag } } organization o { }";
    let two = "use two catalog two { category stock { order: flag shelves: flag } } organization p { }";
    let who = |text: &str| {
        Folder::new().with("one.role", one).with("two.role", two).run("who").arg(text).ends(4).stays_mute()
    };
    who("stock.shelvez").warns("category `stock` has no row `shelvez`; did you mean `shelves`?");
    who("sales.orderz").warns("category `sales` has no row `orderz`; did you mean `orders`?");
    who("shelvez").warns("no catalog of these organizations has a row `shelvez`; did you mean `shelves`?");
    who("orderz").warns("has a row `orderz`; did you mean `orders` or `order`?");
    who("stocks.shelves").warns("has a category `stocks`; did you mean `stock`?");
    who("orders:fly").warns("row `orders` has no action `fly`");
}
