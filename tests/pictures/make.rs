//! Makes the pictures of the documentation: starts the real program in a terminal, presses keys, and writes down what
//! stands on the screen. See `scripts/pictures`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a tool by hand is an edge, and stops where it cannot go on"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

#[path = "../lab/mod.rs"]
mod lab;
#[path = "list.rs"]
mod list;
#[path = "../support/pty/mod.rs"]
mod pty;
#[path = "shop.rs"]
mod shop;
#[path = "svg.rs"]
mod svg;

use list::{ALL, Ground, Picture};
use pty::{Terminal, View};
use shop::Shop;

/// The campaign that pictures may name: `--campaign sale.toml`.
const SALE: &str = include_str!("sale.toml");

fn main() {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let here = env::current_exe().expect("a program knows where it is");
    let program = here.parent().and_then(Path::parent).expect("examples stand beside the program").join("loadline");
    assert!(program.exists(), "{} is not there: cargo build --bin loadline", program.display());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let mut shop = None;
    for picture in ALL.iter().filter(|picture| wanted.is_empty() || wanted.iter().any(|name| name == picture.name)) {
        let ground = if picture.words.contains("light") { &svg::LIGHT } else { &svg::DARK };
        let path = folder.join(picture.name).with_extension("svg");
        let view = match picture.ground {
            Ground::Demo => of_demo(&program, picture),
            Ground::Shop => of_shop(&program, picture, shop.get_or_insert_with(|| Shop::open(&program))),
        };
        fs::write(&path, svg::draw(&view, picture.title, ground)).expect("a picture can be written");
        println!("{}", path.display());
    }
}

fn of_demo(program: &Path, picture: &Picture) -> View {
    let home = env::temp_dir().join(format!("loadline-pictures-{}", std::process::id()));
    fs::create_dir_all(&home).expect("a folder can be made");
    fs::write(home.join("sale.toml"), SALE).expect("a file can be written");
    let mut command = Command::new(program);
    command.env_clear().env("HOME", &home).env("TZ", "UTC").current_dir(&home);
    command.args(["demo", "screens"]).args(picture.words.split_whitespace());
    let view = take(&command, picture);
    fs::remove_dir_all(&home).expect("our own folder can be removed");
    view
}

fn of_shop(program: &Path, picture: &Picture, shop: &Shop) -> View {
    let mut command = shop.command(program);
    command.args(["screens", "--fresh", "--window", "2s"]).args(picture.words.split_whitespace());
    take(&command, picture)
}

/// What stands on the screen after the keys.
fn take(command: &Command, picture: &Picture) -> View {
    let terminal = Terminal::start(command, picture.size);
    terminal.wait_text("FAIL");
    if picture.ground == Ground::Shop {
        // Numbers over time need time.
        thread::sleep(Duration::from_secs(25));
    }
    for key in picture.keys.split_whitespace() {
        terminal.press(key);
        settled(&terminal);
    }
    terminal.wait_text(picture.shows);
    settled(&terminal)
}

/// The screen, once nothing on it has changed for a while: work in the background may still bring something. What shows
/// the time never comes to rest.
fn settled(terminal: &Terminal) -> View {
    let begun = Instant::now();
    let (mut view, mut since) = (terminal.view(), begun);
    while since.elapsed() < Duration::from_millis(1500) && begun.elapsed() < Duration::from_secs(4) {
        thread::sleep(Duration::from_millis(20));
        let now = terminal.view();
        if now.contents_formatted() != view.contents_formatted() {
            (view, since) = (now, Instant::now());
        }
    }
    view
}
