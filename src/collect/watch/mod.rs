//! Asks a live target again and again, one task per source, and tells what it hears.
//!
//! Two rhythms: a live round every few seconds asks what moves (see [`live`]), an audit round every minute asks everything
//! there is to judge. Between the rounds the connection stays open, and a sample of counters is kept for the rates of the
//! next. A source that fails is tried again by itself, at growing intervals; it holds up no other.
//!
//! Here is nothing of screens: [`News`] is what any front end needs.

mod backoff;
mod contact;
mod fold;
mod hub;
pub mod live;
mod memory;
mod news;
mod part;
mod post;
mod rhythm;
mod round;
#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::{
    sync::mpsc::{self, UnboundedSender},
    task::JoinHandle,
};

pub use fold::fold;
pub use live::{LiveProbe, Pace};
pub use news::{Asking, Failed, Lost, News, Order, Sample, SourceState};
pub use part::Part;

use super::asker;
use crate::{
    check::probe::Probe,
    config::Target,
    snapshot::{Load, TargetRecord},
    source,
};

/// How a target is watched.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time between two live rounds; half a second at least.
    pub live: Duration,
    /// The time between two audit rounds.
    pub audit: Duration,
    /// The time between the first two samples of counters of an audit, and the least for its rates; zero for no
    /// second round.
    pub window: Duration,
    /// The shortest time between two live samples that a rate is taken from.
    pub least_window: Duration,
    /// The longest that connecting to one source may take.
    pub connect: Duration,
    /// Whether literals stay in query texts; only where the operator asked for it.
    pub keep_literals: bool,
    /// The load meanwhile, where the operator says it.
    pub load: Option<Load>,
}

impl Options {
    /// Live rounds come no closer than this, whatever is wished.
    pub const CLOSEST: Duration = Duration::from_millis(500);
}

impl Default for Options {
    fn default() -> Self {
        Self {
            live: Duration::from_secs(2),
            audit: Duration::from_secs(60),
            window: super::Options::DEFAULT_WINDOW,
            least_window: Duration::from_secs(1),
            connect: Duration::from_secs(5),
            keep_literals: false,
            load: None,
        }
    }
}

/// A target that is being watched, until this is dropped.
#[derive(Debug)]
pub struct Watch {
    orders: UnboundedSender<Order>,
    hub: JoinHandle<()>,
}

impl Watch {
    /// Gives an order and comes back at once.
    pub fn order(&self, order: Order) {
        // The hub ends with this value and not before.
        let _ = self.orders.send(order);
    }
}

impl Drop for Watch {
    /// Ends all tasks and with them all connections.
    fn drop(&mut self) {
        self.hub.abort();
    }
}

/// Begins to watch a target; to be called where a runtime runs. `probes` are all that an audit asks; those of them that
/// `live` names are asked in live rounds, too. `news` is called from one task, in order, and must not block.
pub fn watch(
    target: Target,
    probes: Vec<Probe>,
    live: &[LiveProbe],
    options: Options,
    news: impl Fn(News) + Send + 'static,
) -> Watch {
    let record = TargetRecord { name: target.name, environment: target.environment };
    let askers = asker::line_up(&target.sources, options.keep_literals);
    let places: Vec<_> = target
        .sources
        .into_iter()
        .zip(askers)
        .map(|(config, asker)| {
            let open: hub::Open = Box::new(move || source::open(&config.endpoint, &config.databases));
            (asker, open)
        })
        .collect();
    begin(hub::Hub::new(record, places, probes, live, options), news)
}

fn begin(hub: hub::Hub, news: impl Fn(News) + Send + 'static) -> Watch {
    let (orders, receiver) = mpsc::unbounded_channel();
    Watch { orders, hub: tokio::spawn(hub.run(receiver, news)) }
}
