//! The countries of the world with the words for their people, the states of the United States, Canada and Australia,
//! and the cities that stand alone in datelines of the Associated Press: what a caption's place is measured by.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Countries, and lands that captions name as if they were.
#[rustfmt::skip]
const COUNTRIES: &str = "afghanistan|albania|algeria|andorra|angola|antigua and barbuda|argentina|armenia|australia|austria|azerbaijan|bahamas|\
bahrain|bangladesh|barbados|belarus|belgium|belize|benin|bhutan|bolivia|bosnia|bosnia and herzegovina|bosnia-herzegovina|botswana|brazil|brunei|\
bulgaria|burkina faso|burundi|cambodia|cameroon|canada|cape verde|cabo verde|central african republic|chad|chile|china|colombia|comoros|congo|\
democratic republic of congo|dr congo|drc|costa rica|ivory coast|cote d'ivoire|côte d'ivoire|croatia|cuba|cyprus|czech republic|czechia|denmark|\
djibouti|dominica|dominican republic|east timor|timor-leste|ecuador|egypt|el salvador|equatorial guinea|eritrea|estonia|eswatini|ethiopia|fiji|\
finland|france|gabon|gambia|georgia|germany|ghana|greece|grenada|guatemala|guinea|guinea-bissau|guyana|haiti|honduras|hungary|iceland|india|\
indonesia|iran|iraq|ireland|israel|italy|jamaica|japan|jordan|kazakhstan|kenya|kiribati|kosovo|kuwait|kyrgyzstan|laos|latvia|lebanon|lesotho|\
liberia|libya|liechtenstein|lithuania|luxembourg|madagascar|malawi|malaysia|maldives|mali|malta|marshall islands|mauritania|mauritius|mexico|\
micronesia|moldova|monaco|mongolia|montenegro|morocco|mozambique|myanmar|burma|namibia|nauru|nepal|netherlands|new zealand|nicaragua|niger|\
nigeria|north korea|north macedonia|norway|oman|pakistan|palau|palestine|panama|papua new guinea|paraguay|peru|philippines|poland|portugal|\
qatar|romania|russia|rwanda|samoa|san marino|saudi arabia|senegal|serbia|seychelles|sierra leone|singapore|slovakia|slovenia|solomon islands|\
somalia|somaliland|south africa|south korea|korea|south sudan|spain|sri lanka|st. lucia|saint lucia|sudan|suriname|sweden|switzerland|syria|\
taiwan|tajikistan|tanzania|thailand|togo|tonga|trinidad and tobago|tunisia|turkey|türkiye|turkmenistan|tuvalu|uganda|ukraine|\
united arab emirates|uae|u.a.e|united kingdom|uk|u.k|britain|great britain|england|scotland|wales|northern ireland|united states|usa|us|u.s|u.s.a|\
united states of america|uruguay|uzbekistan|vanuatu|vatican|vatican city|venezuela|vietnam|yemen|zambia|zimbabwe|hong kong|macau|macao|gaza strip|\
gaza|west bank|occupied west bank|east jerusalem|golan heights|puerto rico|greenland|guam|bermuda|gibraltar|faroe islands|new caledonia|\
french polynesia|french guiana|guadeloupe|martinique|reunion|mayotte|crimea|kashmir|nagorno-karabakh|western sahara|antarctica|aruba|curacao|\
cayman islands|falkland islands|isle of man|jersey|guernsey|svalbard|american samoa|virgin islands|abkhazia|transnistria|holland|\
ohio|alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|\
louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|\
new york|north carolina|north dakota|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|\
virginia|washington|west virginia|wisconsin|wyoming|district of columbia|d.c|dc|ala|ariz|ark|calif|colo|conn|del|fla|ga|ill|ind|kan|ky|la|md|\
mass|mich|minn|miss|mo|mont|neb|nev|n.h|n.j|n.m|n.y|n.c|n.d|okla|ore|pa|r.i|s.c|s.d|tenn|tex|vt|va|wash|w.va|wis|wyo|\
ontario|quebec|québec|british columbia|alberta|manitoba|saskatchewan|nova scotia|new brunswick|newfoundland|newfoundland and labrador|\
prince edward island|yukon|nunavut|northwest territories|new south wales|nsw|victoria|queensland|south australia|western australia|tasmania|\
northern territory|australian capital territory";

/// Postal codes of states, which count in capitals only.
#[rustfmt::skip]
const CODES: &str = "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|\
TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR|ON|QC|BC|AB|MB|SK|NS|NB|NL|PE|YT|NT|NU|NSW|VIC|QLD|SA|TAS|ACT";

