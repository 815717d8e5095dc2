//! Which known names a mistyped one may have meant.

/// The most names that are suggested.
const MOST: usize = 3;

/// Known names near a mistyped one: at most a quarter of it is wrong, or one holds the other.
pub fn near<'k>(wrong: &str, known: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    let limit = (wrong.chars().count() / 4).max(1);
    let close = |name: &'k str| {
        let holds = wrong.len() >= 3 && (name.contains(wrong) || wrong.contains(name));
        let steps = if holds { 0 } else { steps(wrong, name) };
        (steps <= limit).then_some((steps, name))
    };
    let mut near: Vec<_> = known.filter_map(close).collect();
    near.sort_unstable();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// How many characters must be put in, taken out or replaced (Levenshtein).
fn steps(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = corner + usize::from(a != *b);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted() {
        assert_eq!(steps("kitten", "sitting"), 3);
        assert_eq!(steps("", "abc"), 3);
        assert_eq!(steps("abc", "abc"), 0);
    }

    #[test]
    fn the_nearest_names_are_suggested() {
        let known = ["launch.observed", "launch.restored", "stages.connections"];
        assert_eq!(near("launch.obsreved", known.into_iter()), ["launch.observed"]);
        assert_eq!(near("observed", known.into_iter()), ["launch.observed"]);
        assert_eq!(near("x", known.into_iter()), [""; 0]);
    }
}
