//! The pictures of the documentation: all that are made are shown, all that are shown are there, and each can be read.

#![allow(clippy::expect_used, clippy::panic, reason = "documentation that cannot be read is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

mod list;

use list::ALL;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files in a folder of the documentation with an ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.extension().is_some_and(|of| of == ending)).collect()
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

/// The pictures that a page shows.
fn shown(page: &str) -> impl Iterator<Item = String> {
    page.split("pictures/").skip(1).filter_map(|rest| Some(rest.split_once(".svg")?.0.to_owned()))
}

#[test]
fn the_pictures_that_are_made_are_those_that_are_shown() {
    let made: BTreeSet<String> = ALL.iter().map(|picture| picture.name.to_owned()).collect();
    let there: BTreeSet<String> = files(&root().join("docs/pictures"), "svg").iter().map(|path| name(path)).collect();
    assert_eq!(made, there, "scripts/pictures makes them anew");
    let mut pages = files(&root().join("docs"), "md");
    pages.push(root().join("README.md"));
    let text: String = pages.iter().map(|path| fs::read_to_string(path).expect("a page")).collect();
    assert_eq!(shown(&text).collect::<BTreeSet<_>>(), there, "left: shown in the README and docs/; right: there");
}

#[test]
fn the_readme_opens_with_a_picture() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let before = readme.split_once("](docs/pictures/overview.svg)").expect("the overview is shown").0;
    assert!(before.lines().count() <= 12, "{before}");
}

#[test]
fn every_picture_is_well_formed() {
    for path in files(&root().join("docs/pictures"), "svg") {
        let text = fs::read_to_string(&path).expect("a picture is text");
        well_formed(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(text.contains("<title>") && text.matches("<text ").count() > 10, "{} is empty", path.display());
    }
    for wrong in ["<a>", "<a></b>", "<a>1 < 2</a>", "<a>&x</a>", "<a b=c/>", "<a b=\"<\"/>", "<a/><b/>", "text"] {
        assert!(well_formed(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_picture_is_of_its_size_on_its_ground_and_shows_what_it_is_about() {
    for picture in ALL {
        let path = root().join("docs/pictures").join(picture.name).with_extension("svg");
        let text = fs::read_to_string(&path).expect("a picture is text");
        let (width, height) = (u32::from(picture.size.0) * 9 + 36, u32::from(picture.size.1) * 20 + 32);
        let size = format!("width=\"{width}\" height=\"{height}\"");
        assert!(text.contains(&size) && text.contains(picture.title), "{}: {size}", picture.name);
        let ground = if picture.words.contains("light") { "#fbfaf7" } else { "#14181f" };
        assert!(text.contains(&format!("rx=\"10\" fill=\"{ground}\"")), "{}", picture.name);
        assert!(!picture.keys.is_empty() && words(&text).contains(&bare(picture.shows)), "{}", picture.name);
    }
}

/// The words of a picture, without the space between them.
fn words(svg: &str) -> String {
    bare(&svg.split('<').filter_map(|tag| Some(tag.split_once('>')?.1)).collect::<String>())
}

fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Whether a text is XML as the pictures need it: one root, every tag closed, values in quotes, nothing bare that must be
/// escaped.
fn well_formed(text: &str) -> Result<(), String> {
    let (mut open, mut roots, mut rest) = (Vec::new(), 0, text.trim());
    while let Some((before, after)) = rest.split_once('<') {
        plain(before)?;
        if open.is_empty() && !before.trim().is_empty() {
            return Err(format!("text outside of the root: {before}"));
        }
        let (tag, after) = after.split_once('>').ok_or("a tag has no end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        roots += usize::from(open.is_empty());
        let (inner, is_closed) = tag.strip_suffix('/').map_or((tag, false), |inner| (inner, true));
        let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
        self::attributes(attributes)?;
        if !is_closed {
            open.push(name);
        }
    }
    match (open.as_slice(), roots) {
        ([], 1) if rest.trim().is_empty() => Ok(()),
        _ => Err(format!("{roots} roots, open at the end: {open:?}, then {rest}")),
    }
}

fn attributes(text: &str) -> Result<(), String> {
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("no value in quotes: {rest}"))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("{name} has no end"))?;
        if name.is_empty() || name.contains(char::is_whitespace) || value.contains('<') {
            return Err(format!("not an attribute: {name}={value}"));
        }
        plain(value)?;
        rest = after.trim_start();
    }
    Ok(())
}

/// Every ampersand begins a name that XML knows.
fn plain(text: &str) -> Result<(), String> {
    let known = ["amp;", "lt;", "gt;", "quot;", "apos;"];
    let bare = text.split('&').skip(1).find(|rest| !known.iter().any(|name| rest.starts_with(name)));
    bare.map_or(Ok(()), |rest| Err(format!("a bare ampersand before {rest}")))
}
