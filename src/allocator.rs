//! The allocator of the `rolec` binary. A policy becomes many small trees on several threads, which are given back: the C
//! library's allocator takes longer for that, the more so the more threads there are. A library leaves the choice to the
//! program that it is part of, so this is a part of main.rs, and of the benchmark of what the binary does.

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Read by jemalloc before the program begins: unused memory goes back to the system after half a second. It would be ten
/// seconds otherwise, and a large cloud would take a fifth more memory.
#[allow(unsafe_code, reason = "a name that is looked for by C, which nothing else has")]
#[unsafe(export_name = "_rjem_malloc_conf")]
static SETTINGS: &[u8; 36] = b"dirty_decay_ms:500,muzzy_decay_ms:0\0";
