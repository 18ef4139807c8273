//! How the demo's hints look.
