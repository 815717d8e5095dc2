//! The task of one source: rounds in their time, orders at any time.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::{sync::mpsc::UnboundedReceiver, time::Instant};

use super::{
    Order,
    contact::{Came, Contact},
    rhythm::{Due, Rhythm},
};
use crate::snapshot::Fault;

pub(super) struct Post {
    pub(super) contact: Contact,
    pub(super) rhythm: Rhythm,
    pub(super) orders: UnboundedReceiver<Order>,
}

impl Post {
    /// Goes on until nobody gives orders any more.
    pub(super) async fn run(mut self) {
        self.contact.tell();
        loop {
            let order = match self.rhythm.next(Instant::now()) {
                None => self.orders.recv().await,
                Some((at, due)) => tokio::select! {
                    biased;
                    order = self.orders.recv() => order,
                    () = tokio::time::sleep_until(at) => {
                        if self.round(due).await.is_none() {
                            return;
                        }
                        continue;
                    }
                },
            };
            let Some(order) = order else { return };
            self.obey(&order);
        }
    }

    /// A round, during which orders are heard. Nothing when nobody gives orders any more.
    async fn round(&mut self, due: Due) -> Option<()> {
        let started = Instant::now();
        self.rhythm.begin(due);
        let stop = AtomicBool::new(false);
        let mut later = Vec::new();
        let came = {
            let work = self.contact.round(due, &stop);
            tokio::pin!(work);
            loop {
                tokio::select! {
                    biased;
                    order = self.orders.recv() => match order? {
                        Order::Cancel => break None,
                        // Everything is being asked already.
                        Order::Now(_) if due == Due::Audit => {}
                        order => {
                            if let Order::Pause(paused) = order {
                                stop.store(paused, Ordering::Relaxed);
                            }
                            later.push(order);
                        }
                    },
                    came = &mut work => break Some(came),
                }
            }
        };
        match came {
            Some(Ok(came)) => self.came(due, started, came),
            Some(Err(fault)) => self.failed(fault),
            None => self.cancelled(due),
        }
        for order in &later {
            self.obey(order);
        }
        Some(())
    }

    fn came(&mut self, due: Due, started: Instant, came: Came) {
        let now = Instant::now();
        let Came::Done { unpaired, turned } = came else { return };
        match due {
            Due::Audit => self.rhythm.audited(started, now, unpaired),
            Due::Second => self.rhythm.seconded(),
            Due::Live => self.rhythm.sampled(started, now),
        }
        if let Some(due) = self.contact.live_due {
            self.rhythm.lived(due);
        }
        if turned {
            self.rhythm.want();
        }
    }

    fn failed(&mut self, fault: Fault) {
        let (tries, wait) = self.rhythm.failed(self.contact.name(), Instant::now());
        self.contact.failed(fault, tries, wait);
    }

    fn cancelled(&mut self, due: Due) {
        let now = Instant::now();
        self.rhythm.cancelled(due, now);
        let wait = self.rhythm.retry_later(self.contact.name(), now);
        self.contact.cancelled(wait);
    }

    fn obey(&mut self, order: &Order) {
        match order {
            // Whose it is was looked at before.
            Order::Now(_) => self.rhythm.want(),
            Order::Pause(paused) => self.rhythm.pause(*paused),
            Order::Every(every) => {
                self.rhythm.live_every(*every, Instant::now());
                self.contact.live_every(*every);
                self.contact.tell();
            }
            // Nothing is being asked.
            Order::Cancel => {}
        }
    }
}
