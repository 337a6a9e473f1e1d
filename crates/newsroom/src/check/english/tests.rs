use super::*;
use crate::check::reading::tokens;

fn verdict(text: &str) -> Verdict {
    judge(&tokens(text).iter().collect::<Vec<_>>())
}

fn assert_all(texts: &[&str], is: fn(&Verdict) -> bool) {
    let wrong: Vec<(&str, Verdict)> =
        texts.iter().map(|text| (*text, verdict(text))).filter(|(_, verdict)| !is(verdict)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const PRESENT: &[&str] = &[
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
    "Ukrainian servicemen load shells into a howitzer near the front line.",
    "Mourners carry the coffin of a man killed in an air strike.",
    "Brazil's Neymar celebrates scoring his side's second goal.",
    "Manchester City's Erling Haaland heads the ball during a match against Arsenal.",
    "Models present creations by a designer during the fashion week.",
    "Pope Francis waves from the balcony of the basilica.",
    "Water floods a street after heavy rain.",
    "Children fill containers with water at a camp for displaced people.",
    "Demonstrators clash with riot police during a protest against pension reform.",
    "An aerial view shows a flooded village.",
    "A combination of pictures shows the two candidates.",
    "Cars line up at a petrol station.",
    "Snow covers the roofs of the old town.",
    "Lava flows from a volcano.",
    "The sun sets behind a mosque.",
    "Visitors look at paintings in the museum.",
    "Actor Tom Hollis arrives for the premiere of his film.",
    "Team members lift the trophy after winning the final.",
    "A police officer stands next to a burned-out car.",
    "Two boys jump into a river to cool off.",
    "Supporters of the opposition wave flags at a rally.",
    "Soldiers patrol a street in the centre of the town.",
    "Workers at a factory sort plastic bottles.",
    "Volunteers hand out food to the homeless.",
    "A vendor selling balloons waits for customers.",
    "US President Joe Biden and First Lady Jill Biden board Air Force One.",
    "Members of the media photograph the royal couple.",
    "A firefighter sprays water on a house that burned overnight.",
    "Hindu devotees bathe in the Ganges.",
    "A migrant, who asked not to be named, rests on a bench.",
    "The coffin of the late queen is carried into the abbey.",
    "Police officers detain a demonstrator.",
    "Rescuers pull a child from the rubble of a house hit by a missile.",
    "Cyclists ride past a field of sunflowers.",
    "A monk sweeps leaves in a temple.",
    "Fans of the home team cheer as the players enter the stadium.",
    "Smoke billows from a factory.",
    "Flames engulf a car during riots.",
    "Rockets streak across the sky.",
    "Iranian Foreign Minister Abbas Araghchi, right, shakes hands with his counterpart.",
    "From a hill above the town, a couple watches the fireworks.",
    "Clouds hang low over the harbour.",
    "Hundreds of people queue for bread.",
    "One of the survivors shows his wounds.",
    "A protester throws a stone at police.",
    "Seagulls fly over a fishing boat.",
    "Prime Minister Keir Starmer speaks during a news conference.",
    "Chinese paramilitary police march past the Great Hall.",
    "Farmers block a motorway with tractors.",
    "Tourists shelter from the rain under umbrellas.",
    "Vehicles destroyed in the fighting litter the road.",
    "A woman reacts as she looks at the ruins of her house.",
    "Graves of soldiers stretch across the field.",
    "Sudanese refugees who fled the war wait for aid.",
    "The wreck of a ship lies on the shore.",
    "Dancers perform on a stage.",
    "Kenya's Eliud Kiprop crosses the finish line to win the marathon.",
    "Ballet dancers warm up before a performance.",
    "Health workers in protective suits bury a victim.",
    "Thousands gather in a square to demand new elections.",
    "A dog jumps over a fence.",
    "Election officials count ballots.",
    "Nobody is hurt.",
];

#[test]
fn sentences_that_tell_in_the_present_are_left_alone() {
    assert_all(PRESENT, |verdict| matches!(verdict, Verdict::Present | Verdict::Unsure));
}

const PAST: &[&str] = &[
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
    "Fans waved flags during the match.",
    "A fire destroyed the market.",
    "Mourners prayed at the grave of the general.",
    "Ukrainian soldiers fired a howitzer at Russian positions.",
    "Pope Francis waved from the balcony.",
    "An explosion killed at least 20 people in the market.",
    "Supporters of the president held a rally.",
    "Rain fell on the capital.",
    "Members of the orchestra performed in the open air.",
    "A woman cried after an air strike.",
    "The players left the pitch.",
    "Volunteers handed out food to the homeless.",
    "The queen opened the new bridge.",
    "Protesters blocked a road in the centre of the city.",
    "Two boys swam in the river.",
    "Police used tear gas to disperse the crowd.",
    "Smoke rose over the harbour.",
    "Rescue workers searched for survivors under the rubble.",
];

#[test]
fn a_past_is_found() {
    assert_all(PAST, |verdict| matches!(verdict, Verdict::Past(_)));
}

const VERBLESS: &[&str] = &[
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
    "Children at a camp for displaced people.",
    "Flowers and candles outside the embassy.",
    "The president with his wife on the balcony of the palace.",
    "Portraits of victims of the attack on a wall.",
    "Two boys in a river during a heat wave.",
    "Aerial view of a flooded village.",
    "Police officers in front of the parliament building.",
    "A tank abandoned by the army on a road.",
    "Fans before the match between the two teams.",
    "Empty shelves in a supermarket.",
    "Ukrainian soldiers on a tank near the front line.",
    "A mural of the late singer in the old town.",
    "Traces of the fire on the walls of the church.",
    "Protesters, some of them masked, outside the court.",
];

#[test]
fn a_sentence_without_a_verb_is_found() {
    assert_all(VERBLESS, |verdict| matches!(verdict, Verdict::Verbless));
}
