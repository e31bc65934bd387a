//! Plots as SVG: lines over two logarithmic axes, with all their figures as text for those who do not see them. Knows
//! nothing of what is measured.

use std::fmt::Write as _;

/// A plot.
pub(crate) struct Plot<'a> {
    pub(crate) title: &'a str,
    /// What is counted to the right, and the unit of what is measured.
    pub(crate) across: &'a str,
    pub(crate) up: &'a str,
    pub(crate) lines: Vec<Series<'a>>,
}

/// A line.
pub(crate) struct Series<'a> {
    pub(crate) name: &'a str,
    pub(crate) exponent: Option<f64>,
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 780.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 300.0;
const TOP: f64 = 44.0;
const HEIGHT: f64 = 380.0;
const BOTTOM: f64 = 50.0;

/// Colours that are told apart without red and green (Okabe and Ito), each with a mark of its own shape.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

impl Plot<'_> {
    pub(crate) fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| line.points.iter().copied());
        let x = Axis::of(points().map(|point| point.0), LEFT, WIDTH - RIGHT);
        let y = Axis::of(points().map(|point| point.1), HEIGHT - BOTTOM, TOP);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"{LEFT}\" y=\"22\" font-size=\"15\" font-weight=\"bold\">{}</text>\n",
            escaped(self.title),
            escaped(&self.said()),
            escaped(&format!("{}, {}", self.title, self.up)),
        );
        self.grid(&mut svg, &x, &y);
        let mut legend = TOP + 6.0;
        for (number, line) in self.lines.iter().enumerate() {
            let colour = COLOURS[number % COLOURS.len()];
            let path: Vec<String> = line
                .points
                .iter()
                .map(|(size, figure)| format!("{:.1},{:.1}", x.at(*size), y.at(*figure)))
                .collect();
            let _ = writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                path.join(" ")
            );
            for (size, figure) in &line.points {
                mark(&mut svg, number, x.at(*size), y.at(*figure), colour);
            }
            mark(&mut svg, number, WIDTH - RIGHT + 20.0, legend - 4.0, colour);
            let grows = line.exponent.map_or(String::new(), |exponent| format!(" (exponent {exponent:.2})"));
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{legend}\">{}{grows}</text>",
                WIDTH - RIGHT + 32.0,
                escaped(line.name)
            );
            legend += 20.0;
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Powers of ten, and what they mean.
    fn grid(&self, svg: &mut String, x: &Axis, y: &Axis) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for tick in x.ticks() {
            let at = x.at(tick);
            let _ = writeln!(
                svg,
                "<path d=\"M{at:.1} {TOP}V{bottom}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{}\" \
                 text-anchor=\"middle\">{}</text>",
                bottom + 18.0,
                short(tick)
            );
        }
        for tick in y.ticks() {
            let at = y.at(tick);
            let _ = writeln!(
                svg,
                "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" \
                 text-anchor=\"end\">{}</text>",
                LEFT - 8.0,
                at + 4.0,
                short(tick)
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            f64::midpoint(LEFT, right),
            HEIGHT - 12.0,
            escaped(self.across)
        );
    }

    /// The plot in words.
    fn said(&self) -> String {
        let mut said = format!("{} in {} by {}, both axes logarithmic.", self.title, self.up, self.across);
        for line in &self.lines {
            let _ = write!(said, " {}", line.name);
            if let Some(exponent) = line.exponent {
                let _ = write!(said, ", exponent {exponent:.2}");
            }
            let figures = line.points.iter().map(|(size, figure)| format!("{figure:.3} at {size}"));
            let _ = write!(said, ": {}.", figures.collect::<Vec<_>>().join(", "));
        }
        said
    }
}

/// As far as a value may be beyond an axis, as a power of ten.
const BEYOND: f64 = 0.03;

/// A logarithmic axis.
struct Axis {
    least: f64,
    most: f64,
    /// Where they lie.
    from: f64,
    to: f64,
}

impl Axis {
    /// From the power of ten below all values to the one above; a value may be a little beyond.
    fn of(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            least = least.min((value.log10() + BEYOND).floor());
            most = most.max((value.log10() - BEYOND).ceil());
        }
        Self { least, most: most.max(least + 1.0), from, to }
    }

    fn at(&self, value: f64) -> f64 {
        self.from + (value.log10() - self.least) / (self.most - self.least) * (self.to - self.from)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.least as i32..=self.most as i32).map(|power| 10_f64.powi(power))
    }
}

/// A mark of one of six shapes.
fn mark(svg: &mut String, shape: usize, x: f64, y: f64, colour: &str) {
    let path = match shape % COLOURS.len() {
        0 => format!("M{x:.1} {y:.1}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0"),
        1 => format!("M{x:.1} {y:.1}m-4-4h8v8h-8z"),
        2 => format!("M{x:.1} {y:.1}m0-5l5 9h-10z"),
        3 => format!("M{x:.1} {y:.1}m0-5l5 5l-5 5l-5-5z"),
        4 => format!("M{x:.1} {y:.1}m0 5l5-9h-10z"),
        _ => format!("M{x:.1} {y:.1}m-2-5h4v3h3v4h-3v3h-4v-3h-3v-4h3z"),
    };
    let _ = writeln!(svg, "<path d=\"{path}\" fill=\"{colour}\"/>");
}

/// A power of ten as people write it.
fn short(number: f64) -> String {
    match number {
        1e9.. => format!("{}G", number / 1e9),
        1e6.. => format!("{}M", number / 1e6),
        1e3.. => format!("{}k", number / 1e3),
        1.0.. => format!("{number}"),
        _ => format!("{}", (number * 1e9).round() / 1e9),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
