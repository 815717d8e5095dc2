//! Memory of what is in flight.

use super::error::{finite, positive};
use super::{CapacityError, Result};

/// Bytes that so many tasks need at once, from the least and the most that one needs.
pub fn for_tasks(tasks: f64, least: f64, most: f64) -> Result<(f64, f64)> {
    let tasks = positive("the number of tasks", tasks)?;
    let least = positive("the memory of a task", least)?;
    if !(most.is_finite() && most >= least) {
        return Err(CapacityError::new(format!("the most memory of a task is {most}"), "no less than the least"));
    }
    Ok((finite("the memory", tasks * least)?, finite("the memory", tasks * most)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_times_memory() {
        assert_eq!(for_tasks(250.0, 50e3, 100e3), Ok((12.5e6, 25e6)));
        assert!(for_tasks(250.0, 100e3, 50e3).is_err() && for_tasks(0.0, 1.0, 2.0).is_err());
    }
}
