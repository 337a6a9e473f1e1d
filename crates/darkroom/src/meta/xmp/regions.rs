//! Image regions (IPTC Photo Metadata, Image Region; MWG regions of face finders), as boxes in shares of the picture.

use super::Setting;
use super::tree::Tree;
use super::values::Value;
use crate::meta::bounds::LIST_ENTRIES;
use crate::meta::facts::{Fact, ImageRegion};
use crate::meta::problem::{ProblemCode, Problems};
use crate::meta::text::Texts;

const IPTC: &str = "Iptc4xmpExt:ImageRegion";
const MWG: &str = "mwg-rs:Regions";

/// Reads the regions: IPTC's, else MWG's.
pub(super) fn read(
    tree: &Tree,
    setting: Setting<'_>,
    problems: &mut Problems,
) -> Option<Fact<Vec<ImageRegion>>> {
    let mut reader = Reader { setting, problems };
    let iptc = bounded(tree.values(IPTC).flat_map(Value::entries).collect(), reader.problems);
    let regions: Vec<_> = iptc.into_iter().filter_map(|entry| reader.iptc(entry)).collect();
    if !regions.is_empty() {
        return Some(Fact::new(regions, setting.packet, IPTC));
    }
    let lists = tree.values(MWG).filter_map(|value| value.field("mwg-rs:RegionList"));
    let mwg = bounded(lists.flat_map(Value::entries).collect(), reader.problems);
    let regions: Vec<_> = mwg.into_iter().filter_map(|entry| reader.mwg(entry)).collect();
    (!regions.is_empty()).then(|| Fact::new(regions, setting.packet, MWG))
}

fn bounded<'a>(mut entries: Vec<Value<'a>>, problems: &mut Problems) -> Vec<Value<'a>> {
    if entries.len() > LIST_ENTRIES {
        entries.truncate(LIST_ENTRIES);
        let sentence = format!("There are more than {LIST_ENTRIES} regions; the first were kept.");
        problems.note_field(ProblemCode::TooManyEntries, "regions", sentence);
    }
    entries
}

/// A box in pixels or shares.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

struct Reader<'a, 'p> {
    setting: Setting<'a>,
    problems: &'p mut Problems,
}

impl Reader<'_, '_> {
    fn iptc(&mut self, entry: Value<'_>) -> Option<ImageRegion> {
        let boundary = entry.field("Iptc4xmpExt:RegionBoundary")?;
        let relative = text(boundary, "Iptc4xmpExt:rbUnit") != Some("pixel");
        let (across, down) = match (relative, self.setting.stored_size) {
            (true, _) => (1.0, 1.0),
            (false, Some((width, height))) => (f64::from(width), f64::from(height)),
            (false, None) => return None,
        };
        let bounds = match text(boundary, "Iptc4xmpExt:rbShape")? {
            "circle" => self.circle(boundary, relative)?,
            "polygon" => polygon(boundary)?,
            _ => rectangle(boundary)?,
        };
        let name = self.localised(entry, "Iptc4xmpExt:Name");
        let role = entry.field("Iptc4xmpExt:rRole").and_then(|roles| self.role(roles));
        shares(bounds, across, down, name, role)
    }

    /// A circle's radius is a share of the width, so that its height in shares depends on the picture's form.
    fn circle(&self, boundary: Value<'_>, relative: bool) -> Option<Bounds> {
        let radius = number(boundary, "Iptc4xmpExt:rbRx")?;
        let ratio = match self.setting.stored_size {
            Some((width, height)) if relative && height > 0 => f64::from(width) / f64::from(height),
            _ => 1.0,
        };
        let (x, y) = (number(boundary, "Iptc4xmpExt:rbX")?, number(boundary, "Iptc4xmpExt:rbY")?);
        let upright = radius * ratio;
        Some(Bounds { x: x - radius, y: y - upright, width: radius * 2.0, height: upright * 2.0 })
    }

