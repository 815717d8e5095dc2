//! Figures as people print them: `25K`, `1.5M`, `27.8`, with how exact the print is.

/// A printed number: its value, and half a unit of its last printed digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    pub(super) value: f64,
    pub(super) half: f64,
}

/// Thousands, millions, billions, as they follow a number directly.
const TIMES: [(&str, f64); 5] = [("bn", 1e9), ("K", 1e3), ("k", 1e3), ("M", 1e6), ("B", 1e9)];

impl Figure {
    /// The figure at the head of a text, without any suffix, and what follows it.
    pub(super) fn lead(text: &str) -> Option<(Self, &str)> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '_')).unwrap_or(text.len());
        let digits = text[..end].replace([',', '_'], "");
        let value: f64 = digits.parse().ok().filter(|value: &f64| value.is_finite())?;
        let places = digits.split_once('.').map_or(0, |(_, after)| after.len());
        let half = 0.5 / 10_f64.powi(i32::try_from(places).ok()?);
        Some((Self { value, half }, text[end..].trim_start()))
    }

    /// The same with a `K`, `M` or `B` behind it taken in, where one stands alone.
    pub(super) fn scaled(text: &str) -> Option<(Self, &str)> {
        let (figure, rest) = Self::lead(text)?;
        let scale = TIMES.iter().find_map(|(word, factor)| {
            let tail = rest.strip_prefix(word)?;
            (!tail.starts_with(|c: char| c.is_alphanumeric())).then_some((*factor, tail.trim_start()))
        });
        Some(scale.map_or((figure, rest), |(factor, rest)| (figure.times(factor), rest)))
    }

    /// The same in a unit that is `factor` as large.
    pub(super) fn times(self, factor: f64) -> Self {
        Self { value: self.value * factor, half: self.half * factor }
    }
}
