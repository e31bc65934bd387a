//! Compiles the generated parser, and nothing else.

fn main() {
    let folder = std::path::Path::new("src");
    let parser = folder.join("parser.c");
    cc::Build::new().std("c11").include(folder).file(&parser).warnings(false).compile("tree-sitter-role");
    println!("cargo:rerun-if-changed={}", parser.display());
}
