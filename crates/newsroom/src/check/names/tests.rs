use super::*;

fn pairs(texts: &[&str]) -> Vec<(String, String)> {
    let readings: Vec<Reading<'_>> = texts.iter().map(|text| Reading::undated(text, "en")).collect();
    let mut spellings = BTreeMap::new();
    for (number, reading) in readings.iter().enumerate() {
        collect(number, reading, &mut spellings);
    }
    let found = differing(&spellings);
    found.iter().map(|(rare, usual)| (rare.written.to_owned(), usual.written.to_owned())).collect()
}

#[test]
fn a_name_spelled_in_two_ways_is_told_at_the_rarer() {
    let found = pairs(&[
        "A man holds a portrait of Qasem Soleimani.",
        "A girl holds a portrait of Qasem Soleimani.",
        "Supporters of Qasem Suleimani march.",
    ]);
    assert_eq!(found, [("Suleimani".to_owned(), "Soleimani".to_owned())]);
}

#[test]
fn a_family_has_several_members_and_a_country_its_people() {
    for texts in [
        ["A portrait of Ali Hassan stands there.", "A portrait of Omar Hasan stands there."],
        ["People of Iraq march.", "The Iraqi people march with Iraqis."],
        ["Firefighters rest in Paris.", "The parish priest of Parish walks."],
        ["Sons of Daniel Berg walk.", "The house of Daniela Berg burns."],
        ["Visitors from Austria walk.", "Visitors from Australia walk."],
        ["The coach of Abu Mahdi talks.", "The coach of Ali Mahdavi talks."],
    ] {
        assert_eq!(pairs(&texts), [], "{texts:?}");
    }
}