/// The words for the people and things of a country.
#[rustfmt::skip]
const PEOPLES: &str = "afghan|albanian|algerian|american|angolan|argentine|argentinian|armenian|australian|austrian|azerbaijani|azeri|bahraini|\
bangladeshi|belarusian|belgian|bolivian|bosnian|brazilian|british|bulgarian|burmese|cambodian|cameroonian|canadian|chadian|chilean|chinese|colombian|\
congolese|croatian|cuban|cypriot|czech|danish|dutch|ecuadorian|egyptian|english|eritrean|estonian|ethiopian|filipino|finnish|french|gambian|georgian|\
german|ghanaian|greek|guatemalan|guinean|haitian|honduran|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|ivorian|jamaican|\
japanese|jordanian|kazakh|kenyan|korean|kosovar|kuwaiti|kyrgyz|lao|laotian|latvian|lebanese|liberian|libyan|lithuanian|malaysian|maldivian|malian|\
maltese|mauritanian|mexican|moldovan|mongolian|montenegrin|moroccan|mozambican|namibian|nepalese|nepali|nicaraguan|nigerian|nigerien|norwegian|omani|\
pakistani|palestinian|panamanian|paraguayan|peruvian|philippine|polish|portuguese|qatari|romanian|russian|rwandan|salvadoran|saudi|scottish|senegalese|\
serbian|singaporean|slovak|slovenian|somali|spanish|sudanese|swedish|swiss|syrian|taiwanese|tajik|tanzanian|thai|tibetan|togolese|tunisian|turkish|\
turkmen|ugandan|ukrainian|emirati|uruguayan|uzbek|venezuelan|vietnamese|welsh|yemeni|zambian|zimbabwean|kurdish|catalan|basque|crimean|chechen";

/// Cities that need no state or country in datelines of the Associated Press.
#[rustfmt::skip]
const DATELINE_CITIES: &str = "atlanta|baltimore|boston|chicago|cincinnati|cleveland|dallas|denver|detroit|honolulu|houston|indianapolis|las vegas|\
los angeles|miami|milwaukee|minneapolis|new orleans|new york|oklahoma city|philadelphia|phoenix|pittsburgh|st. louis|st louis|salt lake city|\
san antonio|san diego|san francisco|seattle|washington|amsterdam|baghdad|bangkok|beijing|beirut|berlin|brussels|cairo|djibouti|dublin|geneva|\
gibraltar|guatemala city|havana|helsinki|hong kong|islamabad|istanbul|jerusalem|johannesburg|kuwait city|london|luxembourg|macau|madrid|mexico city|\
milan|monaco|montreal|moscow|munich|new delhi|panama city|paris|prague|quebec city|rio de janeiro|rome|san marino|sao paulo|são paulo|shanghai|\
singapore|stockholm|sydney|tokyo|toronto|vatican city|vienna|zurich|zürich|united nations";

static COUNTRY_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COUNTRIES.split('|').collect());
static CODE_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| CODES.split('|').collect());
static PEOPLE_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| PEOPLES.split('|').collect());
static CITY_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| DATELINE_CITIES.split('|').collect());

/// The most words of a country's name.
const LONGEST: usize = 4;

/// Whether words in small letters are the name of a country or a state.
pub(super) fn is_country(name: &str) -> bool {
    COUNTRY_NAMES.contains(name)
}

/// Whether a word as it is written is the postal code of a state.
pub(super) fn is_code(word: &str) -> bool {
    CODE_NAMES.contains(word)
}

/// Whether a word in small letters says of which country something is.
pub(super) fn is_people(word: &str) -> bool {
    PEOPLE_NAMES.contains(word) || word.strip_suffix('s').is_some_and(|one| PEOPLE_NAMES.contains(one))
}

/// Whether words in small letters are a city that needs no country in a dateline of the Associated Press.
pub(super) fn is_dateline_city(name: &str) -> bool {
    CITY_NAMES.contains(name)
}

/// Whether some of these words in small letters, side by side, satisfy a test of names.
pub(super) fn any_name(words: &[&str], test: fn(&str) -> bool) -> bool {
    (0..words.len()).any(|from| {
        (1..=LONGEST).any(|length| words.get(from..from + length).is_some_and(|name| test(&name.join(" "))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_words_are_found_among_others() {
        assert!(any_name(&["in", "northern", "saudi", "arabia"], is_country));
        assert!(any_name(&["sioux", "city", "iowa"], is_country));
        assert!(!any_name(&["the", "holy", "city", "of", "najaf"], is_country));
        assert!(any_name(&["new", "york"], is_dateline_city));
    }
}
