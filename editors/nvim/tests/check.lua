-- nvim --clean --headless -l editors/nvim/tests/check.lua PARSER.so: the files of this folder in a real Neovim.

local root = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1).source:sub(2))))))
vim.opt.runtimepath:append(root .. '/editors/nvim')
vim.opt.runtimepath:append(root .. '/editors/tree-sitter-role')
vim.treesitter.language.add('role', { path = arg[1] })
vim.cmd('filetype plugin on')
vim.cmd.runtime('ftdetect/role.lua')
vim.cmd.runtime('plugin/rolec.lua')

local function same(wanted, found, what)
  assert(vim.deep_equal(wanted, found), what .. ': ' .. vim.inspect(found))
end

vim.cmd.edit(root .. '/policies/acme/acme.role')
same('role', vim.bo.filetype, 'file type')
same('// %s', vim.bo.commentstring, 'comment')
assert(vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()], 'no colours')

-- Every keyword and name of the first role has the colour that the query gives it.
local function colours(pattern, column)
  local line = vim.fn.search(pattern, 'cw')
  assert(line > 0, pattern)
  return vim.tbl_map(function(capture) return capture.capture end, vim.treesitter.get_captures_at_pos(0, line - 1, column))
end
same({ 'keyword' }, colours('^organization acme', 0), 'organization')
same({ 'module' }, colours('^organization acme', 13), 'its id')
same({ 'comment.documentation' }, colours('^    ///', 4), 'a documentation')
same({ 'type.definition' }, colours('^    role tier1', 9), 'a role')
same({ 'label' }, colours('grant device-management: view {', 14), 'a category')
same({ 'constant' }, colours('grant device-management: view {', 33), 'a level')
same({ 'property' }, colours('remote-assist, remote', 12), 'a row')
same({ 'constant.builtin' }, colours('remote-assist, remote', 51), 'full')

-- A fold begins at a role, and goes deeper at a grant with a block.
local line = vim.fn.search('^    role tier1', 'cw')
same('>2', vim.treesitter.foldexpr(line), 'fold of a role')

local config = vim.lsp.config.rolec
same({ 'rolec', 'lsp' }, config.cmd, 'the server')
same({ 'role' }, config.filetypes, 'its file types')
assert(vim.lsp.is_enabled == nil or vim.lsp.is_enabled('rolec'), 'the server is not enabled')
assert(vim.lsp.commands['rolec.runTest'], 'the lens has no command')
print('neovim: 14 passed\n')
