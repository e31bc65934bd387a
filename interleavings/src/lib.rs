//! What loom tries of rolec: see `tests/reload.rs`. There is no code here.
