//! The extension for Zed: starts `rolec lsp`. Knows nothing of the language: its words are the grammar's, its rules the
//! server's. It fetches no program.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, LanguageServerId, Result, Worktree};

/// The program, and the key of its settings: `lsp.rolec`.
const ROLEC: &str = "rolec";

struct Rolec;

impl zed::Extension for Rolec {
    fn new() -> Self {
        Self
    }

    /// The program that the settings name, else the one on the path.
    fn language_server_command(
        &mut self,
        _server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<zed::Command> {
        let named = LspSettings::for_worktree(ROLEC, worktree).ok().and_then(|settings| settings.binary);
        let (path, args) = named.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which(ROLEC)).ok_or_else(|| {
            "there is no `rolec` on the PATH; install it, or name its place in the settings: `lsp.rolec.binary.path`".to_owned()
        })?;
        Ok(zed::Command {
            command,
            args: args.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Rolec);