    /// A role is a structure with identifiers and a name.
    fn role(&mut self, roles: Value<'_>) -> Option<String> {
        roles.entries().into_iter().find_map(|role| {
            let identifier = role.field("xmp:Identifier").and_then(Value::text);
            let identifier = identifier.and_then(|text| Texts::new(self.problems).clean(text, "regions"));
            identifier.or_else(|| self.localised(role, "Iptc4xmpExt:Name"))
        })
    }

    fn localised(&mut self, entry: Value<'_>, property: &str) -> Option<String> {
        let value = entry.field(property)?;
        let mut texts = Texts::new(self.problems);
        value.alternatives(self.setting.languages).into_iter().find_map(|text| texts.clean(text, "regions"))
    }

    /// An MWG region: centre, width and height in shares.
    fn mwg(&mut self, entry: Value<'_>) -> Option<ImageRegion> {
        let area = entry.field("mwg-rs:Area")?;
        let (x, y) = (number(area, "stArea:x")?, number(area, "stArea:y")?);
        let (width, height) = (number(area, "stArea:w")?, number(area, "stArea:h")?);
        let name = self.localised(entry, "mwg-rs:Name");
        let role = self.localised(entry, "mwg-rs:Type");
        let bounds = Bounds { x: x - width / 2.0, y: y - height / 2.0, width, height };
        shares(bounds, 1.0, 1.0, name, role)
    }
}

fn text<'a>(value: Value<'a>, property: &'a str) -> Option<&'a str> {
    value.field(property).and_then(Value::text).map(str::trim)
}

fn number<'a>(value: Value<'a>, property: &'a str) -> Option<f64> {
    text(value, property)?.parse().ok().filter(|number: &f64| number.is_finite())
}

fn rectangle(boundary: Value<'_>) -> Option<Bounds> {
    Some(Bounds {
        x: number(boundary, "Iptc4xmpExt:rbX")?,
        y: number(boundary, "Iptc4xmpExt:rbY")?,
        width: number(boundary, "Iptc4xmpExt:rbW")?,
        height: number(boundary, "Iptc4xmpExt:rbH")?,
    })
}

/// The box around a polygon's vertices.
fn polygon(boundary: Value<'_>) -> Option<Bounds> {
    let vertices = boundary.field("Iptc4xmpExt:rbVertices")?.entries();
    let points: Vec<(f64, f64)> = vertices
        .into_iter()
        .take(LIST_ENTRIES)
        .filter_map(|point| Some((number(point, "Iptc4xmpExt:rbX")?, number(point, "Iptc4xmpExt:rbY")?)))
        .collect();
    let first = points.first()?;
    let (mut least, mut most) = (*first, *first);
    for (x, y) in points {
        least = (least.0.min(x), least.1.min(y));
        most = (most.0.max(x), most.1.max(y));
    }
    Some(Bounds { x: least.0, y: least.1, width: most.0 - least.0, height: most.1 - least.1 })
}

/// A millionth of a picture is less than a pixel; what lies behind it is only the error of the arithmetic.
fn millionths(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

/// The part of a box that lies within the picture; `None` when nothing of it does.
fn shares(
    bounds: Bounds,
    across: f64,
    down: f64,
    name: Option<String>,
    role: Option<String>,
) -> Option<ImageRegion> {
    if across <= 0.0 || down <= 0.0 {
        return None;
    }
    let share = |number: f64, whole: f64| (number / whole).clamp(0.0, 1.0);
    let (x, y) = (share(bounds.x, across), share(bounds.y, down));
    let width = millionths(share(bounds.x + bounds.width, across) - x);
    let height = millionths(share(bounds.y + bounds.height, down) - y);
    let (x, y) = (millionths(x), millionths(y));
    // A single point is a region, too; one that lies outside is none.
    (width >= 0.0 && height >= 0.0).then_some(ImageRegion { x, y, width, height, name, role })
}
