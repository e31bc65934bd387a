//! Whether two texts of a whole policy mean the same, where both compile: asks the compiler, and knows nothing of
//! layout.

use crate::pipeline::compile;
use crate::source::Sources;

/// What a policy decides otherwise after formatting; nothing where it means the same, or did not compile before.
///
/// ```
/// use rolec::source::Sources;
/// use rolec::tools::format::same_policy;
///
/// let policy = |text: &str| Sources::from_iter([("a.role", text)]);
/// let before = "use jumpcloud template t { grant all: view }";
/// assert_eq!(same_policy(policy(before), policy(&before.replace(' ', "\n"))), Ok(()));
/// let other = before.replace("view", "none");
/// assert_eq!(same_policy(policy(before), policy(&other)), Err("role `t`".to_owned()));
/// ```
pub fn same_policy(before: Sources, after: Sources) -> Result<(), String> {
    let Some(before) = compile(before).table else { return Ok(()) };
    let Some(after) = compile(after).table else {
        return Err("the policy does not compile any more".to_owned());
    };
    before.difference(&after).map_or(Ok(()), Err)
}
