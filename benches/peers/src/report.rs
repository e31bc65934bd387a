//! The tables, in Markdown.

use std::fmt::Write as _;

use crate::contenders::Contender;
use crate::measure::Figure;
use crate::world::World;

/// What there is in a world.
pub(crate) struct Held {
    pub(crate) text: usize,
    pub(crate) roles: usize,
    pub(crate) principals: usize,
}

/// The table of one world. The first figure is the one that the others are held against.
pub(crate) fn table(world: World, held: Held, figures: &[(Contender, Figure)]) -> String {
    let ours = figures.first().map_or(f64::NAN, |(_, figure)| figure.nanoseconds);
    let mut text = format!(
        "World {}: {} organizations, {} roles, {} principals, {} KB of text; {} distinct questions.\n\n",
        world.name,
        digits(world.organizations as f64),
        digits(held.roles as f64),
        digits(held.principals as f64),
        digits(held.text as f64 / 1e3),
        digits(world.questions as f64),
    );
    text.push_str(
        "| contender | ns a decision | × rolec | asked | wrong | seconds to build | what it is |\n",
    );
    text.push_str("|---|---:|---:|---:|---:|---:|---|\n");
    for (contender, figure) in figures {
        let asked = if figure.asked == figure.of {
            "all".to_owned()
        } else {
            format!("first {}", digits(figure.asked as f64))
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {asked} | {} | {:.3} | {} |",
            contender.name,
            digits(figure.nanoseconds),
            digits(figure.nanoseconds / ours),
            figure.wrong,
            figure.seconds,
            contender.about,
        );
    }
    for contender in Contender::ALL.into_iter().filter(|contender| !contender.holds(world)) {
        let _ = writeln!(text, "| {} | – | – | not asked | – | – | {} |", contender.name, contender.about);
    }
    text
}

/// A number with three digits that say something, and its thousands apart.
fn digits(number: f64) -> String {
    let decimals = match number {
        _ if number.fract() == 0.0 => 0,
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    let text = format!("{number:.decimals$}");
    let (whole, rest) = text.split_once('.').map_or((&*text, None), |(whole, rest)| (whole, Some(rest)));
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    match rest {
        Some(rest) => format!("{apart}.{rest}"),
        None => apart,
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn numbers_are_read_with_ease() {
        assert_eq!(digits(1.234), "1.23");
        assert_eq!(digits(56.78), "56.8");
        assert_eq!(digits(678.9), "679");
        assert_eq!(digits(1_234_567.8), "1,234,568");
    }
}
