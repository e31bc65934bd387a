vim.bo.commentstring = '// %s'
vim.bo.comments = ':///,://'
vim.bo.iskeyword = '@,48-57,_,-'
vim.bo.expandtab = true
vim.bo.shiftwidth = 4

-- Colours and folds, where the parser is built; the server's semantic tokens do without it.
if pcall(vim.treesitter.start) then
  vim.wo[0][0].foldmethod = 'expr'
  vim.wo[0][0].foldexpr = 'v:lua.vim.treesitter.foldexpr()'
  vim.wo[0][0].foldlevel = 99
end
