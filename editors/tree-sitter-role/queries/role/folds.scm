[
  (catalog_block)
  (category_block)
  (row_options)
  (role_block)
  (grant_block)
  (organization_block)
  (forbid_block)
  (require_block)
  (test_block)
  (cases_block)
] @fold
