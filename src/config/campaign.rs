//! Which campaign a target is made ready for.

use std::path::{Path, PathBuf};

use super::file::ConfigFile;

/// The file of a target's campaign: of the flag, or of the target in the configuration file. None where neither names one.
pub fn campaign_file(
    flag: Option<&Path>,
    file: Option<&(PathBuf, ConfigFile)>,
    target: Option<&str>,
) -> Option<PathBuf> {
    let of_target = || {
        let (path, file) = file?;
        let named = file.targets.get(target?)?.campaign.as_ref()?;
        Some(path.parent().unwrap_or(Path::new("")).join(named))
    };
    flag.map(Path::to_owned).or_else(of_target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_comes_before_the_target_of_the_file() {
        let text = "[targets.shop]\ncampaign = \"plans/sale.toml\"\n[targets.other]\n";
        let file = ("conf/loadline.toml".into(), ConfigFile::parse("loadline.toml", text).unwrap());
        let of = |flag: Option<&str>, target| campaign_file(flag.map(Path::new), Some(&file), target);
        assert_eq!(of(None, Some("shop")), Some("conf/plans/sale.toml".into()));
        assert_eq!(of(Some("x.toml"), Some("shop")), Some("x.toml".into()));
        assert_eq!((of(None, Some("other")), of(None, Some("nobody")), of(None, None)), (None, None, None));
        assert_eq!(campaign_file(None, None, Some("shop")), None);
    }
}
