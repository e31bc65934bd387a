-- nvim --clean --headless -l tests/nvim/client.lua ROLEC FOLDER: the language server as people have it. Every step waits
-- for what it wants to see, and fails where it does not come.

local rolec, folder = arg[1], vim.uv.fs_realpath(arg[2])
local root = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1).source:sub(2)))))
vim.opt.runtimepath:append(root .. '/editors/nvim')
vim.cmd('filetype plugin on')
vim.cmd.runtime('ftdetect/role.lua')
vim.cmd.runtime('plugin/rolec.lua')
-- As in editors/nvim/lsp/rolec.lua, but for the program that is tested.
vim.lsp.config('rolec', { cmd = { rolec, 'lsp' } })

local function write(name, text)
  local file = assert(io.open(folder .. '/' .. name, 'w'))
  file:write(text)
  file:close()
end

local function wait(what, holds)
  assert(vim.wait(30000, holds, 5), what .. ' did not come')
end

local function same(wanted, found, what)
  assert(vim.deep_equal(wanted, found), what .. ': ' .. vim.inspect(found))
end

write('rolec.toml', '')
write('roles.role', 'use jumpcloud\n\n/// What the desk may do.\ntemplate desk from help-desk {\n    grant device-management.devices: view\n}\n')
write('people.role', 'use jumpcloud\n\norganization acme "🙂" { role tier1 from desk { grant device-management.devies: full } }\n')

-- Open: the server starts by itself, and says what is wrong.
vim.cmd.edit(folder .. '/people.role')
local buffer = vim.api.nvim_get_current_buf()
same('role', vim.bo.filetype, 'file type')
local function findings(number) return vim.diagnostic.get(number or buffer) end
wait('a finding', function() return #findings() == 1 end)
local finding = findings()[1]
same('R0204', finding.code, 'code')
same('rolec', finding.source, 'source')
local line = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
same('devies', line:sub(finding.col + 1, finding.end_col), 'the word in question')
local client = assert(vim.lsp.get_clients({ bufnr = buffer, name = 'rolec' })[1], 'the server is not attached')
same(folder, client.root_dir, 'root')

-- Asks at a word; gives the result.
local function ask(method, word, more)
  local row = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
  vim.api.nvim_win_set_cursor(0, { 3, (assert(row:find(word, 1, true), word)) })
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client.offset_encoding), more or {})
  local answer = assert(client:request_sync(method, params, 30000, buffer), method .. ': no answer')
  assert(not answer.err, method .. ': ' .. vim.inspect(answer.err))
  return answer.result
end

-- Code action: the near name, as a key for it would take it.
vim.api.nvim_win_set_cursor(0, { 3, finding.col })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == 'write `devices`' end })
wait('the fix', function() return vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]:find('devices: full', 1, true) end)
wait('an end of the finding', function() return #findings() == 0 end)

-- Hover, over what another file says.
local hover = ask('textDocument/hover', 'desk {')
assert(hover.contents.value:find('What the desk may do.', 1, true), vim.inspect(hover))

-- Completion.
local items = ask('textDocument/completion', 'devices')
local labels = vim.tbl_map(function(item) return item.label end, items.items or items)
assert(vim.list_contains(labels, 'devices'), vim.inspect(labels))

-- Rename, across two files.
local row = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
vim.api.nvim_win_set_cursor(0, { 3, (row:find('desk {', 1, true)) })
vim.lsp.buf.rename('front-line')
wait('the new name', function() return vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]:find('from front-line {', 1, true) end)
local other = vim.fn.bufnr(folder .. '/roles.role')
assert(other > 0, 'the other file was not edited')
wait('the new name elsewhere', function()
  return vim.api.nvim_buf_get_lines(other, 3, 4, false)[1] == 'template front-line from help-desk {'
end)
wait('agreement of both files', function() return #findings() == 0 and #findings(other) == 0 end)

-- A mistake in one file is told in the other, which is not shown.
vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { 'organization acme { role tier1 from back-line { grant device-management.devices: full } }' })
wait('a finding', function() return #findings() == 1 and findings()[1].code == 'R0202' end)
vim.api.nvim_buf_set_lines(other, 3, 4, false, { 'template back-line from help-desk {' })
wait('an end of it', function() return #findings() == 0 end)

-- All safe fixes at once, as on saving.
vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { 'organization acme { role tier1 from back-line, back-line { grant device-management.devices: full, } }' })
wait('what can be mended', function() return #findings() == 2 end)
vim.lsp.buf.code_action({ apply = true, context = { only = { 'source.fixAll' }, diagnostics = {} } })
wait('the fixes', function()
  return vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1] == 'organization acme { role tier1 from back-line { grant device-management.devices: full } }'
end)
wait('an end of the findings', function() return #findings() == 0 end)

-- Format.
vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { 'organization acme{role tier1 from back-line{grant device-management.devices:full}}' })
vim.lsp.buf.format({ timeout_ms = 30000 })
same('organization acme { role tier1 from back-line { grant device-management.devices: full } }', vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1], 'formatted')

