//! What this grammar reads in a text, written as `compiler.rs` writes what the compiler reads.

use std::ops::Range;

use tree_sitter::Node;

/// The tokens of a tree, in order; comments are none, and a string is one.
pub(crate) fn leaves(root: Node<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if node.kind() == "string" || node.child_count() == 0 {
            found.extend((!node.byte_range().is_empty()).then(|| node.byte_range()));
        } else {
            open.extend(children(node).into_iter().rev());
        }
    }
    found
}

/// The items below a node, by where they stand.
pub(crate) fn items(root: Node<'_>, text: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![root]);
    while let Some(node) = open.pop() {
        if let Some((at, item)) = item(node, text) {
            found.push((at.start_byte(), format!("{} {item}", at.start_position().row + 1)));
        }
        open.extend(children(node));
    }
    found.sort();
    found.into_iter().map(|(_, item)| item).collect()
}

/// The children of a node, comments left out.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.children(&mut node.walk()).filter(|child| !child.is_extra()).collect()
}

/// The item that a node is, and the word that it is known by.
fn item<'t>(node: Node<'t>, text: &str) -> Option<(Node<'t>, String)> {
    // A keyword is called as the node that it leads.
    if !node.is_named() {
        return None;
    }
    let of = Of { node, text };
    let field = |name| node.child_by_field_name(name);
    Some(match node.kind() {
        "use" => {
            (field("catalog")?, format!("use {}{}", of.field("catalog"), of.maybe("version", "version")))
        }
        "catalog" => {
            let more = of.maybe("title", "title") + &of.maybe("version", "version");
            (field("id")?, format!("catalog {}{more}", of.field("id")))
        }
        "kind" => (field("id")?, format!("kind {} = {}", of.field("id"), of.shape(field("shape")?))),
        "limit" => {
            // As the compiler reads one too large, which it has a finding of its own for.
            let value: u32 = of.field("value").parse().unwrap_or(u32::MAX);
            (field("id")?, format!("limit {} {value}", of.field("id")))
        }
        "super" => (field("template")?, format!("super {}", of.field("template"))),
        "ids" => (node, "ids".to_owned()),
        "category" => (field("id")?, format!("category {}{}", of.field("id"), of.maybe("title", "title"))),
        "row" => {
            let kind = match field("kind")? {
                name if matches!(name.kind(), "identifier" | "string") => format!("kind {}", of.text(name)),
                shape => of.shape(shape),
            };
            let without =
                of.below("without").map(|without| of.list_of(without, &["level"])).unwrap_or_default();
            let options = of.below("row_options").map(children).unwrap_or_default();
            let options = options.into_iter().filter(Node::is_named).map(|option| match option.kind() {
                "note" | "caveat" => format!(" {} {}", option.kind(), of.list_of(option, &["string"])),
                "escalating" => {
                    let of = |node| Of { node, text };
                    let targets = children(option).into_iter().filter(|child| child.kind() == "target");
                    let targets =
                        targets.map(|to| format!("{}.{}", of(to).field("category"), of(to).field("row")));
                    format!(" escalating to {}", targets.collect::<Vec<_>>().join(", "))
                }
                kind => format!(" {}", kind.replace('_', " ")),
            });
            let options: String = options.collect();
            let (id, title) = (of.field("id"), of.maybe("title", "title"));
            (field("id")?, format!("row {id}{title}: {kind} without {without}{options}"))
        }
        kind @ ("template" | "role") => {
            let bases = of.below("bases").map(|bases| of.list_of(bases, &["role_reference"]));
            let default = if of.has("default") { "default " } else { "" };
            let (title, bases) = (of.maybe("title", "title"), bases.unwrap_or_default());
            (field("id")?, format!("{default}{kind} {}{title} from {bases}", of.field("id")))
        }
        "description" => (of.below("string")?, format!("description {}", of.text(of.below("string")?))),
        "grant" => {
            let levels = of.levels();
            let what = match (field("category"), field("row")) {
                (Some(category), Some(row)) => {
                    format!("{}.{}{levels}{}", of.text(category), of.text(row), of.mark())
                }
                (Some(category), None) => {
                    let block = if of.has("grant_block") { " block" } else { "" };
                    format!("{}{levels}{block}", of.text(category))
                }
                (None, _) => format!("all{levels}"),
            };
            (node, format!("grant {what}"))
        }
        "entry" => {
            let mut cursor = node.walk();
            let rows = node.children_by_field_name("row", &mut cursor).map(|row| of.text(row));
            let rows: Vec<&str> = rows.collect();
            (field("row")?, format!("entry {}{}{}", rows.join(", "), of.levels(), of.mark()))
        }
        "organization" => {
            let kind = ["direct", "managed"].into_iter().find(|kind| of.has(kind));
            let kind = kind.map(|kind| format!(" {kind}")).unwrap_or_default();
            let title = of.maybe("title", "title");
            (field("id")?, format!("organization {}{title}{kind}", of.field("id")))
        }
        "assign" => {
            let clauses = children(node).into_iter().filter_map(|clause| match clause.kind() {
                "from" | "until" => {
                    Some(format!(" {} {}", clause.kind(), of.list_of(clause, &["date", "time"])))
                }
                "because" => Some(format!(" because {}", of.list_of(clause, &["string"]))),
                _ => None,
            });
            let clauses: String = clauses.collect();
            let (role, principals) = (of.name(field("role")?), of.list_of(node, &["principal"]));
            (of.name_node(field("role")?), format!("assign {role} to {principals}{clauses}"))
        }
        "forbid" => {
            let exceptions = of.below("exceptions").map(|all| of.list_of(all, &["role_reference"]));
            let exceptions = exceptions.unwrap_or_default();
            (field("title")?, format!("forbid {} except {exceptions}", of.field("title")))
        }
        "condition" => (
            field("category")?,
            format!("condition {}.{}{}", of.field("category"), of.field("row"), of.levels()),
        ),
        "test" => (field("title")?, format!("test {}", of.field("title"))),
        "assertion" => {
            let only = if node.child(0)?.kind() == "only" { "only " } else { "" };
            let subject = format!("{only}{}", of.subjects());
            let cell = format!("{}.{}{}", of.field("category"), of.field("row"), of.levels());
            let at = if of.has("moment") { " at" } else { "" };
            (field("category")?, format!("assertion {subject} {} {cell}{at}", of.field("verdict")))
        }
        "require" => {
            let clauses = children(node).into_iter().filter_map(|clause| match clause.kind() {
                "from" | "until" => {
                    Some(format!(" {} {}", clause.kind(), of.list_of(clause, &["date", "time"])))
                }
                "least" | "most" => {
                    Some(format!(" at {} {}", clause.kind(), of.list_of(clause, &["number"])))
                }
                "exceptions" => Some(format!(" except {}", of.list_of(clause, &["role_reference"]))),
                _ => None,
            });
            let clauses: String = clauses.collect();
            (field("title")?, format!("require {}{clauses}", of.field("title")))
        }
        "held_role" => (of.name_node(node), format!("held {}", of.name(node))),
        "cases" => {
            let first = field("subject")?;
            let at = if of.has("moment") { " at" } else { "" };
            (of.name_node(first), format!("cases {}{at}", of.subjects()))
        }
        "case_row" => {
            let cells = children(node).into_iter().filter(|part| part.kind() == "levels");
            let cells: String = cells.map(|cell| format!(": {}", of.list_of(cell, &["level"]))).collect();
            (field("category")?, format!("case {}.{}{cells}", of.field("category"), of.field("row")))
        }
        _ => return None,
    })
}

