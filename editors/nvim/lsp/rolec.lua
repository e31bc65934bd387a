return {
  cmd = { 'rolec', 'lsp' },
  filetypes = { 'role' },
  -- Without a mark the folder of the file is the policy; the home folder is none.
  root_dir = function(buffer, on_dir)
    local file = vim.api.nvim_buf_get_name(buffer)
    local folder = file ~= '' and vim.fs.dirname(file) or nil
    on_dir(vim.fs.root(buffer, { 'rolec.toml', '.git' }) or (folder ~= vim.uv.os_homedir() and folder or nil))
  end,
}
