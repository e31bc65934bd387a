# Whether somebody may do something. Asked with
#   {"organization", "principal" or "role", "category", "row", "action" (all of the row's without it), "at"}
# where `at` counts the seconds since 1970 began in UTC. Whatever is not known is denied.
package rolec

import rego.v1

default allow := false

allow if {
	count(asked) > 0
	count(asked - held) == 0
}

organization := data.organizations[input.organization]

actions := {action | some action in data.catalogs[organization.catalog][input.category][input.row]}

asked := actions if is_whole

asked := {input.action} & actions if not is_whole

is_whole if not input.action

is_whole if input.action == "full"

held contains action if {
	some role in in_force
	some action in organization.roles[role][input.category][input.row]
}

in_force contains input.role if {
	organization.roles[input.role]
	not input.principal
}

in_force contains given.role if {
	not input.role
	is_number(input.at)
	some given in organization.principals[input.principal].assignments
	has_begun(given)
	not has_ended(given)
}

has_begun(given) if given.from == null

has_begun(given) if given.from <= input.at

has_ended(given) if {
	given.until != null
	given.until <= input.at
}
