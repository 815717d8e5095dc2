//! A frame in ASCII, for terminals and fonts that garble the rest. What servers said is no exception.

use ratatui::buffer::Buffer;

use super::cells;

/// Puts a mark of ASCII in the place of every other character; as wide as what stood there, so that nothing moves.
pub fn plain(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if !cell.symbol().is_ascii() {
            let width = cells(cell.symbol());
            let mark = mark(cell.symbol());
            cell.set_symbol(if width > 1 { "? " } else { mark });
        }
    }
}

fn mark(symbol: &str) -> &'static str {
    match symbol {
        "…" | "≈" => "~",
        "–" | "—" | "─" | "━" => "-",
        "│" | "┃" => "|",
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" => "+",
        "•" | "·" => "*",
        "×" => "x",
        "→" | "▶" => ">",
        "←" => "<",
        "↑" => "^",
        "↓" => "v",
        "█" | "▓" | "▒" | "░" => "#",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    #[test]
    fn nothing_but_ascii_is_left_and_nothing_moves() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(0, 0, "a… │ 日本 é — end", Style::default());
        plain(&mut buffer);
        let text: String =
            buffer.content.iter().map(|cell| if cell.symbol().len() > 1 { "?" } else { cell.symbol() }).collect();
        assert!(buffer.content.iter().all(|cell| cell.symbol().is_ascii()));
        assert_eq!(text.trim_end(), "a~ | ? ?  ? - end");
    }
}
