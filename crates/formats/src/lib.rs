//! The workbench: bytes of strangers to values and back. Pure: no clock, no network, no database, and no panic.

pub mod fetchxml;
pub mod mime;
pub mod odata;
pub mod question;
pub mod sheet;
pub mod tsql;
