//! How the pane looks.
