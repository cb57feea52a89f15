//! Counts allocations, and the octets that are in use: exact, whatever else the machine does.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The allocator of the system, with counts for each thread. Programs that count name it as theirs:
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: auth_benches::allocations::Counting = auth_benches::allocations::Counting;
/// ```
#[derive(Debug)]
pub struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
    static IN_USE: Cell<isize> = const { Cell::new(0) };
}

// Nothing is counted while the thread is torn down.

fn count() {
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

fn use_more(octets: isize) {
    let _ = IN_USE.try_with(|in_use| in_use.set(in_use.get() + octets));
}

// SAFETY: every call goes to the system's allocator as it came; counting does not allocate.
#[expect(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        use_more(layout.size().cast_signed());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        use_more(layout.size().cast_signed());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        use_more(size.cast_signed() - layout.size().cast_signed());
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        use_more(-layout.size().cast_signed());
        unsafe { System.dealloc(block, layout) }
    }
}

/// How many allocations (and reallocations) one run makes, once everything is warm.
pub fn per_run(mut run: impl FnMut()) -> u64 {
    (0..3).for_each(|_| run());
    let before = COUNT.get();
    (0..100).for_each(|_| run());
    let all = COUNT.get() - before;
    // Rounded up, so that an allocation now and then is not lost.
    all.div_ceil(100)
}

/// How many octets this thread has asked for and not given back. Below 0 where it gave back what another one asked for.
pub fn in_use() -> isize {
    IN_USE.get()
}
