//! How fast something grows.

/// The slope of the line that fits the logarithms best: 1 grows as its size does. None where what was measured vanishes,
/// or there is one point only.
pub(crate) fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let points: Vec<(f64, f64)> = points.iter().map(|(size, figure)| (size.ln(), figure.ln())).collect();
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (mut along, mut square) = (0.0, 0.0);
    for point in &points {
        along += (point.0 - x) * (point.1 - y);
        square += (point.0 - x).powi(2);
    }
    (points.len() > 1 && points.iter().all(|(_, figure)| figure.is_finite())).then(|| along / square)
}
