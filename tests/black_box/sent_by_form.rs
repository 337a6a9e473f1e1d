//! Photos sent by a form without a script, and positions that are left out before anything is kept.

use serde_json::{Value, json};

use crate::client::{Client, PASSWORD, person, ready};
use crate::exif_tool;
use crate::site::{Answer, TestSite};
use crate::uploading::{base64, photo_bytes};

/// What a browser makes of a form with files.
fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n"
        );
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(b"--edge--\r\n");
    body
}

fn send(client: &Client, body: &[u8]) -> Answer {
    client.with("Content-Type", "multipart/form-data; boundary=edge").desk_with("/desk/photos/send", body)
}

fn uploads(client: &Client) -> Vec<Value> {
    client.get("/uploads").is(200).json()["items"].as_array().unwrap().clone()
}

#[test]
fn a_form_sends_photos_and_tells_of_each_what_became_of_it() {
    let site = TestSite::new();
    let serving = ready(&site);
    let ana = person(&site, &serving, "ana", "photographer");
    let eve = person(&site, &serving, "eve", "editor");
    let (rocket, dogs) = (photo_bytes("rocket.jpg"), photo_bytes("two-dogs.jpg"));
    let told = send(
        &ana,
        &form(&[], &[("rocket.jpg", &rocket), ("notes.jpg", b"no photo"), ("two dogs.jpg", &dogs)]),
    );
    let page = told.is(422).text();
    assert!(page.contains("two dogs.jpg") && page.contains("which is not accepted"), "{page}");
    let told: Vec<Value> = uploads(&ana).iter().map(|one| one["state"].clone()).collect();
    assert_eq!(told, ["taken in", "refused", "taken in"]);
    let original = ana.get(&format!("/photos/{}/original", uploads(&ana)[0]["photo"].as_str().unwrap()));
    assert_eq!(original.is(200).body, rocket);
    let story = eve.post("/stories", &json!({ "headline": "Lift-off" })).is(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let cat = photo_bytes("cat-in-motion.jpg");
    let told = send(&eve, &form(&[("story", &story)], &[("cat.jpg", &cat)])).is(200).text();
    assert!(
        told.contains("All of them are in.") && told.contains(&format!("/desk/stories/{story}\"")),
        "{told}"
    );
    assert_eq!(eve.get(&format!("/stories/{story}")).is(200).json()["slides"].as_array().unwrap().len(), 1);
    assert!(send(&eve, &form(&[], &[("", b"")])).is(422).text().contains("No file was chosen"));
    send(&eve, &form(&[("story", "nonsense")], &[("cat.jpg", &cat)])).is(404);
    let whole = form(&[], &[("late.jpg", &rocket)]);
    assert!(send(&eve, &whole[..whole.len() / 2]).is(422).text().contains("did not come whole"));
    let credentials = json!({ "address": "eve@house.example", "password": PASSWORD });
    let signed_in = Client::stranger(&serving).post("/session", &credentials).is(200);
    let foreign = Client::stranger(&serving).with("Sec-Fetch-Site", "cross-site").signed_in(&signed_in);
    send(&foreign, &whole).is(303);
    assert_eq!(uploads(&eve).len(), 1, "nothing came of what another site sent");
}

#[test]
fn a_position_is_left_out_before_a_photo_is_kept_and_nothing_else_is() {
    if !exif_tool::installed() {
        return;
    }
    let site = TestSite::new();
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let folder = site.folder_of("placed", &["rocket.jpg", "cameraman.png"]);
    let said = [
        "-GPSLatitude=51.3",
        "-GPSLatitudeRef=N",
        "-GPSLongitude=4.25",
        "-GPSLongitudeRef=E",
        "-XMP-exif:GPSLatitude=51.3",
        "-XMP-exif:GPSLongitude=4.25",
        "-XMP-photoshop:City=Doel",
    ];
    for (index, name) in ["rocket.jpg", "cameraman.png"].into_iter().enumerate() {
        let file = folder.join(name);
        exif_tool::change(&file, &said);
        let sent = std::fs::read(&file).unwrap();
        let metadata = format!("filename {},leave_out {}", base64(name.as_bytes()), base64(b"position"));
        let answer = if index == 0 {
            let told = eve
                .with("Upload-Length", &sent.len().to_string())
                .with("Upload-Metadata", &metadata)
                .with("Content-Type", "application/offset+octet-stream")
                .send("POST", "/uploads", &sent)
                .is(201);
            told.status
        } else {
            send(&eve, &form(&[("leave_out", "position")], &[(name, &sent)])).is(200).status
        };
        assert!(answer < 300);
        let photo = uploads(&eve)[index]["photo"].as_str().unwrap().to_owned();
        let kept = eve.get(&format!("/photos/{photo}/original")).is(200).body;
        let beside = site.beside(name);
        std::fs::write(&beside, &kept).unwrap();
        let tags = exif_tool::tags(&[&file, &beside]);
        let places = |tags: &serde_json::Map<String, Value>| {
            tags.keys().filter(|name| name.contains("GPS")).cloned().collect::<Vec<_>>()
        };
        assert!(places(&tags[0]).len() >= 4, "{:?}", tags[0]);
        assert_eq!(places(&tags[1]), Vec::<String>::new(), "{name}");
        assert_eq!((&tags[1]["XMP-photoshop:City"], kept.len()), (&json!("Doel"), sent.len()));
        assert_eq!(exif_tool::tag(&beside, "Validate"), exif_tool::tag(&file, "Validate"), "{name}");
        let differing = kept.iter().zip(&sent).filter(|(one, other)| one != other).count();
        assert!(differing < 400, "{differing} bytes of {name} changed");
    }
    let odd = format!("filename {},leave_out {}", base64(b"a.jpg"), base64(b"everything"));
    let refused = eve.with("Upload-Length", "9").with("Upload-Metadata", &odd).send("POST", "/uploads", b"");
    assert!(refused.is(400).text().contains("position"));
}
