//! Pieces that screens are drawn from: lines, lists, pages of text, tables, sparklines, and the canvas they go on.

mod canvas;
mod line;
mod list;
mod markdown;
mod page;
mod plain;
mod scroll;
mod spark;
mod table;

pub use canvas::Canvas;
pub use line::{Bar, age, cells, column, column_right, fit, middle, status, wrap};
pub use list::Cursor;
pub use markdown::{Heading, Markdown};
pub use page::Page;
pub use plain::plain;
pub use scroll::Scroll;
pub use spark::spark;
pub use table::{Column, Table};
