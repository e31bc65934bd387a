-- The server's lens above a test: `rolec test` in a terminal, of this test alone. The program is the one that serves, and
-- it reads files: what is not written yet is written first.
vim.lsp.commands['rolec.runTest'] = function(command, context)
  local uri, title, organization = unpack(command.arguments)
  local file = vim.uri_to_fname(uri)
  local folder = vim.fs.root(file, { 'rolec.toml', '.git' }) or vim.fs.dirname(file)
  local client = context and vim.lsp.get_client_by_id(context.client_id)
  local server = client and client.config.cmd
  local program = type(server) == 'table' and server[1] or 'rolec'
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.bo[buffer].filetype == 'role' and vim.bo[buffer].modified then
      vim.api.nvim_buf_call(buffer, function() vim.cmd('silent update') end)
    end
  end
  vim.cmd('botright 15new')
  vim.fn.jobstart(
    { program, 'test', folder, '--org=' .. organization, '--exact', '--filter=' .. title },
    { term = true, cwd = folder }
  )
end

vim.lsp.enable('rolec')
