//! Each way to write a value in XMP, and what a hostile packet gets.

use darkroom::meta::{Facts, ProblemCode, read};

use crate::asking::{codes, description, facts, problems};
use crate::made::{CAPTION, jpeg, jpeg_with_xmp, packet, wrapped, xmp_segment};

#[test]
fn a_namespace_is_known_by_its_address_not_its_prefix() {
    let body = "<d:description xmlns:d='http://purl.org/dc/elements/1.1/'>plain</d:description>\
                <dc:title xmlns:dc='http://example.org/other/'>not ours</dc:title>";
    let facts = facts(&jpeg_with_xmp(body));
    assert_eq!(facts.description.unwrap().value, "plain");
    assert_eq!(facts.title, None);
}

#[test]
fn attributes_and_elements_say_the_same() {
    let attribute = wrapped("<rdf:Description photoshop:Credit='The &quot;Agency&quot; &amp; Co&#xA;Ltd'/>");
    assert_eq!(
        facts(&jpeg(&[xmp_segment(&attribute)])).credit_line.unwrap().value,
        "The \"Agency\" & Co\nLtd"
    );
    let element = jpeg_with_xmp("<photoshop:Credit>The <![CDATA[<b>]]> &lt;Agency&#x3e;</photoshop:Credit>");
    assert_eq!(facts(&element).credit_line.unwrap().value, "The <b> <Agency>");
}

#[test]
fn a_photographer_s_marks_are_read_and_what_is_no_mark_is_not() {
    let marked = |rating: &str, class: &str, urgency: &str| {
        let body = format!(
            "<xmp:Rating>{rating}</xmp:Rating><xmp:Label>Red</xmp:Label><photoshop:Urgency>{urgency}</photoshop:Urgency>\
             <pm:ColorClass xmlns:pm='http://ns.camerabits.com/photomechanic/1.0/'>{class}</pm:ColorClass>"
        );
        let facts = facts(&jpeg_with_xmp(&body));
        let label = facts.label.map(|fact| fact.value);
        let numbers = (facts.color_class.map(|fact| fact.value), facts.urgency.map(|fact| fact.value));
        (facts.rating.map(|fact| fact.value), label, numbers)
    };
    let red = Some("Red".to_owned());
    assert_eq!(marked("4", "3", "1"), (Some(4), red.clone(), (Some(3), Some(1))));
    assert_eq!(marked("-1", "0", "8"), (Some(-1), red.clone(), (Some(0), Some(8))));
    assert_eq!(marked("6", "9", "0"), (None, red, (None, None)));
}

#[test]
fn language_alternatives_are_chosen_by_default_then_site_then_first() {
    let alternatives = |languages: &[&str]| {
        let entries: String =
            languages.iter().map(|l| format!("<rdf:li xml:lang='{l}'>in {l}</rdf:li>")).collect();
        jpeg_with_xmp(&format!("<dc:description><rdf:Alt>{entries}</rdf:Alt></dc:description>"))
    };
    let chosen = |bytes: &[u8]| read(bytes, None, &["ru", "de"]).facts.description.unwrap().value;
    assert_eq!(chosen(&alternatives(&["fr", "x-default", "ru"])), "in x-default");
    assert_eq!(chosen(&alternatives(&["fr", "de-AT", "ru-RU"])), "in ru-RU");
    assert_eq!(chosen(&alternatives(&["fr", "de"])), "in de");
    assert_eq!(chosen(&alternatives(&["fr", "es"])), "in fr");
}

#[test]
fn an_empty_default_gives_way_to_a_text() {
    let body = "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'> </rdf:li>\
                <rdf:li xml:lang='en'>text</rdf:li></rdf:Alt></dc:description>";
    assert_eq!(description(&jpeg_with_xmp(body)).as_deref(), Some("text"));
}

