-- The server's lens above a test: `rolec test` in a terminal, on the policy that the test stands in.
vim.lsp.commands['rolec.runTest'] = function(command)
  local file = vim.uri_to_fname(command.arguments[1])
  local folder = vim.fs.root(file, { 'rolec.toml', '.git' }) or vim.fs.dirname(file)
  vim.cmd('botright 15new')
  vim.fn.jobstart({ 'rolec', 'test', folder }, { term = true, cwd = folder })
end

vim.lsp.enable('rolec')
