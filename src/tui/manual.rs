//! What the manual of the screens shows of the table of commands.

use super::command::{COMMANDS, Command};

/// The keys as Markdown, screen by screen.
pub fn keys() -> String {
    let mut groups: Vec<(&str, Vec<&Command>)> = Vec::new();
    let everywhere = COMMANDS.iter().filter(|command| !command.is_of_a_screen());
    for command in everywhere.chain(COMMANDS.iter().filter(|command| command.is_of_a_screen())) {
        match groups.iter_mut().find(|(group, _)| *group == command.group()) {
            Some((_, commands)) => commands.push(command),
            None => groups.push((command.group(), vec![command])),
        }
    }
    groups.iter().map(|(group, commands)| table(group, commands)).collect::<Vec<_>>().join("\n")
}

fn table(group: &str, commands: &[&Command]) -> String {
    let row = |command: &&Command| {
        // A bar would end a cell of the table.
        let keys: Vec<String> = command.keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
        let keys = if keys.is_empty() { format!("`:{}`", command.id) } else { keys.join(" ") };
        format!("| {keys} | {} | `{}` |\n", command.title.replace('|', "\\|"), command.id)
    };
    let rows: String = commands.iter().map(row).collect();
    format!("### {group}\n\n| key | what it does | command |\n| --- | --- | --- |\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "<!-- keys: made from the table of commands; `UPDATE_DOCS=1 cargo test --lib tui::manual` writes it anew -->\n\n";
    const END: &str = "\n<!-- end of keys -->";

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test that writes the manual anew where it is told to")]
    fn the_keys_of_the_manual_are_those_of_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screens.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (before, rest) = text.split_once(BEGIN).expect("the manual has a place for the keys");
        let (shown, after) = rest.split_once(END).expect("that place ends");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, format!("{before}{BEGIN}{}{END}{after}", keys())).unwrap();
            return;
        }
        assert_eq!(shown, keys(), "the keys have changed: UPDATE_DOCS=1 cargo test --lib tui::manual");
    }

    #[test]
    fn every_setting_stands_in_the_manual() {
        let text = include_str!("../../docs/screens.md");
        let schema = serde_json::to_value(schemars::schema_for!(crate::config::ScreensFile)).unwrap();
        for key in schema["properties"].as_object().unwrap().keys() {
            assert!(text.contains(&format!("`{key}`")) || text.contains(&format!("[{key}]")), "{key}");
        }
        for tab in super::super::screen::Tab::ALL {
            assert!(text.contains(&format!("**{}**", tab.title())), "{}", tab.title());
        }
        for palette in super::super::theme::Palette::ALL {
            assert!(text.contains(&format!("`{}`", palette.word())), "{}", palette.word());
        }
    }
}
