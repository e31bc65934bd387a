//! Whether two texts of a whole policy mean the same, where both compile: asks the compiler, and knows nothing of
//! layout.

use crate::pipeline::compile;
use crate::source::Sources;

/// What a policy decides otherwise after formatting; nothing where it means the same, or did not compile before.
pub fn same_policy(before: Sources, after: Sources) -> Result<(), String> {
    let Some(before) = compile(before).table else { return Ok(()) };
    let Some(after) = compile(after).table else {
        return Err("the policy does not compile any more".to_owned());
    };
    before.difference(&after).map_or(Ok(()), Err)
}
