//! The darkroom's facts, each with its source, as the plain values that the newsroom's rules work with.

use darkroom::meta::{self, Fact, Facts};
use jiff::civil::DateTime;
use newsroom::facts::{CameraTime, ImageRegion, Licensor, PartialDate, PhotoFacts, Place};

/// The values of a reading's facts.
pub fn photo_facts(facts: &Facts) -> PhotoFacts {
    PhotoFacts {
        description: value(&facts.description),
        proposed_description: value(&facts.proposed_description),
        headline: value(&facts.headline),
        title: value(&facts.title),
        creators: list(&facts.creators),
        job_title: value(&facts.job_title),
        credit_line: value(&facts.credit_line),
        source: value(&facts.source),
        copyright: value(&facts.copyright),
        usage_terms: value(&facts.usage_terms),
        instructions: value(&facts.instructions),
        web_statement: value(&facts.web_statement),
        licensors: list(&facts.licensors)
            .into_iter()
            .map(|one| Licensor { name: one.name, url: one.url })
            .collect(),
        copyright_owner: value(&facts.copyright_owner),
        image_supplier: value(&facts.image_supplier),
        supplier_image_id: value(&facts.supplier_image_id),
        job_id: value(&facts.job_id),
        date_created: value(&facts.date_created).map(plain_date),
        taken: value(&facts.taken).and_then(taken),
        place: Place {
            sublocation: value(&facts.place.sublocation),
            city: value(&facts.place.city),
            state: value(&facts.place.state),
            country: value(&facts.place.country),
            country_code: value(&facts.place.country_code),
        },
        location_created: value(&facts.location_created).map(place),
        locations_shown: list(&facts.locations_shown).into_iter().map(place).collect(),
        persons: list(&facts.persons),
        event: value(&facts.event),
        keywords: list(&facts.keywords),
        description_writer: value(&facts.description_writer),
        alt_text: value(&facts.alt_text),
        extended_description: value(&facts.extended_description),
        digital_source_type: value(&facts.digital_source_type),
        data_mining: value(&facts.data_mining),
        other_constraints: value(&facts.other_constraints),
        image_guid: value(&facts.image_guid),
        regions: list(&facts.regions).into_iter().map(region).collect(),
        rating: value(&facts.rating),
        label: value(&facts.label),
        color_class: value(&facts.color_class),
        urgency: value(&facts.urgency),
        camera: value(&facts.camera),
        lens: value(&facts.lens),
        exposure: value(&facts.exposure),
    }
}

fn value<T: Clone>(fact: &Option<Fact<T>>) -> Option<T> {
    fact.as_ref().map(|fact| fact.value.clone())
}

fn list<T: Clone>(fact: &Option<Fact<Vec<T>>>) -> Vec<T> {
    value(fact).unwrap_or_default()
}

/// A date as the newsroom writes it.
pub fn plain_date(date: meta::PartialDate) -> PartialDate {
    PartialDate { year: date.year, month: date.month, day: date.day }
}

fn taken(time: meta::CameraTime) -> Option<CameraTime> {
    let local =
        DateTime::new(time.year, time.month, time.day, time.hour, time.minute, time.second, time.nanosecond)
            .ok()?;
    Some(CameraTime { local, offset_minutes: time.offset_minutes })
}

fn place(place: meta::Place) -> Place {
    Place {
        sublocation: place.sublocation,
        city: place.city,
        state: place.state,
        country: place.country,
        country_code: place.country_code,
    }
}

fn region(region: meta::ImageRegion) -> ImageRegion {
    ImageRegion {
        x: region.x,
        y: region.y,
        width: region.width,
        height: region.height,
        name: region.name,
        role: region.role,
    }
}
