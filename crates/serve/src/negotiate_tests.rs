use super::{Coding, choose};

const BOTH: u8 = 3;

fn chosen(accept: &[&str], codings: u8) -> Coding {
    choose(accept.iter().map(|value| value.as_bytes()), codings)
}

#[test]
fn readers_get_the_best_coding_that_they_take() {
    use Coding::{Brotli, Gzip, Identity};
    let table: [(&[&str], Coding); 27] = [
        (&[], Identity),
        (&[""], Identity),
        (&["gzip, deflate, br, zstd"], Brotli),
        (&["gzip"], Gzip),
        (&["x-gzip"], Gzip),
        (&["BR"], Brotli),
        (&["deflate, zstd"], Identity),
        (&["identity"], Identity),
        (&["*"], Brotli),
        (&["*;q=0"], Identity),
        (&["br;q=0, *"], Gzip),
        (&["br;q=0"], Identity),
        (&["br;q=0.5, gzip;q=0.8"], Gzip),
        (&["br;q=0.8,gzip;q=0.8"], Brotli),
        (&["br ; q=0.2 , gzip ; Q=1.0"], Gzip),
        (&["gzip;q=0.001"], Gzip),
        (&["gzip;q=0.0"], Identity),
        (&["identity;q=1, gzip;q=0.5"], Identity),
        (&["identity;q=0.5, gzip;q=0.5"], Gzip),
        (&["identity;q=0"], Identity),
        (&["identity;q=0, *;q=0"], Identity),
        (&["gzip;q=nonsense"], Identity),
        (&["gzip;q=1.5"], Gzip),
        (&["gzip;q=0.12345"], Identity),
        (&["gzip;level=9;q=0.5, br;q=0.4"], Gzip),
        (&["gzip", "br"], Brotli),
        (&["brotli"], Identity),
    ];
    for (accept, expected) in table {
        assert_eq!(chosen(accept, BOTH), expected, "{accept:?}");
    }
}

#[test]
fn a_coding_that_was_not_printed_is_not_chosen() {
    assert_eq!(chosen(&["br, gzip"], 0), Coding::Identity);
    assert_eq!(chosen(&["br, gzip"], 2), Coding::Gzip);
    assert_eq!(chosen(&["br, gzip"], 1), Coding::Brotli);
    assert_eq!(chosen(&["gzip"], 1), Coding::Identity);
}