#[test]
fn the_three_forms_of_a_structure_say_the_same() {
    let url = "https://example.org/buy";
    let resource =
        format!("<rdf:li rdf:parseType='Resource'><plus:LicensorURL>{url}</plus:LicensorURL></rdf:li>");
    let attribute = format!("<rdf:li plus:LicensorURL='{url}'/>");
    let nested = format!(
        "<rdf:li><rdf:Description><plus:LicensorURL rdf:resource='{url}'/></rdf:Description></rdf:li>"
    );
    for entry in [resource, attribute, nested] {
        let bytes = jpeg_with_xmp(&format!("<plus:Licensor><rdf:Seq>{entry}</rdf:Seq></plus:Licensor>"));
        let licensors = facts(&bytes).licensors.expect(&entry).value;
        assert_eq!(licensors[0].url.as_deref(), Some(url));
    }
}

#[test]
fn a_list_may_be_a_single_text_and_a_text_a_list() {
    let body = "<dc:creator>Jane Doe</dc:creator>\
                <photoshop:Credit><rdf:Bag><rdf:li>Agency</rdf:li></rdf:Bag></photoshop:Credit>";
    let facts = facts(&jpeg_with_xmp(body));
    assert_eq!(facts.creators.unwrap().value, ["Jane Doe"]);
    assert_eq!(facts.credit_line.unwrap().value, "Agency");
}

#[test]
fn a_value_with_qualifiers_is_its_value() {
    let body = "<photoshop:Credit rdf:parseType='Resource'><rdf:value>Agency</rdf:value></photoshop:Credit>";
    assert_eq!(facts(&jpeg_with_xmp(body)).credit_line.unwrap().value, "Agency");
}

#[test]
fn codes_of_vocabularies_lose_their_address() {
    let body = "<ext:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\
                </ext:DigitalSourceType><plus:DataMining rdf:resource='http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED'/>";
    let facts = facts(&jpeg_with_xmp(body));
    assert_eq!(facts.digital_source_type.unwrap().value, "trainedAlgorithmicMedia");
    assert_eq!(facts.data_mining.unwrap().value, "DMI-PROHIBITED");
}

#[test]
fn a_region_in_pixels_becomes_shares() {
    let body = "<ext:ImageRegion><rdf:Bag><rdf:li rdf:parseType='Resource'><ext:RegionBoundary \
                rdf:parseType='Resource'><ext:rbShape>rectangle</ext:rbShape><ext:rbUnit>pixel</ext:rbUnit>\
                <ext:rbX>10</ext:rbX><ext:rbY>15</ext:rbY><ext:rbW>20</ext:rbW><ext:rbH>30</ext:rbH>\
                </ext:RegionBoundary></rdf:li></rdf:Bag></ext:ImageRegion>";
    let regions = facts(&jpeg_with_xmp(body)).regions.unwrap().value;
    let region = &regions[0];
    // Half of it hangs over the lower edge of the 30 pixels.
    assert_eq!((region.x, region.y, region.width, region.height), (0.25, 0.5, 0.5, 0.5));
}

#[test]
fn faces_of_the_metadata_working_group_are_regions() {
    let body = "<mwg:Regions rdf:parseType='Resource'><mwg:RegionList><rdf:Bag><rdf:li><rdf:Description \
                mwg:Name='Jane' mwg:Type='Face'><mwg:Area area:x='0.5' area:y='0.4' area:w='0.2' area:h='0.2'/>\
                </rdf:Description></rdf:li></rdf:Bag></mwg:RegionList></mwg:Regions>";
    let regions = facts(&jpeg_with_xmp(body)).regions.unwrap().value;
    assert_eq!((regions[0].x, regions[0].y, regions[0].width), (0.4, 0.3, 0.2));
    assert_eq!(regions[0].name.as_deref(), Some("Jane"));
}

