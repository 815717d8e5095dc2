//! Colours by meaning. A status is never told by colour alone: its word or mark stands beside it.

use ratatui::{
    style::{Color, Modifier, Style},
    symbols::border,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a piece of a screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Ordinary text.
    Text,
    /// What can be overlooked: ages, rules between parts.
    Muted,
    /// Headings.
    Title,
    /// A key in a hint.
    Key,
    /// The row that is chosen.
    Selected,
    /// In order.
    Pass,
    /// Near a limit.
    Warn,
    /// Over a limit.
    Fail,
    /// Not measured.
    Unknown,
    /// An accepted fail.
    Waived,
    /// Old: it may no longer be so.
    Stale,
    /// A production target.
    Production,
    /// Any other target.
    Environment,
    /// What can harm.
    Danger,
    /// Where something is typed.
    Input,
    /// What stands out without a judgement: a multiple, a name.
    Accent,
}

/// Colours and marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Look {
    /// The colours.
    pub palette: Palette,
    /// Whether only ASCII is drawn: for terminals and fonts that garble the rest.
    pub ascii: bool,
}

/// Borders of ASCII.
const PLAIN_BORDER: border::Set<'_> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Look {
    /// How something with this meaning looks.
    pub fn style(self, meaning: Meaning) -> Style {
        self.palette.style(meaning)
    }

    /// One of two marks: as it should be, and where only ASCII is drawn.
    pub fn mark(self, mark: &'static str, plain: &'static str) -> &'static str {
        if self.ascii { plain } else { mark }
    }

    /// The lines of a box.
    pub fn border(self) -> border::Set<'static> {
        if self.ascii { PLAIN_BORDER } else { border::PLAIN }
    }
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, clap::ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// No colours: bold, dim, reverse.
    Mono,
    /// The terminal's own sixteen.
    #[default]
    Ansi,
    /// True colours for a dark ground.
    Dark,
    /// True colours for a light ground.
    Light,
    /// For eyes that do not tell red from green.
    Deuteranopia,
    /// For eyes that do not tell blue from yellow.
    Tritanopia,
    /// The strongest contrasts there are.
    Contrast,
}

/// The hues of a palette: good, near, over, unknown, accent, muted.
struct Hues {
    good: Color,
    near: Color,
    over: Color,
    unknown: Color,
    accent: Color,
    muted: Option<Color>,
}

const fn rgb(hex: u32) -> Color {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color::Rgb(red, green, blue)
}

