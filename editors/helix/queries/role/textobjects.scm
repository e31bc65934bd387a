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
] @test.around

(test body: (_) @test.inside)
(forbid body: (_) @test.inside)
(require body: (_) @test.inside)

[
  (row)
  (entry)
  (condition)
  (assertion)
  (held_role)
  (case_row)
  (assign)
] @entry.around

[
  (comment)
  (doc_comment)
] @comment.inside

(comment)+ @comment.around
(doc_comment)+ @comment.around
