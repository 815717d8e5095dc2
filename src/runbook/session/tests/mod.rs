//! The driver, with eyes and hands that do as they are told.

mod fakes;
mod resume;
mod secrets;
mod stop;
mod walk;
