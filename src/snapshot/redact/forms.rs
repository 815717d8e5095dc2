//! The forms in which a secret travels: as it is, percent-encoded, in base64 wherever it begins, in hexadecimal digits,
//! escaped for JSON, a shell, HTML or SQL, and broken over lines.

/// The fewest bytes of a secret that may be broken over lines: shorter ones would be found in any text.
const WRAPPED: usize = 8;

/// The most white space that is passed over where a line is broken inside a secret.
const INDENT: usize = 64;

/// What stands at one place of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// This byte.
    Byte(u8),
    /// A digit of base64, of either alphabet, whose bits under the mask are these: the others belong to what stands
    /// before or after the secret.
    Digit { value: u8, mask: u8 },
}

/// A secret as it may stand in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    units: Vec<Unit>,
    /// Whether each byte may as well be `%XX`.
    percent: bool,
    /// Whether it may be broken over lines.
    wraps: bool,
}

/// All forms of some secrets, found fast by their first byte.
#[derive(Default)]
pub(super) struct Forms {
    forms: Vec<Form>,
    first: Vec<Vec<usize>>,
}

/// What begins at a place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// No secret.
    Nothing,
    /// The text ends before it is clear; so much of the most promising form is there: units, and of how many.
    Begun(usize, usize),
    /// A secret, up to this place.
    Secret(usize),
}

impl Forms {
    pub(super) fn of<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut forms: Vec<Form> = Vec::new();
        for secret in secrets.into_iter().flat_map(parts) {
            for form in of_secret(secret) {
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
        }
        let mut first = vec![Vec::new(); if forms.is_empty() { 0 } else { 256 }];
        for (index, form) in forms.iter().enumerate() {
            for byte in 0..=u8::MAX {
                let begins = form.units.first().is_some_and(|unit| fits(*unit, byte));
                if begins || (form.percent && byte == b'%') {
                    first[usize::from(byte)].push(index);
                }
            }
        }
        Self { forms, first }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// What begins at this place. Where the text has `ended`, what is begun and complete in a shorter form is that form.
    pub(super) fn at(&self, text: &[u8], at: usize, ended: bool) -> Found {
        let Some(candidates) = text.get(at).and_then(|byte| self.first.get(usize::from(*byte))) else {
            return Found::Nothing;
        };
        let (mut whole, mut begun) = (None, None);
        for form in candidates.iter().filter_map(|index| self.forms.get(*index)) {
            match form.at(text, at) {
                Found::Secret(end) => whole = whole.max(Some(end)),
                Found::Begun(units, of) => begun = begun.max(Some((units, of))),
                Found::Nothing => {}
            }
        }
        match (whole, begun) {
            (Some(end), None) => Found::Secret(end),
            (Some(end), Some(_)) if ended => Found::Secret(end),
            (_, Some((units, of))) => Found::Begun(units, of),
            (None, None) => Found::Nothing,
        }
    }
}

impl Form {
    fn at(&self, text: &[u8], at: usize) -> Found {
        let mut place = at;
        let mut blank = 0;
        for (index, unit) in self.units.iter().enumerate() {
            loop {
                let begun = Found::Begun(index, self.units.len());
                let Some(byte) = text.get(place).copied() else { return begun };
                // In an encoded text a percent sign stands for itself only as %25.
                if fits(*unit, byte) && !(self.percent && byte == b'%') {
                    blank = if is_blank(byte) { blank } else { 0 };
                    place += 1;
                    break;
                }
                // Where a line is broken, its indentation is passed over, too, but not a space that is of the secret.
                let broken = matches!(byte, b'\n' | b'\r') || (blank > 0 && is_blank(byte));
                if self.wraps && index > 0 && broken && blank < INDENT {
                    blank += 1;
                    place += 1;
                    continue;
                }
                // Or the space was broken away.
                if blank > 0 && *unit == Unit::Byte(b' ') {
                    break;
                }
                match self.otherwise(*unit, text, place) {
                    Step::Unit(length) => {
                        blank = 0;
                        place += length;
                        break;
                    }
                    Step::Begun => return begun,
                    Step::No => return Found::Nothing,
                }
            }
        }
        Found::Secret(place)
    }

