//! scratch
use std::time::Instant;
fn peak() -> u64 { std::fs::read_to_string("/proc/self/status").unwrap().lines().find_map(|l| l.strip_prefix("VmHWM:").map(|l| l.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap()/1024)).unwrap() }
fn bomb(n: usize, size: usize) -> Vec<u8> {
    let mut b = b"II*\0\x08\0\0\0".to_vec();
    b.extend((n as u16).to_le_bytes());
    let start = 8 + 2 + n*12 + 4;
    for i in 0..n { b.extend([0x69,0x87,4,0,1,0,0,0]); b.extend(((start + i) as u32).to_le_bytes()); }
    b.extend([0;4]);
    b.resize(size, 0xfe);
    b
}
#[test]
fn kam() {
    for (n,size) in [(2600,65000),(10000,300000)] {
        let b = bomb(n,size);
        let t = Instant::now();
        let l = darkroom::meta::look(&b);
        println!("ours {l:?} {:?} {} MB", t.elapsed(), peak());
        let t = Instant::now();
        let mut r = exif::Reader::new(); r.continue_on_error(true);
        let x = r.read_raw(b).or_else(|e| e.distill_partial_result(|_| {}));
        println!("kamadak {} bytes: {} fields {:?} {} MB", size, x.map(|x| x.fields().len()).unwrap_or(0), t.elapsed(), peak());
    }
}
#[test]
fn speed() {
    let mut v = vec![0xff,0xd8,0xff,0xda,0,8,1,1,0,0,63,0];
    let mut x: u32 = 1;
    while v.len() < 8_000_000 { x = x.wrapping_mul(1664525).wrapping_add(1013904223); let b=(x>>24) as u8; v.push(b); if b==255 { v.push(0);} }
    v.extend([0xff,0xd9]);
    for _ in 0..3 { let t = Instant::now(); let r = darkroom::meta::read(&v, None, &[]); println!("8 MB {:?} {:?}", t.elapsed(), r.problems); }
    let b = std::fs::read("/work/shared/corpora/photos/reconcile/metadata_demo_inc_exif_out_of_sync_Inc_adobe.jpg").unwrap();
    for _ in 0..3 { let t = Instant::now(); darkroom::meta::read(&b, None, &[]); println!("reconcile {:?}", t.elapsed()); }
}
