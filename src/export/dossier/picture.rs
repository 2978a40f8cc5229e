//! The flow of a process as SVG: activities from top to bottom by their usual place, arrows with the number of runs; on
//! the right those that go on, on the left those that go back.

use std::fmt::Write as _;

use super::super::xes::attribute;
use crate::store::read::Dossier;

const WIDTH: i64 = 640;
const BOX_WIDTH: i64 = 170;
const BOX_HEIGHT: i64 = 44;
const STEP: i64 = 92;
/// Arrows of fewer runs than this part of all are left out of the picture; the dossier lists them.
const LEAST_SHARE: f64 = 0.04;

/// Draws one process.
pub fn draw(one: &Dossier) -> String {
    let middle = WIDTH / 2;
    let height = 30 + STEP * one.steps.len().max(1) as i64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
         markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/></marker></defs>\n"
    );
    let top = |at: usize| 16 + STEP * at as i64;
    let place = |name: &str| one.steps.iter().position(|step| step.activity == name);
    let most = one.transitions.iter().map(|way| way.runs).max().unwrap_or(1).max(1);
    for way in &one.transitions {
        let (Some(from), Some(to)) = (place(&way.from), place(&way.to)) else { continue };
        if (way.runs as f64) < one.cases as f64 * LEAST_SHARE && one.transitions.len() > 6 {
            continue;
        }
        let width = 1.0 + 3.0 * way.runs as f64 / most as f64;
        let (path, x, y) = line(from, to, middle, &top);
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"#555\" stroke-width=\"{width:.1}\" marker-end=\"url(#a)\"/>\
             <text x=\"{x}\" y=\"{y}\" fill=\"#333\">{}</text>",
            way.runs
        );
    }
    for (at, step) in one.steps.iter().enumerate() {
        let fill = if step.inferred * 2 > step.messages { "#f4f4f4" } else { "#e3eefb" };
        let (x, y) = (middle - BOX_WIDTH / 2, top(at));
        let role = one.people_of.iter().find(|part| part.activity == step.activity).map_or("", |part| &part.role);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" rx=\"6\" fill=\"{fill}\" stroke=\"#446\"/>\
             <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{} ({})</text>\
             <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" fill=\"#666\" font-size=\"11\">{}</text>",
            y + 19,
            attribute(&step.activity),
            step.messages,
            y + 35,
            attribute(role)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// The way of an arrow, and where its number stands.
fn line(from: usize, to: usize, middle: i64, top: &dyn Fn(usize) -> i64) -> (String, i64, i64) {
    let half = BOX_WIDTH / 2;
    if to == from + 1 {
        let (y, end) = (top(from) + BOX_HEIGHT, top(to));
        return (format!("M{middle} {y}L{middle} {end}"), middle + 6, (y + end) / 2 + 4);
    }
    let side = if to > from { 1 } else { -1 };
    let x = middle + side * half;
    if to == from {
        let (y, end) = (top(from) + 12, top(from) + BOX_HEIGHT - 10);
        let out = x - 46;
        return (format!("M{x} {y}C{out} {y} {out} {end} {x} {end}"), out - 4, y);
    }
    let (y, end) = (top(from) + BOX_HEIGHT / 2, top(to) + BOX_HEIGHT / 2);
    let out = x + side * (30 + 22 * from.abs_diff(to).min(7) as i64);
    (format!("M{x} {y}C{out} {y} {out} {end} {x} {end}"), (x + 3 * out) / 4 + side * 6, (y + end) / 2)
}
