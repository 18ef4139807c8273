//! How folders and message lists look.
