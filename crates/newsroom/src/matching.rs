//! Which photo belongs to which caption (the captured page comes without pictures): proposals for the desk, never
//! attachments.
//!
//! Captions of one story share most of their words, so words weigh by how rare they are among all captions given
//! (inverse document frequency) and two captions are compared by the cosine of their weighted words. Pairs are proposed
//! one to one, the most alike first, from [`THRESHOLD`] on. Where several pairs are equally alike nothing tells them
//! apart and none of them is proposed, except that two or more slides with the same caption and just as many photos,
//! all equally alike, are proposed in their order: any other order would be as right.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::caption::read_caption;
use crate::id::{PhotoId, SlideId};
use crate::words::words;

/// Pairs less alike than this are not proposed; 1 is the same words.
pub const THRESHOLD: f64 = 0.5;

/// Pairs closer than this are equally alike.
const SAME: f64 = 1e-9;

/// A photo proposed for a slide.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The slide.
    pub slide: SlideId,
    /// The photo.
    pub photo: PhotoId,
    /// How alike the captions are, from [`THRESHOLD`] to 1.
    pub score: f64,
}

/// Proposes photos for slides by their captions (raw ones will do: sign-offs and notes to editors are passed over).
/// Best first; each slide and each photo at most once.
pub fn propose(slides: &[(SlideId, &str)], photos: &[(PhotoId, &str)]) -> Vec<Proposal> {
    let texts = slides.iter().map(|(_, text)| *text).chain(photos.iter().map(|(_, text)| *text));
    let vectors = weighted(&texts.map(|text| words(&read_caption(text).caption)).collect::<Vec<_>>());
    let (of_slides, of_photos) = vectors.split_at(slides.len());
    let mut pairs: Vec<Pair> = Vec::new();
    for (slide, one) in of_slides.iter().enumerate() {
        for (photo, other) in of_photos.iter().enumerate() {
            let score = cosine(one, other);
            if score >= THRESHOLD {
                pairs.push(Pair { slide, photo, score });
            }
        }
    }
    pairs.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.slide.cmp(&b.slide)).then(a.photo.cmp(&b.photo)));
    let chosen = choose(pairs);
    let proposals = chosen.into_iter().filter_map(|pair| {
        let (slide, photo) = (slides.get(pair.slide)?.0.clone(), photos.get(pair.photo)?.0);
        Some(Proposal { slide, photo, score: pair.score.min(1.0) })
    });
    proposals.collect()
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    slide: usize,
    photo: usize,
    score: f64,
}

/// Takes pairs from the most alike down; equally alike ones together, by the groups that they connect.
fn choose(pairs: Vec<Pair>) -> Vec<Pair> {
    let mut chosen = Vec::new();
    let (mut done_slides, mut done_photos) = (BTreeSet::new(), BTreeSet::new());
    let mut rest = pairs.as_slice();
    while let Some(best) = rest.first() {
        let tied = rest.iter().take_while(|pair| best.score - pair.score < SAME).count();
        let (now, later) = rest.split_at(tied);
        rest = later;
        let open = now
            .iter()
            .filter(|pair| !done_slides.contains(&pair.slide) && !done_photos.contains(&pair.photo));
        for group in groups(&open.copied().collect::<Vec<_>>()) {
            let slides: BTreeSet<usize> = group.iter().map(|pair| pair.slide).collect();
            let photos: BTreeSet<usize> = group.iter().map(|pair| pair.photo).collect();
            if slides.len() == photos.len() && group.len() == slides.len() * photos.len() {
                let in_order = slides.iter().zip(&photos);
                chosen.extend(in_order.map(|(slide, photo)| Pair {
                    slide: *slide,
                    photo: *photo,
                    score: best.score,
                }));
            }
            done_slides.extend(slides);
            done_photos.extend(photos);
        }
    }
    chosen
}

/// Pairs that share a slide or a photo, directly or through others, in one group.
fn groups(pairs: &[Pair]) -> Vec<Vec<Pair>> {
    let mut left: Vec<Pair> = pairs.to_vec();
    let mut groups = Vec::new();
    while let Some(first) = left.pop() {
        let mut group = vec![first];
        let mut at = 0;
        while let Some(pair) = group.get(at).copied() {
            let (joined, others): (Vec<Pair>, Vec<Pair>) =
                left.iter().partition(|other| other.slide == pair.slide || other.photo == pair.photo);
            group.extend(joined);
            left = others;
            at += 1;
        }
        groups.push(group);
    }
    groups
}

/// Words and their weights, of length 1.
type Vector = BTreeMap<usize, f64>;

