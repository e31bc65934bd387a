# Short names for the commands that work without just too.

# What CI runs.
ci:
    bash .ci/run

# All tests, documentation tests too.
test:
    cargo test --locked

# Write the expectations of fixtures and schemas anew; look at the difference before committing it.
bless:
    BLESS=1 cargo test --locked --test fixtures
    BLESS=1 cargo test --locked --lib schemas

# Figures for people.
bench:
    cargo bench --locked

# The figures beside other engines, and their growth, into docs/performance.md: takes a while, on an idle machine.
figures:
    cargo run --release --locked -p peers -- --write
    cargo bench --locked --bench growth -- --write

# Instructions, against those in the tree.
counts:
    scripts/counts

# The parser of the tree-sitter grammar, after a change of the grammar.
tree-sitter:
    scripts/tree-sitter
    BLESS=1 cargo test --locked -p tree-sitter-role --test corpus

# The extension for VS Code and the files for other people's CI: tested and packed.
editors:
    scripts/editors
