//! What people write into a plan, and what comes of it.

use super::{
    Plan,
    stated::{Any, Measure, Money, Number, Rate, Share, Size, Span, Stated, Takes},
};

fn near(read: f64, expected: f64) -> bool {
    (read - expected).abs() <= expected.abs() * 1e-9
}

fn reads<T: Takes + std::fmt::Debug>(table: &[(&str, f64, f64)]) {
    for (text, low, high) in table {
        let read = Stated::<T>::read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(near(read.low, *low) && near(read.high, *high), "{text}: {read:?}");
        assert_eq!(read.text, *text);
    }
}

#[test]
fn quantities_are_read_as_people_write_them() {
    reads::<Rate>(&[
        ("800/s", 800.0, 800.0),
        ("800 rps", 800.0, 800.0),
        ("8.64M/day", 100.0, 100.0),
        ("1M tasks/day", 1e6 / 86_400.0, 1e6 / 86_400.0),
        ("100M/year", 1e8 / 31_536_000.0, 1e8 / 31_536_000.0),
        ("200-300/s", 200.0, 300.0),
    ]);
    reads::<Number>(&[
        ("500", 500.0, 500.0),
        ("25K", 25e3, 25e3),
        ("20-50", 20.0, 50.0),
        ("1-2M", 1e6, 2e6),
        ("10x", 10.0, 10.0),
    ]);
    reads::<Share>(&[("65%", 0.65, 0.65), ("40-70%", 0.4, 0.7), ("0.65", 0.65, 0.65)]);
    reads::<Span>(&[
        ("300ms", 0.3, 0.3),
        ("2-3m", 120.0, 180.0),
        ("30s-2m", 30.0, 120.0),
        ("12 months", 31_536_000.0, 31_536_000.0),
    ]);
    reads::<Size>(&[("4GB", 4e9, 4e9), ("50-100 KB", 5e4, 1e5)]);
    let week = 8000.0 * 365.0 / 84.0;
    reads::<Money>(&[
        ("4000", 4e3, 4e3),
        ("4000 EUR", 4e3, 4e3),
        ("$10-30K", 1e4, 3e4),
        ("EUR 4000", 4e3, 4e3),
        ("4K تومان", 4e3, 4e3),
        ("8000 USD/week", week, week),
    ]);
}

#[test]
fn any_quantity_says_what_it_measures() {
    let table = [
        ("500", Measure::Number),
        ("25K", Measure::Number),
        ("800/s", Measure::Rate),
        ("99.9%", Measure::Share),
        ("300ms", Measure::Time),
        ("5m", Measure::Time),
        ("5M", Measure::Number),
        ("4GB", Measure::Size),
    ];
    for (text, measure) in table {
        assert_eq!(Stated::<Any>::read(text).unwrap().measure, measure, "{text}");
    }
}

#[test]
fn a_statement_is_as_exact_as_its_last_digit() {
    for (text, tolerance) in [("40K/h", 0.0125), ("27/s", 0.5 / 27.0), ("100000/h", 5e-6), ("8.64M/day", 0.005 / 8.64)]
    {
        assert!(near(Stated::<Rate>::read(text).unwrap().tolerance, tolerance), "{text}");
    }
}

#[test]
fn nonsense_is_refused_and_not_repeated() {
    for text in ["hunter2", "800/parsec", "5 apples", "-3", "300ms-200ms", "2s-5GB", ""] {
        let error = Stated::<Any>::read(text).unwrap_err();
        assert!(error.contains("expected for example") && !error.contains("hunter2"), "{text}: {error}");
    }
    for text in ["hunter2", "-3", ".5", "4000 EUR a year", "4 000", "12%", "4000/parsec"] {
        assert!(Stated::<Money>::read(text).is_err(), "{text}");
    }
    let error = toml::from_str::<Plan>("safety = -1").unwrap_err().to_string();
    assert!(error.contains("not negative"), "{error}");
}

#[test]
fn a_plan_without_anything_is_a_plan() {
    assert_eq!(toml::from_str::<Plan>("").unwrap(), Plan::default());
}

#[test]
fn an_unknown_key_is_refused() {
    for text in ["ttile = \"x\"", "[[slos]]\nname = \"x\"\ntarged = 3", "[recovery]\nrp0 = \"1h\""] {
        assert!(toml::from_str::<Plan>(text).unwrap_err().to_string().contains("unknown field"), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,24}") {
        if let Ok(read) = Stated::<Any>::read(&text) {
            proptest::prop_assert!(read.low.is_finite() && read.low <= read.high, "{read:?}");
        }
        let _ = Stated::<Money>::read(&text);
    }

    #[test]
    fn what_looks_like_a_quantity_is_answered(text in "[0-9.,_kKMB -]{0,12}[a-z%/]{0,8}") {
        if let Ok(read) = Stated::<Any>::read(&text) {
            proptest::prop_assert!(read.value.is_finite() && read.tolerance.is_finite(), "{read:?}");
        }
    }
}