impl Palette {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Mono, Self::Ansi, Self::Dark, Self::Light, Self::Deuteranopia, Self::Tritanopia, Self::Contrast];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Ansi => "ansi",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Deuteranopia => "deuteranopia",
            Self::Tritanopia => "tritanopia",
            Self::Contrast => "contrast",
        }
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|known| *known == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    fn hues(self) -> Option<Hues> {
        // Deuteranopia and tritanopia: colours of Okabe and Ito's set (2008), which such eyes tell apart.
        let of = |good, near, over, unknown, accent, muted| Some(Hues { good, near, over, unknown, accent, muted });
        match self {
            Self::Mono => None,
            Self::Ansi => of(Color::Green, Color::Yellow, Color::Red, Color::Magenta, Color::Cyan, None),
            Self::Dark => of(
                rgb(0x008f_d694),
                rgb(0x00f2_c14e),
                rgb(0x00ff_6b6b),
                rgb(0x00c3_9bd3),
                rgb(0x007f_c8f8),
                Some(rgb(0x008a_93a0)),
            ),
            Self::Light => of(
                rgb(0x001b_7a2f),
                rgb(0x008a_5a00),
                rgb(0x00b0_1020),
                rgb(0x006a_3d9a),
                rgb(0x0000_5f9e),
                Some(rgb(0x005c_6370)),
            ),
            Self::Deuteranopia => of(
                rgb(0x0056_b4e9),
                rgb(0x00f0_e442),
                rgb(0x00d5_5e00),
                rgb(0x00cc_79a7),
                rgb(0x0056_b4e9),
                Some(rgb(0x008a_93a0)),
            ),
            Self::Tritanopia => of(
                rgb(0x0000_9e73),
                rgb(0x00e6_9f00),
                rgb(0x00d5_5e00),
                rgb(0x00cc_79a7),
                rgb(0x0000_9e73),
                Some(rgb(0x008a_93a0)),
            ),
            Self::Contrast => of(
                Color::LightGreen,
                Color::LightYellow,
                Color::LightRed,
                Color::LightMagenta,
                Color::LightCyan,
                Some(Color::White),
            ),
        }
    }

    /// How something with this meaning looks.
    pub fn style(self, meaning: Meaning) -> Style {
        let plain = Style::new();
        let hues = self.hues();
        let hue = |of: fn(&Hues) -> Color| hues.as_ref().map_or(plain, |hues| plain.fg(of(hues)));
        let muted = match hues.as_ref().map(|hues| hues.muted) {
            Some(Some(colour)) => plain.fg(colour),
            _ => plain.add_modifier(Modifier::DIM),
        };
        match meaning {
            Meaning::Text => plain,
            Meaning::Muted | Meaning::Stale => muted,
            Meaning::Title => plain.add_modifier(Modifier::BOLD),
            Meaning::Key => hue(|h| h.accent).add_modifier(Modifier::BOLD),
            // Of one colour from end to end: reversed colours would make a patchwork of it.
            Meaning::Selected => {
                let even = plain.fg(Color::Reset).bg(Color::Reset);
                even.add_modifier(Modifier::REVERSED).remove_modifier(Modifier::DIM)
            }
            Meaning::Pass => hue(|h| h.good),
            Meaning::Warn => hue(|h| h.near).add_modifier(Modifier::BOLD),
            Meaning::Fail => hue(|h| h.over).add_modifier(Modifier::BOLD),
            Meaning::Unknown => hue(|h| h.unknown),
            Meaning::Waived => hue(|h| h.accent),
            Meaning::Production => hue(|h| h.over).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Meaning::Environment => hue(|h| h.accent).add_modifier(Modifier::REVERSED),
            Meaning::Danger => hue(|h| h.over).add_modifier(Modifier::BOLD),
            Meaning::Input => plain.add_modifier(Modifier::UNDERLINED),
            Meaning::Accent => hue(|h| h.accent),
        }
    }

    /// The palette for a terminal, where nobody chose one: NO_COLOR and a dumb terminal are heeded.
    pub fn of_terminal(no_color: bool, term: Option<&str>) -> Self {
        if no_color || term == Some("dumb") { Self::Mono } else { Self::Ansi }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_has_one_and_what_matters_still_stands_out() {
        for meaning in [Meaning::Fail, Meaning::Warn, Meaning::Production, Meaning::Key, Meaning::Selected] {
            let style = Palette::Mono.style(meaning);
            assert!(matches!(style.fg, None | Some(Color::Reset)), "{meaning:?}");
            assert_ne!(style.add_modifier, Modifier::empty(), "{meaning:?}");
        }
    }

    #[test]
    fn good_near_and_over_differ_in_every_coloured_palette() {
        for palette in Palette::ALL.into_iter().filter(|palette| *palette != Palette::Mono) {
            let of = |meaning| palette.style(meaning).fg;
            assert_ne!(of(Meaning::Pass), of(Meaning::Fail), "{palette:?}");
            assert_ne!(of(Meaning::Pass), of(Meaning::Warn), "{palette:?}");
            assert_ne!(of(Meaning::Warn), of(Meaning::Fail), "{palette:?}");
        }
    }

    #[test]
    fn the_terminal_has_its_say() {
        assert_eq!(Palette::of_terminal(true, None), Palette::Mono);
        assert_eq!(Palette::of_terminal(false, Some("dumb")), Palette::Mono);
        assert_eq!(Palette::of_terminal(false, Some("xterm-256color")), Palette::Ansi);
    }
}
