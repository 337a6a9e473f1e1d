//! `pictures PROGRAM PHOTO FOLDER QUALITY [FORMATS]`: our side of the picture rows of `./dev bench`. The whole way of one photo
//! as Halftone goes it: a worker reads the facts, a worker makes the ladder, and the rights go into each file.
//!
//! Standard input says `go` for one run and is answered with the milliseconds of its parts, one JSON object a line. The
//! worker lives from run to run, as it does in Halftone. Files stand in FOLDER as `WIDTHxHEIGHT.jpg` (or `.avif`) after each
//! run. FORMATS is `jpeg`, which is meant where it is not said, `avif`, `avif=QUALITY` or `both`; QUALITY is the JPEGs'.

use std::fs::{self, File};
use std::io::{BufRead, Write, stdin, stdout};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use darkroom::meta::{RightsRecord, mux_avif, mux_jpeg};
use darkroom::worker::{Answer, Developing, Durability, Inspected, Inspecting, Keeper, Printed, Request};
use darkroom::{Encoding, Limits, Recipe, Set};
use halftone::exchange::facts::photo_facts;
use serde_json::json;

const DEADLINE: Duration = Duration::from_secs(60);

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [program, photo, folder, quality, formats @ ..] = words.as_slice() else {
        bail!("pictures PROGRAM PHOTO FOLDER QUALITY [FORMATS]")
    };
    let jpeg = Encoding::Jpeg { quality: quality.parse()? };
    let encodings = match formats.first().map_or("jpeg", String::as_str) {
        "jpeg" => vec![jpeg],
        "avif" => vec![Encoding::AVIF],
        "both" => vec![jpeg, Encoding::AVIF],
        other => match other.strip_prefix("avif=") {
            Some(quality) => vec![Encoding::Avif { quality: quality.parse()? }],
            None => bail!("{other:?} is none of jpeg, avif, avif=QUALITY and both"),
        },
    };
    let recipes = encodings.into_iter().map(|encoding| Recipe::new(Set::Ladder, encoding)).collect();
    let keeper = Keeper::new(program.into(), vec!["worker".into()], Limits::default(), NonZeroUsize::MIN);
    let desk = Desk { keeper, photo: photo.into(), folder: folder.into(), recipes };
    for line in stdin().lock().lines() {
        match line?.as_str() {
            "go" => writeln!(stdout(), "{}", desk.run()?)?,
            other => bail!("{other:?} is not understood"),
        }
        stdout().flush()?;
    }
    Ok(())
}

struct Desk {
    keeper: Keeper,
    photo: PathBuf,
    folder: PathBuf,
    recipes: Vec<Recipe>,
}

impl Desk {
    fn run(&self) -> Result<serde_json::Value> {
        let work = tempfile::tempdir_in(&self.folder)?;
        let begun = Instant::now();
        let photo = File::open(&self.photo)?;
        let inspected = self.inspect(&photo)?;
        let seen = begun.elapsed();
        let printed = self.develop(&photo, work.path())?;
        let developed = begun.elapsed();
        self.put_rights(&inspected, &printed, work.path())?;
        let done = begun.elapsed();
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        Ok(json!({
            "total": millis(done), "inspect": millis(seen), "develop": millis(developed.saturating_sub(seen)),
            "rights": millis(done.saturating_sub(developed)),
        }))
    }

    fn inspect(&self, photo: &File) -> Result<Inspected> {
        let request = Request::Inspect(Inspecting { languages: vec!["en".to_owned()] });
        match self.keeper.ask(&request, photo, None, DEADLINE)? {
            Answer::Inspected(inspected) => Ok(*inspected),
            _ => bail!("the worker answered another question"),
        }
    }

    fn develop(&self, photo: &File, folder: &Path) -> Result<Printed> {
        let request = Request::Develop(Developing {
            recipes: self.recipes.clone(),
            folder: folder.to_path_buf(),
            stem: "rendition".to_owned(),
            durability: Durability::LeftToCaller,
        });
        match self.keeper.ask(&request, photo, None, DEADLINE)? {
            Answer::Developed(printed) => Ok(printed),
            _ => bail!("the worker answered another question"),
        }
    }

    fn put_rights(&self, inspected: &Inspected, printed: &Printed, folder: &Path) -> Result<()> {
        let rights = rights(inspected);
        for (recipe, files) in self.recipes.iter().zip(&printed.sets) {
            for file in files {
                let plain = fs::read(folder.join(&file.name)).with_context(|| file.name.clone())?;
                let public = match recipe.encoding {
                    Encoding::Jpeg { .. } => mux_jpeg(&plain, &rights, inspected.upright)?,
                    Encoding::Avif { .. } => mux_avif(&plain, &rights, inspected.upright)?,
                };
                let name = format!("{}x{}.{}", file.width, file.height, recipe.encoding.extension());
                File::create(self.folder.join(name))?.write_all(&public)?;
            }
        }
        Ok(())
    }
}

/// The rights as the photo's own facts give them; what the desk would add is of the same length.
fn rights(inspected: &Inspected) -> RightsRecord {
    let facts = photo_facts(&inspected.reading.facts);
    RightsRecord {
        credit: facts.credit_line.or(facts.source).unwrap_or_default(),
        creators: facts.creators,
        copyright: facts.copyright,
        usage_terms: facts.usage_terms,
        web_statement: facts.web_statement,
        description: facts.description.unwrap_or_default(),
        alt: facts.alt_text,
        language: "en".to_owned(),
        ..RightsRecord::default()
    }
}
