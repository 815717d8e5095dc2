//! What the lab promises, checked by asking the servers.

use super::{Lab, Options};

#[test]
fn the_whole_lab_comes_up() {
    let start = std::time::Instant::now();
    let lab = Lab::start(Options::full());
    eprintln!("{:?} {}", start.elapsed(), lab.folder().display());
}
