//! Mail (RFC 5322, MIME): the envelope that decisions see, the message that is shown and kept, and HTML made safe.
//! Everything here takes the bytes of strangers: it returns what it understood and notes what it did not.

mod body;
mod compose;
mod date;
mod decode;
mod envelope;
mod fields;
mod flowed;
mod html;
mod ids;
mod markup;
mod message;
mod name;
mod params;
mod parts;
mod people;
mod plain;
mod style;
mod tame;
mod tokens;
mod words;

pub use compose::{File, Importance, Parts, composed, looks_like_html};
pub use envelope::envelope;
pub use html::{Images, SafeHtml, safe_html};
pub use markup::text_to_html;
pub use message::{Attachment, Message, Note, Protection, message};
pub use name::clean_filename;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod torture;
#[cfg(test)]
mod xss;
