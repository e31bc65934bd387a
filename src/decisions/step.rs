//! Steps: what somebody holds until when, for those who hold other things at other times.

use crate::vocab::Time;

/// A step as it lies in a file: until when; where the row begins, and above that how many steps of the same person
/// follow.
pub(in crate::decisions) type Step = [u64; 2];

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decisions) struct Lasting {
    /// The first second at which it does not hold any more. The last step has no end.
    pub(in crate::decisions) until: Time,
    /// Where the row begins; `NONE` where nothing is in force.
    pub(in crate::decisions) row: u32,
    /// How many of the same person follow.
    pub(in crate::decisions) follow: u32,
}

impl Lasting {
    pub(in crate::decisions) fn read(step: &Step) -> Self {
        let [until, row] = step.map(u64::from_le);
        Self { until: Time(until.cast_signed()), row: row as u32, follow: (row >> 32) as u32 }
    }

    pub(in crate::decisions) fn write(self) -> Step {
        let row = u64::from(self.row) | u64::from(self.follow) << 32;
        [self.until.0.cast_unsigned(), row].map(u64::to_le)
    }

    /// Whether it is the last one of somebody.
    pub(in crate::decisions) fn is_last(self) -> bool {
        self.follow == 0
    }
}
