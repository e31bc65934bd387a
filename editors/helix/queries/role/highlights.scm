; The colours of Helix; ../../../tree-sitter-role/queries has those that other editors know.
;
; Each token has one colour, so that the order of these means nothing.
;
; Words of the language. One that stands as an id is an `identifier` in the tree, so none of these takes it.

"use" @keyword.directive

[
  "catalog"
  "template"
  "organization"
  "role"
  "category"
  "kind"
] @keyword.storage.type

[
  "ladder"
  "verbs"
  "flag"
  "limit"
  "super"
  "ids"
  "case-sensitive"
  "version"
  "assign"
  "grant"
  "forbid"
  "except"
  "require"
  "least"
  "most"
  "test"
  "cases"
  "description"
  "note"
  "caveat"
  "from"
  "to"
  "until"
  "because"
  "at"
  "all"
  "nothing"
  "service"
] @keyword

[
  "default"
  "direct"
  "managed"
  "only"
  "without"
] @keyword.storage.modifier

[
  "can"
  "cannot"
] @keyword.operator

[
  "escalating"
  "unconfirmed"
] @attribute

; Names

(catalog id: (_) @namespace)
(organization id: (_) @namespace)
(use catalog: (_) @namespace)
(kind id: (_) @type)
(row kind: [(identifier) (string)] @type)
(limit id: (_) @constant)

(template id: (_) @type)
(role id: (_) @type)
(role_reference [(identifier) (string)] @type)
(held_role [(identifier) (string)] @type)
(super template: (_) @type)

(category id: (_) @label)
(grant category: (_) @label)
(condition category: (_) @label)
(target category: (_) @label)
(assertion category: (_) @label)
(case_row category: (_) @label)

(row id: (_) @variable.other.member)
(grant row: (_) @variable.other.member)
(entry row: (_) @variable.other.member)
(condition row: (_) @variable.other.member)
(target row: (_) @variable.other.member)
(assertion row: (_) @variable.other.member)
(case_row row: (_) @variable.other.member)

(level (string) @constant)
(level
  (identifier) @constant
  (#not-any-of? @constant "none" "full" "off" "on"))
(level
  (identifier) @constant.builtin
  (#any-of? @constant.builtin "none" "full" "off" "on"))

; Texts

[
  (catalog title: (_) @string)
  (catalog version: (_) @string.special)
  (use version: (_) @string.special)
  (category title: (_) @string)
  (row title: (_) @string)
  (template title: (_) @string)
  (role title: (_) @string)
  (organization title: (_) @string)
  (forbid title: (_) @string)
  (require title: (_) @string)
  (test title: (_) @string)
  (description (string) @string)
  (note (string) @string)
  (caveat (string) @string)
  (because (string) @string)
  (unconfirmed basis: (string) @string)
  (principal (string) @string.special)
]

(escape) @constant.character.escape
(number) @constant.numeric
(date) @constant.numeric
(time) @constant.numeric

(doc_comment) @comment.line.documentation
(comment) @comment.line

; Signs

[
  "{"
  "}"
] @punctuation.bracket

[
  ":"
  ","
  "."
] @punctuation.delimiter

[
  "<"
  "="
  "|"
] @operator