-- Definition, into the catalog that came with the program.
vim.cmd.write()
local at = vim.fn.search('devices')
assert(at > 0)
local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
local found = assert(client:request_sync('textDocument/definition', params, 30000, buffer)).result
assert(vim.uri_to_fname(found[1].uri):find('jumpcloud/catalog.role', 1, true), vim.inspect(found))

-- The lens above a test runs this one alone, of a text that was not written yet.
vim.api.nvim_buf_set_lines(buffer, 2, 3, false, {
  'organization acme {',
  '    role tier1 from back-line { grant device-management.devices: full }',
  '    test "nothing is seen" { tier1 cannot device-management.devices: view }',
  '    test "-- all \\"devices\\"; 🙂" { tier1 can device-management.devices: view }',
  '}',
})
local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
local lenses = assert(client:request_sync('textDocument/codeLens', params, 30000, buffer)).result
local function lens_of(title)
  return vim.iter(lenses):find(function(lens) return (lens.command.arguments or {})[2] == title end).command
end
local function runs(title, wanted)
  client:exec_cmd(lens_of(title), { bufnr = buffer })
  local terminal = vim.api.nvim_get_current_buf()
  same('terminal', vim.bo[terminal].buftype, 'where the test runs')
  local shown = function() return table.concat(vim.api.nvim_buf_get_lines(terminal, 0, -1, false), '\n') end
  wait(wanted .. ' in ' .. shown(), function() return shown():find(wanted, 1, true) end)
  vim.cmd.bdelete({ bang = true })
end
assert(vim.bo[buffer].modified)
runs('-- all "devices"; 🙂', '1 passed, 0 failed (1 line), 1 left out')
assert(not vim.bo[buffer].modified, 'it was not written')
runs('nothing is seen', '0 passed, 1 failed (1 line), 1 left out')

-- A policy that nothing marks: the folder of the file, with the others in it.
local bare = vim.fs.dirname(folder) .. '/bare'
vim.fn.mkdir(bare)
for _, name in ipairs({ 'roles.role', 'people.role' }) do
  assert(vim.uv.fs_copyfile(folder .. '/' .. name, bare .. '/' .. name))
end
vim.fn.writefile({ 'use jumpcloud', 'template back-line from help-desk {}' }, bare .. '/roles.role')
vim.cmd.edit(bare .. '/people.role')
local unmarked = vim.api.nvim_get_current_buf()
vim.api.nvim_buf_set_lines(unmarked, -1, -1, false, { 'organization acme { assign back-line to "ada" assign front-line to "ada" }' })
wait('a finding of the bare policy', function() return #findings(unmarked) == 1 and findings(unmarked)[1].code == 'R0202' end)
local second = vim.lsp.get_clients({ bufnr = unmarked, name = 'rolec' })[1]
same(bare, second.root_dir, 'the root of a policy without a mark')
second:stop()

client:stop()
wait('an end of the server', function() return client:is_stopped() end)
io.stdout:write('neovim: all of it\n')