    /// What else may stand there: an encoded byte.
    fn otherwise(&self, unit: Unit, text: &[u8], place: usize) -> Step {
        let rest = text.get(place..).unwrap_or_default();
        match (rest.first(), unit) {
            (Some(b'%'), Unit::Byte(byte)) if self.percent => self.encoded(byte, rest),
            (Some(b'+'), Unit::Byte(b' ')) if self.percent => Step::Unit(1),
            _ => Step::No,
        }
    }

    /// `%XX`, which may be broken over lines, too.
    fn encoded(&self, byte: u8, rest: &[u8]) -> Step {
        let window = rest.get(1..rest.len().min(INDENT)).unwrap_or_default();
        let mut digits = window.iter().enumerate().filter(|(_, byte)| !(self.wraps && is_blank(**byte)));
        match (digits.next(), digits.next()) {
            (Some((_, high)), Some((at, low))) if hex(*high, *low) == Some(byte) => Step::Unit(at + 2),
            (Some((_, high)), None) if rest.len() < INDENT && hex(*high, b'0') == Some(byte & 0xf0) => Step::Begun,
            (None, _) if rest.len() < INDENT => Step::Begun,
            _ => Step::No,
        }
    }
}

enum Step {
    Unit(usize),
    Begun,
    No,
}

fn fits(unit: Unit, byte: u8) -> bool {
    match unit {
        Unit::Byte(wanted) => wanted == byte,
        Unit::Digit { value, mask } => digit(byte).is_some_and(|digit| digit & mask == value),
    }
}

/// The value of a digit of base64, of the standard alphabet or the one for URLs.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b' ' | b'\t')
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

/// The secret, and where it has lines, each that is long enough: a key may stand indented or in part.
fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let lines = secret.lines().map(str::trim).filter(|line| line.len() >= WRAPPED && !line.starts_with("-----"));
    std::iter::once(secret).chain(lines)
}

fn of_secret(secret: &str) -> Vec<Form> {
    let bytes = secret.as_bytes();
    let wraps = bytes.len() >= WRAPPED;
    let plain = |text: &str| Form { units: text.bytes().map(Unit::Byte).collect(), percent: false, wraps };
    let mut forms = vec![plain(secret), Form { percent: true, ..plain(secret) }];
    forms.extend((0..3).filter(|offset| bytes.len() > 3 || *offset == 0).map(|offset| base64(bytes, offset)));
    let digit = |value: u8| char::from_digit(u32::from(value), 16);
    let digits: String = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit).collect();
    let mut escaped = vec![digits.to_uppercase(), digits];
    escaped.extend(escapes(secret).into_iter().filter(|escaped| escaped != secret));
    forms.extend(escaped.iter().map(|text| plain(text)));
    forms
}

/// The digits of base64 that a secret becomes when so many bytes (modulo 3) stand before it.
fn base64(secret: &[u8], before: usize) -> Form {
    let (first, last) = (8 * before, 8 * (before + secret.len()));
    let bit = |at: usize| secret.get(at / 8 - before).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
    let unit = |place: usize| {
        let (mut value, mut mask) = (0, 0);
        for at in 6 * place..6 * place + 6 {
            let known = (first..last).contains(&at);
            value = value << 1 | u8::from(known && bit(at));
            mask = mask << 1 | u8::from(known);
        }
        Unit::Digit { value, mask }
    };
    Form { units: (first / 6..last.div_ceil(6)).map(unit).collect(), percent: false, wraps: secret.len() >= WRAPPED }
}

/// As a program may print it inside something else: JSON (also as Go writes it), a shell's word, HTML, SQL.
fn escapes(secret: &str) -> [String; 6] {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.get(1..json.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let go = json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = html.replace('"', "&quot;").replace('\'', "&#39;");
    [json, go, html, quoted, secret.replace('\'', "'\\''"), secret.replace('\'', "''")]
}
