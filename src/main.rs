//! The `rolec` binary: calls the command line and nothing else.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod allocator;

fn main() -> std::process::ExitCode {
    rolec::cli::run()
}
