//! Waiting in a queue: M/M/1 and Erlang C (M/M/c).
//!
//! Arrivals at random, service times exponential and independent of c. A database that all servers share breaks the
//! last assumption: more connections make each slower, see [`super::usl`].

use super::error::{inner_share, not_negative, positive, some};
use super::number::real;
use super::{CapacityError, Result};

/// No sizing looks further: a pool of a million connections is no answer.
const MOST_SERVERS: u64 = 1_000_000;

/// Mean wait of one server as a multiple of the service time: rho / (1 - rho).
pub fn wait_factor(utilisation: f64) -> Result<f64> {
    let rho = inner_share("the utilisation", utilisation)?;
    Ok(rho / (1.0 - rho))
}

/// A queue in front of c equal servers that keeps up with its arrivals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Number of servers.
    pub servers: u64,
    /// Mean seconds that a server is held.
    pub hold: f64,
    /// Share of the time that a server is busy.
    pub utilisation: f64,
    /// Probability that an arrival must wait (Erlang C).
    pub wait_probability: f64,
}

impl Queue {
    /// The queue of so many arrivals per second, each holding one of c servers for a mean time in seconds.
    pub fn new(rate: f64, hold: f64, servers: u64) -> Result<Self> {
        let offered = offered(rate, hold)?;
        if some("the number of servers", servers)? > MOST_SERVERS {
            return Err(CapacityError::new(format!("{servers} servers"), format!("at most {MOST_SERVERS}")));
        }
        if offered >= real(servers) {
            let what = format!("{servers} servers cannot keep up with {offered} busy ones on average");
            return Err(CapacityError::new(what, "more servers than are busy"));
        }
        Ok(Self::of(offered, hold, servers, blocked(offered, servers)))
    }

    /// C = B / (1 - rho (1 - B)).
    fn of(offered: f64, hold: f64, servers: u64, blocked: f64) -> Self {
        let utilisation = offered / real(servers);
        let wait_probability = blocked / (1.0 - utilisation * (1.0 - blocked));
        Self { servers, hold, utilisation, wait_probability }
    }

    /// Seconds in which waiting becomes e times rarer: S / (c (1 - rho)).
    fn decay(&self) -> f64 {
        self.hold / (real(self.servers) * (1.0 - self.utilisation))
    }

    /// Mean wait in seconds: C S / (c (1 - rho)).
    pub fn mean_wait(&self) -> f64 {
        self.wait_probability * self.decay()
    }

    /// The wait in seconds that a share of all arrivals stays within: decay x ln(C / (1 - p)), or 0 where enough
    /// arrivals do not wait at all.
    pub fn wait_quantile(&self, quantile: f64) -> Result<f64> {
        let late = 1.0 - inner_share("the quantile", quantile)?;
        Ok(if self.wait_probability > late { self.decay() * (self.wait_probability / late).ln() } else { 0.0 })
    }
}

/// Servers that are busy on average: rate x hold.
fn offered(rate: f64, hold: f64) -> Result<f64> {
    let offered = super::little::concurrency(positive("the rate", rate)?, positive("the hold time", hold)?)?;
    if offered > 0.0 && offered < real(MOST_SERVERS) {
        return Ok(offered);
    }
    Err(CapacityError::new(
        format!("{offered} servers are busy on average"),
        format!("above 0 and under {MOST_SERVERS}"),
    ))
}

/// Erlang B for c servers: B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)).
fn blocked(offered: f64, servers: u64) -> f64 {
    (1..=servers).fold(1.0, |b, k| next_blocked(offered, b, k))
}

fn next_blocked(offered: f64, blocked: f64, servers: u64) -> f64 {
    offered * blocked / (real(servers) + offered * blocked)
}

/// The fewest servers whose wait at a quantile stays within a budget in seconds.
pub fn smallest(rate: f64, hold: f64, budget: f64, quantile: f64) -> Result<Queue> {
    let offered = offered(rate, hold)?;
    let budget = not_negative("the wait budget", budget)?;
    let mut blocked = 1.0;
    for servers in 1..=MOST_SERVERS {
        blocked = next_blocked(offered, blocked, servers);
        if offered < real(servers) {
            let queue = Queue::of(offered, hold, servers, blocked);
            if queue.wait_quantile(quantile)? <= budget {
                return Ok(queue);
            }
        }
    }
    Err(CapacityError::new(
        format!("no {MOST_SERVERS} servers keep the wait within {budget} s"),
        "a longer wait budget",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_of_a_single_server() {
        for (rho, factor) in [(0.5, 1.0), (0.7, 2.333), (0.8, 4.0), (0.9, 9.0)] {
            assert!((wait_factor(rho).unwrap() - factor).abs() < 5e-4);
        }
        assert!(wait_factor(1.0).is_err() && wait_factor(0.0).is_err());
    }

    #[test]
    fn erlang_c_gives_the_published_waits() {
        // rate, hold in ms, servers; utilisation, C; mean wait, p95 and p99 in ms
        let table = [
            (100.0, 10.0, 2, 0.5000, 0.33333, 3.3333, 18.971, 35.066),
            (500.0, 20.0, 12, 0.8333, 0.44939, 4.4939, 21.959, 38.053),
            (500.0, 20.0, 17, 0.5882, 0.03088, 0.0882, 0.0, 3.221),
            (800.0, 15.0, 17, 0.7059, 0.12663, 0.3799, 2.788, 7.616),
            (1000.0, 16.0, 17, 0.9412, 0.73718, 11.795, 43.053, 68.804),
            (200.0, 50.0, 11, 0.9091, 0.68212, 34.106, 130.66, 211.13),
        ];
        for (rate, hold, servers, rho, c, mean, p95, p99) in table {
            let queue = Queue::new(rate, hold / 1000.0, servers).unwrap();
            let got = [
                (queue.utilisation, rho, 5e-5),
                (queue.wait_probability, c, 5e-6),
                (queue.mean_wait() * 1000.0, mean, 5e-4),
                (queue.wait_quantile(0.95).unwrap() * 1000.0, p95, 5e-3),
                (queue.wait_quantile(0.99).unwrap() * 1000.0, p99, 5e-3),
            ];
            for (value, expected, within) in got {
                assert!((value - expected).abs() <= within, "{rate}/s {hold} ms {servers}: {value} is not {expected}");
            }
        }
    }

    #[test]
    fn the_smallest_pool_within_a_budget() {
        let table = [
            (500.0, 0.020, 0.005, 0.95, 15),
            (500.0, 0.020, 0.005, 0.99, 17),
            (800.0, 0.015, 0.005, 0.95, 17),
            (200.0, 0.050, 0.010, 0.95, 15),
        ];
        for (rate, hold, budget, quantile, servers) in table {
            assert_eq!(smallest(rate, hold, budget, quantile).unwrap().servers, servers, "{rate}/s");
        }
        assert!(smallest(500.0, 0.02, 0.0, 0.95).unwrap().servers > 15, "no wait at all is a budget, too");
    }

    #[test]
    fn what_cannot_keep_up_is_refused() {
        assert!(Queue::new(500.0, 0.020, 10).is_err(), "all busy all the time");
        assert!(Queue::new(500.0, 0.020, 0).is_err() && Queue::new(1e9, 1.0, 12).is_err());
        assert!(smallest(1e9, 1.0, 0.1, 0.95).is_err() && smallest(1.0, 1.0, f64::NAN, 0.95).is_err());
        assert!(smallest(1.0, 1.0, 0.1, 1.0).is_err());
    }
}