fn weighted(captions: &[Vec<String>]) -> Vec<Vector> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut holders: Vec<f64> = Vec::new();
    for caption in captions {
        for word in caption.iter().collect::<BTreeSet<_>>() {
            let next = numbers.len();
            let number = *numbers.entry(word).or_insert(next);
            match holders.get_mut(number) {
                Some(count) => *count += 1.0,
                None => holders.push(1.0),
            }
        }
    }
    let all = captions.iter().fold(0.0, |sum, _| sum + 1.0);
    let rarity = |number: usize| holders.get(number).map_or(0.0, |count| ((all + 1.0) / (count + 0.5)).ln());
    captions.iter().map(|caption| unit_vector(caption, &numbers, rarity)).collect()
}

fn unit_vector(caption: &[String], numbers: &HashMap<&str, usize>, rarity: impl Fn(usize) -> f64) -> Vector {
    let mut vector = Vector::new();
    for number in caption.iter().filter_map(|word| numbers.get(word.as_str())) {
        *vector.entry(*number).or_insert(0.0) += rarity(*number);
    }
    let length = vector.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.values_mut().for_each(|weight| *weight /= length);
    }
    vector
}

fn cosine(one: &Vector, other: &Vector) -> f64 {
    one.iter().filter_map(|(number, weight)| other.get(number).map(|same| weight * same)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;

    fn slide(n: u8) -> SlideId {
        SlideId::new([n; 5])
    }

    fn photo(n: u8) -> PhotoId {
        PhotoId::new(Moment::from_micros(0), [n; 10])
    }

    fn proposed(slides: &[&str], photos: &[&str]) -> Vec<(u8, u8)> {
        let slides: Vec<_> = (0..).zip(slides).map(|(n, text)| (slide(n), *text)).collect();
        let photos: Vec<_> = (0..).zip(photos).map(|(n, text)| (photo(n), *text)).collect();
        let mut pairs: Vec<(u8, u8)> = propose(&slides, &photos)
            .into_iter()
            .map(|proposal| {
                let slide = (0..).find(|n| slide(*n) == proposal.slide).unwrap();
                (slide, (0..).find(|n| photo(*n) == proposal.photo).unwrap())
            })
            .collect();
        pairs.sort_unstable();
        pairs
    }

    const FLAGS: &str = "People wave flags during the first anniversary of the killing of General Qasem Soleimani in a US attack, in Baghdad, Iraq, 2 January 2021.";
    const MOURNS: &str = "A person mourns on the first anniversary of the killing of General Qasem Soleimani in a US attack, in Baghdad, Iraq, 2 January 2021.";
    const CANDLE: &str = "A girl holds a lit candle during the first anniversary of the killing of General Qasem Soleimani in a US attack, in Baghdad, Iraq, 2 January 2021.";

    #[test]
    fn captions_that_share_most_words_find_their_own() {
        let signed = [format!("{CANDLE} (AP Photo/X Y)"), format!("{FLAGS} REUTERS/X Y"), MOURNS.to_owned()];
        let photos: Vec<&str> = signed.iter().map(String::as_str).collect();
        assert_eq!(proposed(&[FLAGS, MOURNS, CANDLE], &photos), [(0, 1), (1, 2), (2, 0)]);
    }

    #[test]
    fn nothing_is_proposed_below_the_threshold() {
        assert_eq!(proposed(&[FLAGS, MOURNS], &["A dog runs on a beach in Spain, 3 May 2019."]), []);
        assert_eq!(proposed(&["", FLAGS], &["", ""]), []);
    }

    #[test]
    fn a_mended_caption_is_still_proposed() {
        let mended = "People wave Iraqi flags during the first anniversary of the killing of Gen. Qasem Soleimani in a US attack, in Baghdad, Iraq, Jan. 2, 2021.";
        assert_eq!(proposed(&[FLAGS, CANDLE, MOURNS], &[mended]), [(0, 0)]);
    }

    #[test]
    fn one_photo_for_two_slides_of_the_same_caption_is_not_proposed() {
        assert_eq!(proposed(&[FLAGS, FLAGS, MOURNS], &[FLAGS, MOURNS]), [(2, 1)]);
        assert_eq!(proposed(&[FLAGS], &[FLAGS, FLAGS]), []);
    }

    #[test]
    fn as_many_photos_as_slides_of_the_same_caption_are_proposed_in_order() {
        assert_eq!(proposed(&[FLAGS, CANDLE, FLAGS], &[FLAGS, FLAGS, CANDLE]), [(0, 0), (1, 2), (2, 1)]);
    }

    #[test]
    fn captions_of_other_scripts_are_compared_too() {
        let one = "مشيعون يرفعون الأعلام في بغداد، العراق، ٢ يناير ٢٠٢١";
        let two = "فتاة تحمل شمعة في بغداد، العراق، ٢ يناير ٢٠٢١";
        assert_eq!(proposed(&[one, two], &[two, one]), [(0, 1), (1, 0)]);
    }
}
