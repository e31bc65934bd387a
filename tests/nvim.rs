//! A real client: Neovim without a screen, with the folder `editors/nvim`, on a policy of two files. Where there is no
//! Neovim of 0.11 or later this is said aloud; with `CI=true` it fails. `NVIM` names the program; `scripts/neovim`
//! fetches one.

#![cfg(all(feature = "cli", feature = "lsp"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// The Neovim that `NVIM` names, else the one that was fetched, else the one on the path.
fn neovim() -> Option<Command> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fetched = root.join("target/neovim/bin/nvim");
    let named = std::env::var_os("NVIM").filter(|name| !name.is_empty());
    let program = match named {
        Some(name) => name,
        None if fetched.is_file() => fetched.into_os_string(),
        None => "nvim".into(),
    };
    let is_new = Command::new(&program)
        .args(["--headless", "--clean", "+lua os.exit(vim.lsp.enable and 0 or 1)"])
        .output()
        .is_ok_and(|output| output.status.success());
    is_new.then(|| Command::new(program))
}

#[test]
fn neovim_uses_all_of_it() {
    let Some(mut neovim) = neovim() else {
        let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
        assert!(!is_ci, "there is no Neovim of 0.11 or later: run scripts/neovim, or set NVIM");
        // By the handle, which the harness does not capture.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: there is no Neovim of 0.11 or later (scripts/neovim fetches one)"
        );
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::temp_dir().join(format!("rolec-nvim-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("policy")).unwrap();
    let output = neovim
        .args(["--clean", "--headless", "-l"])
        .arg(root.join("tests/nvim/client.lua"))
        .arg(env!("CARGO_BIN_EXE_rolec"))
        .arg(folder.join("policy"))
        // Nothing of the user's is read or written.
        .env("HOME", &folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    // What is left over hurts nobody.
    let _ = std::fs::remove_dir_all(&folder);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("neovim: all of it\n"), "{said}");
}
