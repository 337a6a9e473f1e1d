use newsroom::facts::Licensor;
use serde_json::{Value, json};

use super::*;
use crate::pages::dom::Node;
use crate::pages::samples::{self, Pictures};
use crate::pages::story::print;

fn things(story: &PublishedStory, pictures: &Pictures) -> Vec<Value> {
    let notices = [samples::notice()];
    let page = print(&samples::site("en"), &samples::input(story, pictures, &notices)).unwrap();
    let tree = Node::parse(&page.body);
    tree.check_page();
    tree.linked_data()
}

fn of_kind<'a>(things: &'a [Value], kind: &str) -> &'a Value {
    things.iter().find(|thing| thing["@type"] == kind).unwrap()
}

#[test]
fn an_article_names_its_time_makers_publisher_and_topics() {
    let story = samples::story(2);
    let things = things(&story, &samples::pictures(&story));
    let article = of_kind(&things, "NewsArticle");
    let url = "https://news.example/story/a-century-and-a-half-of-looking";
    assert_eq!(article["headline"], "A century and a half of looking");
    assert_eq!((&article["mainEntityOfPage"], &article["inLanguage"]), (&json!(url), &json!("en")));
    assert_eq!(article["datePublished"], "2021-01-03T15:32:00Z");
    assert_eq!(article["dateModified"], Value::Null);
    assert_eq!(
        article["author"],
        json!([
            { "@type": "Person", "name": "Ana Ruiz", "url": "https://news.example/by/ana-ruiz" },
            { "@type": "Person", "name": "J. Smith", "url": "https://news.example/by/j-smith" },
        ])
    );
    let house = json!({ "@type": "NewsMediaOrganization", "name": "The Halftone Post", "url": "https://news.example/" });
    assert_eq!(article["publisher"], house);
    assert_eq!(article["isPartOf"]["@type"], "WebSite");
    assert_eq!(article["articleSection"], "Photo");
    assert_eq!(article["keywords"], json!(["Photography", "Archive", "Spain", "NASA"]));
    let way = of_kind(&things, "BreadcrumbList")["itemListElement"].as_array().unwrap();
    let names: Vec<&str> = way.iter().map(|crumb| crumb["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["The Halftone Post", "Photo", "A century and a half of looking"]);
}

#[test]
fn every_photo_says_who_made_it_and_where_it_is_licensed() {
    let mut story = samples::story(3);
    story.cover = story.slides[1].id.clone();
    let rights = &mut story.slides[1].rights;
    rights.creators = vec!["Aitzol Berasategi".to_owned()];
    rights.copyright = Some("© 2021 Aitzol Berasategi".to_owned());
    rights.web_statement = Some("https://agency.example/terms".to_owned());
    rights.licensors = vec![
        Licensor { name: Some("By phone".to_owned()), url: Some("call us".to_owned()) },
        Licensor { name: None, url: Some("https://agency.example/buy".to_owned()) },
    ];
    let things = things(&story, &samples::pictures(&story));
    let images = of_kind(&things, "NewsArticle")["image"].as_array().unwrap();
    assert_eq!(images.len(), 3);
    let thumbnail = &of_kind(&things, "NewsArticle")["thumbnailUrl"];
    assert_eq!(thumbnail, "https://news.example/i/two-dogs/1/social.jpg");
    let cover = &images[0];
    assert_eq!(
        *cover,
        json!({
            "@type": "ImageObject",
            "@id": format!("https://news.example/story/a-century-and-a-half-of-looking#{}", story.slides[1].id.anchor()),
            "contentUrl": "https://news.example/i/two-dogs/1/1598.jpg",
            "width": 1598,
            "height": 2400,
            "caption": "Two spaniels put their heads out of the side of a wooden building.",
            "creator": [{ "@type": "Person", "name": "Aitzol Berasategi" }],
            "creditText": "Aitzol Berasategi",
            "copyrightNotice": "© 2021 Aitzol Berasategi",
            "license": "https://agency.example/terms",
            "acquireLicensePage": "https://agency.example/buy",
            "representativeOfPage": true,
        })
    );
    assert_eq!(images[1]["representativeOfPage"], Value::Null);
    let gallery = of_kind(&things, "ImageGallery")["associatedMedia"].as_array().unwrap();
    let order: Vec<String> = gallery.iter().map(|one| one["@id"].as_str().unwrap().to_owned()).collect();
    let anchors: Vec<String> = story.slides.iter().map(|slide| slide.id.anchor()).collect();
    assert!(order.iter().zip(&anchors).all(|(id, anchor)| id.ends_with(anchor.as_str())), "{order:?}");
}

#[test]
fn a_note_typed_where_an_address_belongs_is_no_licence() {
    for text in ["", "see our site", "javascript:alert(1)", "https://a.example/ and more", "//a.example"] {
        assert_eq!(web_address(text), None, "{text}");
    }
    assert_eq!(web_address(" http://a.example/x \n").as_deref(), Some("http://a.example/x"));
}

#[test]
fn a_story_without_pictures_has_no_gallery() {
    let story = samples::story(2);
    let things = things(&story, &Pictures::new());
    assert_eq!(of_kind(&things, "NewsArticle")["image"], Value::Null);
    assert!(things.iter().all(|thing| thing["@type"] != "ImageGallery"));
}

#[test]
fn no_text_breaks_out_of_the_script_and_none_carries_a_mark() {
    let nasty = "</script><!--<script>alert(1)</script> & \u{2028} \"Daesh*\"";
    let mut story = samples::story(1);
    story.headline = nasty.to_owned();
    story.bylines = vec![nasty.to_owned()];
    story.slides[0].caption = nasty.to_owned();
    story.slides[0].credit = nasty.to_owned();
    let pictures = samples::pictures(&story);
    let page = print(&samples::site("en"), &samples::input(&story, &pictures, &[samples::notice()])).unwrap();
    let from = page.body.find("ld+json\">").unwrap();
    let data = &page.body[from..];
    let end = data.find("</script>").unwrap();
    assert!(data[..end].ends_with("}]}") && !data[9..end].contains(['<', '>', '&']), "{data}");
    let things = things(&story, &pictures);
    let article = of_kind(&things, "NewsArticle");
    assert_eq!(article["headline"], nasty);
    assert!(article["image"][0]["caption"].as_str().unwrap().ends_with("\"Daesh\""));
}
