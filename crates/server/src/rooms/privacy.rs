//! What is read and stored, for everybody to know.

use crate::error::Failure;
use crate::session::{Guest, Visitor};
use crate::views;
use maud::Markup;

pub async fn privacy(guest: Guest, visitor: Result<Visitor, Failure>) -> Markup {
    match visitor {
        Ok(visitor) => views::privacy::page(&visitor),
        Err(_) => views::privacy::door(&guest),
    }
}
