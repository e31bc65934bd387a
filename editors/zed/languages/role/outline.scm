; What the server's outline has, for when there is no server.

(doc_comment) @annotation

(catalog
  "catalog" @context
  id: (_) @name) @item

(category
  "category" @context
  id: (_) @name) @item

(row
  id: (_) @name) @item

(template
  "template" @context
  id: (_) @name) @item

(organization
  "organization" @context
  id: (_) @name) @item

(role
  "role" @context
  id: (_) @name) @item

(forbid
  "forbid" @context
  title: (_) @name) @item

(test
  "test" @context
  title: (_) @name) @item

(require
  "require" @context
  title: (_) @name) @item
