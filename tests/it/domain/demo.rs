//! The demo place and its lists.
