[
  (catalog)
  (organization)
  (template)
  (role)
] @class.around

(catalog body: (_) @class.inside)
(organization body: (_) @class.inside)
(template body: (_) @class.inside)
(role body: (_) @class.inside)

[
  (test)
  (forbid)
  (require)
] @function.around

(test body: (_) @function.inside)
(forbid body: (_) @function.inside)
(require body: (_) @function.inside)

(comment)+ @comment.around
(doc_comment)+ @comment.around
