//! Three equations with three unknowns.

/// The solution, by Gaussian elimination with row pivoting; none where the equations do not determine it.
pub(super) fn three(mut rows: [[f64; 3]; 3], mut right: [f64; 3]) -> Option<[f64; 3]> {
    for step in 0..3 {
        let pivot = (step..3).max_by(|a, b| rows[*a][step].abs().total_cmp(&rows[*b][step].abs()))?;
        rows.swap(step, pivot);
        right.swap(step, pivot);
        if rows[step][step] == 0.0 || !rows[step][step].is_finite() {
            return None;
        }
        for below in step + 1..3 {
            let factor = rows[below][step] / rows[step][step];
            let above = rows[step];
            for (cell, above) in rows[below].iter_mut().zip(above) {
                *cell -= factor * above;
            }
            right[below] -= factor * right[step];
        }
    }
    let z = right[2] / rows[2][2];
    let y = (right[1] - rows[1][2] * z) / rows[1][1];
    let x = (right[0] - rows[0][1] * y - rows[0][2] * z) / rows[0][0];
    [x, y, z].iter().all(|value| value.is_finite()).then_some([x, y, z])
}

#[cfg(test)]
mod tests {
    use super::three;

    #[test]
    fn a_zero_in_the_corner_is_no_obstacle() {
        let rows = [[0.0, 1.0, 1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 0.0]];
        assert_eq!(three(rows, [5.0, 5.0, 3.0]), Some([1.0, 2.0, 3.0]));
        assert_eq!(three([[1.0, 2.0, 3.0]; 3], [1.0, 1.0, 1.0]), None);
    }
}
