//! The `rolec` binary: calls the command line and nothing else.

fn main() -> std::process::ExitCode {
    rolec::cli::run()
}
