//! Namespaces by their URI: a packet may call them by any prefix.

/// The usual prefix of each namespace that is read.
const SPACES: [(&str, &str); 20] = [
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM"),
    ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"),
    ("http://ns.useplus.org/ldf/xmp/1.0/", "plus"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://ns.adobe.com/camera-raw-settings/1.0/", "crs"),
    ("http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs"),
    ("http://ns.adobe.com/xmp/sType/Area#", "stArea"),
    ("http://ns.adobe.com/xap/1.0/sType/Dimensions#", "stDim"),
    ("http://xmp.gettyimages.com/gift/1.0/", "GettyImagesGIFT"),
    ("http://ns.adobe.com/xmp/note/", "xmpNote"),
    ("http://ns.camerabits.com/photomechanic/1.0/", "photomechanic"),
];

/// What stands for a namespace that is not read.
pub(super) const OTHER: &str = "";

/// The usual prefix of a namespace; [`OTHER`] for one that is not read.
pub(super) fn space(uri: &str) -> &'static str {
    SPACES.iter().find(|(known, _)| *known == uri).map_or(OTHER, |(_, prefix)| prefix)
}

/// Whether a property of the packet is read at all. Editing histories can be megabytes and are passed over.
pub(super) fn is_read(space: &str, local: &str) -> bool {
    match space {
        OTHER => false,
        "photoshop" => local != "DocumentAncestors" && local != "TextLayers",
        "xmpMM" => local == "PreservedFileName",
        "crs" => local == "RawFileName",
        "photomechanic" => local == "ColorClass",
        _ => true,
    }
}
