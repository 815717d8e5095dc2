//! What the lab promises, checked by asking the servers.

use super::ailment::ALL;
use super::{Lab, Options};

#[test]
fn the_whole_lab_comes_up() {
    let start = std::time::Instant::now();
    let lab = Lab::start(Options::full());
    eprintln!("{:?} {}", start.elapsed(), lab.folder().display());
    for a in ALL.iter().rev() {
        let start = std::time::Instant::now();
        let f = lab.ail(a.name);
        let t = start.elapsed();
        let start = std::time::Instant::now();
        let g = lab.heal(a.name);
        eprintln!("{} {t:?} {f} / {:?} {g}", a.name, start.elapsed());
    }
}
