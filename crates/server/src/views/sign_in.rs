//! The door: one card, one question.

/// Where to sign in before going on to `place`.
pub fn address(place: &str) -> String {
    match place {
        "/" => "/sign-in".to_owned(),
        place => format!("/sign-in?next={}", super::escaped(place)),
    }
}
