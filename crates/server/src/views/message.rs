//! How one message looks.