/// A node with the text.
struct Of<'t, 's> {
    node: Node<'t>,
    text: &'s str,
}

impl<'t, 's> Of<'t, 's> {
    fn text(&self, node: Node<'_>) -> &'s str {
        &self.text[node.byte_range()]
    }

    fn field(&self, name: &str) -> &'s str {
        self.node.child_by_field_name(name).map(|node| self.text(node)).unwrap_or_default()
    }

    fn maybe(&self, what: &str, name: &str) -> String {
        let field = self.node.child_by_field_name(name);
        field.map(|node| format!(" {what} {}", self.text(node))).unwrap_or_default()
    }

    fn below(&self, kind: &str) -> Option<Node<'t>> {
        children(self.node).into_iter().find(|child| child.kind() == kind)
    }

    fn has(&self, kind: &str) -> bool {
        self.below(kind).is_some()
    }

    /// The name in a node that names, which may lead it by a word.
    fn name_node<'n>(&self, node: Node<'n>) -> Node<'n> {
        node.named_child(0).unwrap_or(node)
    }

    fn name(&self, node: Node<'_>) -> &'s str {
        self.text(self.name_node(node))
    }

    fn principal(&self, node: Node<'_>) -> String {
        let service = node.child(0).is_some_and(|child| child.kind() == "service");
        format!("{}{}", if service { "service " } else { "" }, self.name(node))
    }

    /// The children of some kinds, as texts with commas between.
    fn list_of(&self, node: Node<'_>, kinds: &[&str]) -> String {
        let all =
            children(node).into_iter().filter(|child| child.is_named() && kinds.contains(&child.kind()));
        let texts = all.map(|child| match child.kind() {
            "principal" => self.principal(child),
            "role_reference" => self.name(child).to_owned(),
            _ => self.text(child).to_owned(),
        });
        texts.collect::<Vec<_>>().join(", ")
    }

    /// Everybody that a line of a test names.
    fn subjects(&self) -> String {
        let mut cursor = self.node.walk();
        let all = self.node.children_by_field_name("subject", &mut cursor);
        let texts = all.filter(|subject| subject.is_named()).map(|subject| match subject.kind() {
            "principal" => format!("principal {}", self.principal(subject)),
            _ => format!("role {}", self.name(subject)),
        });
        texts.collect::<Vec<_>>().join(", ")
    }

    fn shape(&self, node: Node<'_>) -> String {
        match node.kind() {
            "flag" => "flag".to_owned(),
            kind => format!("{kind} {}", self.list_of(node, &["level"])),
        }
    }

    fn levels(&self) -> String {
        self.below("levels")
            .map(|levels| format!(": {}", self.list_of(levels, &["level"])))
            .unwrap_or_default()
    }

    fn mark(&self) -> String {
        let Some(mark) = self.below("unconfirmed") else { return String::new() };
        let of = Of { node: mark, text: self.text };
        format!(" unconfirmed{}", of.maybe("by", "basis"))
    }
}