#[test]
fn other_encodings_of_xmp_are_read() {
    let text = packet("<photoshop:Credit>Łódź 東京</photoshop:Credit>");
    let little: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    for sidecar in [little, big, wide, text.into_bytes()] {
        let reading = read(&jpeg(&[]), Some(&sidecar), &[]);
        assert_eq!(reading.facts.credit_line.unwrap().value, "Łódź 東京");
        assert_eq!(reading.problems, []);
    }
}

#[test]
fn entities_of_a_documents_own_are_never_read() {
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>";
    let text =
        packet("<photoshop:Credit>x&b;&f;y</photoshop:Credit><photoshop:Source>&amp;</photoshop:Source>");
    let reading = read(&jpeg(&[]), Some(format!("{bomb}{text}").as_bytes()), &[]);
    assert_eq!(reading.facts.credit_line.unwrap().value, "xy");
    assert_eq!(reading.facts.source.unwrap().value, "&");
    assert_eq!(reading.problems.iter().map(|p| p.code).collect::<Vec<_>>(), [ProblemCode::XmpEntity]);
}

#[test]
fn xmp_that_nests_without_end_is_left_at_64_levels() {
    let deep = format!("{CAPTION}<dc:title>{}", "<dc:x>".repeat(100_000));
    let bytes = packet(&deep);
    let reading = read(&jpeg(&[]), Some(bytes.as_bytes()), &[]);
    assert_eq!(reading.facts.description.unwrap().value, "A caption");
    assert_eq!(reading.problems.iter().map(|p| p.code).collect::<Vec<_>>(), [ProblemCode::XmpTooDeep]);
}

#[test]
fn xmp_with_elements_without_end_is_left() {
    let many = format!(
        "{CAPTION}<dc:subject><rdf:Bag>{}</rdf:Bag></dc:subject>",
        "<rdf:li>k</rdf:li>".repeat(200_000)
    );
    let reading = read(&jpeg(&[]), Some(packet(&many).as_bytes()), &[]);
    assert!(codes(&reading).contains(&ProblemCode::XmpTooLarge));
    assert_eq!(reading.facts.description.unwrap().value, "A caption");
}

#[test]
fn an_editing_history_of_megabytes_is_passed_over() {
    let ancestors = "<rdf:li>xmp.did:0123456789ABCDEF</rdf:li>".repeat(200_000);
    let body = format!(
        "<photoshop:DocumentAncestors><rdf:Bag>{ancestors}</rdf:Bag></photoshop:DocumentAncestors>{CAPTION}"
    );
    let reading = read(&jpeg(&[]), Some(packet(&body).as_bytes()), &[]);
    assert_eq!(reading.facts.description.unwrap().value, "A caption");
    assert_eq!(reading.problems, []);
}

#[test]
fn broken_xmp_keeps_what_stands_before_the_fault() {
    let bytes = jpeg_with_xmp(&format!("{CAPTION}<dc:title>torn</dc:wrong>"));
    assert_eq!(description(&bytes).as_deref(), Some("A caption"));
    assert_eq!(problems(&bytes), [ProblemCode::XmpDamaged]);
}

#[test]
fn more_than_two_thousand_keywords_are_told() {
    let entries: String = (0..2_001).map(|n| format!("<rdf:li>k{n}</rdf:li>")).collect();
    let body = format!("<dc:subject><rdf:Bag>{entries}</rdf:Bag></dc:subject>");
    let reading = read(&jpeg(&[]), Some(packet(&body).as_bytes()), &[]);
    assert_eq!(reading.facts.keywords.unwrap().value.len(), 2_000);
    assert_eq!(reading.problems[0].code, ProblemCode::TooManyKeywords);
}

#[test]
fn a_sidecar_over_sixteen_megabytes_is_told_and_not_read() {
    let body = format!("{CAPTION}<photoshop:Credit>{}</photoshop:Credit>", "x".repeat(17_000_000));
    let reading = read(&jpeg(&[]), Some(packet(&body).as_bytes()), &[]);
    assert_eq!(codes(&reading), [ProblemCode::MetadataTooLarge]);
    assert_eq!(reading.facts, Facts::default());
}
