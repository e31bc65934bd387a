return {
  cmd = { 'rolec', 'lsp' },
  filetypes = { 'role' },
  root_markers = { 'rolec.toml', '.git' },
}
