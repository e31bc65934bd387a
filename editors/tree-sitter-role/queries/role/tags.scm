(catalog id: (_) @name) @definition.module
(organization id: (_) @name) @definition.module
(category id: (_) @name) @definition.interface
(kind id: (_) @name) @definition.type
(template id: (_) @name) @definition.class
(role id: (_) @name) @definition.class
(forbid title: (_) @name) @definition.constant
(require title: (_) @name) @definition.constant
(test title: (_) @name) @definition.function

(role_reference [(identifier) (string)] @name) @reference.class
(held_role [(identifier) (string)] @name) @reference.class
