(catalog_block
  "}" @end) @indent

(category_block
  "}" @end) @indent

(row_options
  "}" @end) @indent

(role_block
  "}" @end) @indent

(grant_block
  "}" @end) @indent

(organization_block
  "}" @end) @indent

(forbid_block
  "}" @end) @indent

(test_block
  "}" @end) @indent

(require_block
  "}" @end) @indent

(cases_block
  "}" @end) @indent
