use super::*;
use crate::check::reading::tokens;

fn verdict(text: &str) -> Verdict {
    judge(&tokens(text))
}

fn assert_all(texts: &[&str], is: fn(&Verdict) -> bool) {
    let wrong: Vec<(&str, Verdict)> =
        texts.iter().map(|text| (*text, verdict(text))).filter(|(_, verdict)| !is(verdict)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sentences_that_tell_in_the_present_are_left_alone() {
    let texts = [
        "People wave flags during the anniversary of the killing of a general.",
        "An Iraqi woman carries a portrait at Baghdad Airport.",
        "Iraqis hold pictures as they gather to mark the anniversary.",
        "A handout picture provided by the office shows him paying respects by the grave.",
        "A man who lost his house in the flood stands in the water.",
        "People displaced after an attack wait in line for food.",
        "Supporters of the president rally in the capital.",
        "Police stand guard outside the embassy.",
        "Smoke rises from buildings hit by air strikes.",
        "Riot police fire tear gas at protesters.",
        "Firefighters injured in the blaze are remembered.",
        "Protesters detained by police sit in a bus.",
        "Joe Biden, left, and Ali Khamenei shake hands.",
        "In this image taken from video, flames consume a motel.",
        "Members of the forces chant slogans against the United States.",
        "A fighter from the Hashid Shaabi stands in front of a banner.",
        "A girl holds a lit candle during a vigil.",
        "Families of people killed in the attack mourn.",
        "Rescue workers search for survivors.",
        "A crane towers over the site where a bridge collapsed.",
        "A worker cuts wood.",
        "Students sit on the grass after they left the hall.",
    ];
    assert_all(&texts, |verdict| matches!(verdict, Verdict::Present | Verdict::Unsure));
}

#[test]
fn a_past_is_found() {
    let texts = [
        "Protesters marched through the streets of the capital.",
        "A woman carried a portrait of the general.",
        "Police arrested a man during clashes.",
        "The president spoke to reporters.",
        "Rescuers were seen near the site.",
        "People gathered outside the palace.",
        "A boy sat on a wall.",
        "Firefighters battled a blaze in a warehouse.",
        "Thousands took part in the rally.",
        "Residents fled their homes as the river rose.",
        "Workers cleaned the square after a protest.",
        "The team celebrated after the match.",
        "Children played in the snow.",
        "The minister said the talks continue.",
    ];
    assert_all(&texts, |verdict| matches!(verdict, Verdict::Past(_)));
}

#[test]
fn a_sentence_without_a_verb_is_found() {
    let texts = [
        "Supporters at the grave of the general.",
        "A poster depicting late Iranian revolutionary leader Ayatollah Khomeini, left, and Supreme Leader Ali Khamenei.",
        "People waving flags in the square.",
        "Smoke over the city after air strikes in Gaza.",
        "A general view of the city after the attacks.",
        "Prayers at the mosque in Tehran.",
        "A house destroyed by fire in the village.",
        "A woman who lost her house during an earthquake.",
        "A protest march in the centre of London.",
        "Supporters holding portraits of the general.",
        "Damage caused by a rocket in the old town.",
        "The wreckage of a car near the bridge.",
    ];
    assert_all(&texts, |verdict| matches!(verdict, Verdict::Verbless));
}
