; Each token has one colour, so that the order of these means nothing.
;
; Words of the language. One that stands as an id is an `identifier` in the tree, so none of these takes it.

[
  "use"
  "catalog"
  "template"
  "organization"
  "role"
  "category"
  "kind"
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
] @keyword.modifier

[
  "can"
  "cannot"
] @keyword.operator

[
  "escalating"
  "unconfirmed"
] @attribute

; Names

(catalog id: (_) @module)
(organization id: (_) @module)
(use catalog: (_) @module)
(kind id: (_) @type.definition)
(row kind: [(identifier) (string)] @type)
(limit id: (_) @constant)

(template id: (_) @type.definition)
(role id: (_) @type.definition)
(role_reference [(identifier) (string)] @type)
(held_role [(identifier) (string)] @type)
(super template: (_) @type)

(category id: (_) @label)
(grant category: (_) @label)
(condition category: (_) @label)
(target category: (_) @label)
(assertion category: (_) @label)
(case_row category: (_) @label)

(row id: (_) @property)
(grant row: (_) @property)
(entry row: (_) @property)
(condition row: (_) @property)
(target row: (_) @property)
(assertion row: (_) @property)
(case_row row: (_) @property)

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
  (description (string) @string.documentation)
  (note (string) @string.documentation)
  (caveat (string) @string.documentation)
  (because (string) @string.documentation)
  (unconfirmed basis: (string) @string.documentation)
  (principal (string) @string.special)
]

(escape) @string.escape
(number) @number
(date) @number
(time) @number

(doc_comment) @comment.documentation
(comment) @comment

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
