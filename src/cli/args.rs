//! The command line: what may be said, in the words of the desk.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::staff::{TypedRole, TypedScope};

/// The photo desk of a newsroom in one binary.
#[derive(Debug, Parser)]
#[command(name = "halftone", version, arg_required_else_help = true)]
pub struct Cli {
    /// Folder that holds everything: records, originals, the printed site, halftone.toml
    #[arg(long, global = true, value_name = "DIR", default_value = "./halftone-data")]
    pub data: PathBuf,
    /// The records: postgres://…, in place of database.url
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// The bytes: s3://BUCKET/PREFIX, in place of blobs.url
    #[arg(long, global = true, value_name = "URL")]
    pub blobs: Option<String>,
    /// One JSON object a line instead of sentences
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take photos and folders of photos into a story
    Ingest(IngestArgs),
    /// Send photos and folders of photos to a site elsewhere, over a network that may break; needs no data folder
    Push(PushArgs),
    /// Show a story as one text file, or put an edited one back
    #[command(subcommand)]
    Story(StoryCommand),
    /// List the stories, newest first
    Stories,
    /// Say what publishing a story would refuse and what looks doubtful, with corrections
    Check {
        /// Id, slug or headline
        story: String,
    },
    /// Check a story strictly and show it to readers
    Publish(PublishArgs),
    /// Take a story or a photo away from readers: 410, every rendition gone, the original kept
    Withdraw(WithdrawArgs),
    /// Clear a restriction of one slide, with a reason (R12)
    Clear(ClearArgs),
    /// Answer readers, and do the background work beside that
    Serve(ServeArgs),
    /// Do the background work alone: develop, print, clean up; any number of processes may
    Work,
    /// List the processes that serve or work, and what each shows to readers
    Nodes,
    /// Bring the records up to this program's schema
    Migrate,
    /// Read other people's formats into drafts
    #[command(subcommand)]
    Import(ImportCommand),
    /// Tell the facts of one photo, where each came from, and what is wrong
    Inspect(InspectArgs),
    /// Search and list the photos, in stories or not: by words of captions, headlines, names, places, keywords, credits
    Photos(PhotosArgs),
    /// List the photos that look like one: the same picture in another size, recompressed or slightly cut
    Similar(SimilarArgs),
    /// The notices that are printed with certain terms (R34)
    #[command(subcommand)]
    Notice(NoticeCommand),
    /// Say who may sign in, and as what
    #[command(subcommand)]
    Staff(StaffCommand),
    /// What the site is called and how it is, over what halftone.toml says
    #[command(subcommand)]
    Site(SiteCommand),
    /// Print pages again
    Reprint(ReprintArgs),
    /// Check this deployment, say what is wrong and what to do
    Doctor(DoctorArgs),
    /// Write a verified copy of everything to an empty folder, while work goes on
    Backup(FolderArgs),
    /// Fill an empty data folder from a backup
    Restore(FolderArgs),
    /// Bring a whole site to another database or another store, or both; the source is only read
    Move(MoveArgs),
    /// Write the published site as plain files for any static host; what did not change stays
    Export(ExportArgs),
    /// Read and develop photos for a parent process (started by Halftone itself)
    #[command(hide = true)]
    Worker,
}

/// `move`
#[derive(Debug, Args)]
pub struct MoveArgs {
    /// The data folder of the site; its halftone.toml names its database and its bucket
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// Another data folder, whose halftone.toml names where the site goes
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

/// `ingest`
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// Photos and folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Id or slug of a story, else the headline of a new one
    #[arg(long, value_name = "STORY")]
    pub story: String,
    /// Section of a new story
    #[arg(long)]
    pub section: Option<String>,
    /// Tag of the story; may be given again
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Attach photos to slides whose picture is still to come in order, not by caption
    #[arg(long)]
    pub by_order: bool,
}

/// `push`
#[derive(Debug, Args)]
#[command(
    after_help = "The best go first: rated, then labelled, then the others as they are shown, rejected ones last; small previews of all go before the files. What was cut short goes on when the same command is given again, and nothing is sent twice."
)]
pub struct PushArgs {
    /// Photos and folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Address of the site, https://…
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Id, slug or headline of the story that they are for
    #[arg(long, value_name = "STORY")]
    pub story: Option<String>,
    /// File with a token that has the scopes photos and read; - is standard input. In its place: the variable HALFTONE_TOKEN
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The token itself, which everybody on this machine can see while the command runs
    #[arg(long, value_name = "TOKEN", conflicts_with = "token_file")]
    pub token: Option<String>,
    /// How long the site may be away before the command gives up
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub patience: u64,
}

/// `story`
#[derive(Debug, Subcommand)]
pub enum StoryCommand {
    /// Write the story's text file to standard output
    Get {
        /// Id, slug or headline
        story: String,
        /// As it stood at this revision, with what the photos' files say now
        #[arg(long, value_name = "NUMBER")]
        revision: Option<i64>,
    },
    /// Read an edited text file, from FILE or standard input
    Put {
        /// Id, slug or headline
        story: String,
        /// The file; standard input when left out
        file: Option<PathBuf>,
    },
    /// Say what publishing would refuse and what looks doubtful
    Check {
        /// Id, slug or headline
        story: String,
    },
    /// List every state that the draft had, newest first
    Revisions {
        /// Id, slug or headline
        story: String,
    },
    /// Make the draft again what it was: texts, slides, their order; readers see nothing of it before it is published
    Restore {
        /// Id, slug or headline
        story: String,
        /// Its number
        #[arg(long, value_name = "NUMBER")]
        revision: i64,
    },
}

/// What publishing may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Missing {
    /// Alternative texts
    Alt,
    /// Pictures still to come
    Picture,
}

/// `publish`
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Id, slug or headline
    pub story: String,
    /// Publish although these are missing
    #[arg(long, value_delimiter = ',', value_name = "WHAT")]
    pub allow_missing: Vec<Missing>,
    /// The time that readers see, in RFC 3339 (2021-01-03T15:32:00Z)
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// What was wrong and what is right: a dated note on the page of a story that readers have (R20)
    #[arg(long, value_name = "TEXT")]
    pub correction: Option<String>,
    /// The update corrects nothing of substance, as where nothing is said
    #[arg(long, conflicts_with = "correction")]
    pub minor: bool,
    /// Publish at this time, as the draft stands then; a later end of the embargo counts
    #[arg(long, value_name = "TIME")]
    pub plan: Option<String>,
    /// Nothing of the story is seen before this time; it is published then, or when --plan says where that is later (R19)
    #[arg(long, value_name = "TIME")]
    pub embargo: Option<String>,
    /// Lift the embargo before its end, with a reason, and publish
    #[arg(long, value_name = "REASON", conflicts_with = "embargo")]
    pub lift: Option<String>,
    /// Take the plan back, and publish nothing
    #[arg(long, conflicts_with_all = ["plan", "embargo", "lift", "at", "correction", "minor", "allow_missing"])]
    pub cancel: bool,
}

/// `withdraw`
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    /// Id, slug or headline of a story, or id of a photo
    #[arg(value_name = "STORY|PHOTO")]
    pub what: String,
    /// Why; kept with the story or photo
    #[arg(long)]
    pub reason: String,
    /// Undo the withdrawal
    #[arg(long)]
    pub undo: bool,
}

/// `clear`
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// Id, slug or headline
    pub story: String,
    /// The slide's id
    pub slide: String,
    /// Why the restriction does not stand against publishing
    #[arg(long)]
    pub reason: String,
}

/// `serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address for readers; overrides serve.listen
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Leave developing and printing to processes that run `halftone work`
    #[arg(long)]
    pub no_work: bool,
    /// Take in what is dropped into this folder; overrides watch.folder
    #[arg(long, value_name = "DIR", conflicts_with = "no_work")]
    pub watch: Option<PathBuf>,
}

/// `import`
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// A photo story's page as plain text becomes a draft, its pictures still to come
    Capture {
        /// The text file
        file: PathBuf,
    },
}

/// `inspect`
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The photo
    pub file: PathBuf,
}

/// How a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Standing {
    /// Wider than high
    Landscape,
    /// Higher than wide
    Portrait,
    /// As wide as high
    Square,
}

/// `photos`
#[derive(Debug, Args)]
pub struct PhotosArgs {
    /// Words, all of which have to be found; none lists the newest
    #[arg(value_name = "WORD")]
    pub query: Vec<String>,
    /// Only photos on a slide of any story
    #[arg(long, group = "usage")]
    pub used: bool,
    /// Only photos in no story
    #[arg(long, group = "usage")]
    pub unused: bool,
    /// Only photos that readers see
    #[arg(long, group = "usage")]
    pub published: bool,
    /// Only with these words in the credit
    #[arg(long, value_name = "WORDS")]
    pub credit: Option<String>,
    /// Only taken on this day or later (2021-01-02)
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// Only taken on this day or earlier
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
    /// Only with a restriction that somebody has to clear (R12)
    #[arg(long)]
    pub restricted: bool,
    /// Only with something wrong
    #[arg(long)]
    pub problems: bool,
    /// Only standing so
    #[arg(long, value_name = "HOW")]
    pub orientation: Option<Standing>,
    /// Only with so many stars or more; 0 for those without, -1 for rejected ones
    #[arg(long, value_name = "STARS", allow_hyphen_values = true, value_parser = clap::value_parser!(i8).range(-1..=5))]
    pub rating: Option<i8>,
    /// Photos of the answer, at most 200
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub limit: u32,
    /// Go on behind the place that the answer before named
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// Tell the stories that have this photo instead
    #[arg(long, value_name = "PHOTO", conflicts_with = "query")]
    pub uses: Option<String>,
}

/// `similar`
#[derive(Debug, Args)]
pub struct SimilarArgs {
    /// Id of a photo
    pub photo: String,
}

/// `notice`
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Add a rule
    Add {
        /// The term that carries the mark
        term: String,
        /// The note at the foot
        #[arg(long)]
        text: String,
        /// Another form of the term; may be given again. All capitals match in exact case only
        #[arg(long = "variant", value_name = "TERM")]
        variants: Vec<String>,
        /// Only in stories of this language (BCP 47)
        #[arg(long)]
        language: Option<String>,
        /// Mark each mention, not only the first
        #[arg(long)]
        every_mention: bool,
    },
    /// List the rules
    List,
    /// Remove a rule
    Remove {
        /// Id or term
        notice: String,
    },
}

/// `staff`
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// List the accounts
    List,
    /// Make a link with which somebody makes their account
    Invite {
        /// Mail address
        address: String,
        /// What they may do
        #[arg(long)]
        role: TypedRole,
    },
    /// Make a link for the first administrator, or a way back in for an account that is locked out
    Link {
        /// Mail address of the account; left out for the first one
        address: Option<String>,
    },
    /// Make a link that signs an account in once, within an hour
    SignIn {
        /// Mail address of the account
        address: String,
    },
    /// Give an account another role
    Role {
        /// Mail address
        address: String,
        /// What it may do from now on
        role: TypedRole,
    },
    /// List the invitations that nobody has followed yet, or take one back
    Invitations {
        /// Take back the one to this mail address
        #[arg(long, value_name = "ADDRESS")]
        take_back: Option<String>,
    },
    /// Let somebody in no more; their name stays in the audit log
    Leave {
        /// Mail address
        address: String,
    },
    /// Make a token with which a program asks
    Token(TokenArgs),
}

/// `site`
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Tell what holds, and whether it comes from the file
    Get,
    /// Set it; pages that show it are printed again
    Set(Box<SetSiteArgs>),
}

/// `site set`
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct SetSiteArgs {
    /// Name in the head of each page and in feeds
    #[arg(long)]
    pub name: Option<String>,
    /// Language of pages without a story (BCP 47)
    #[arg(long)]
    pub language: Option<String>,
    /// The desk's time zone (IANA name)
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Section of a story for which none is given
    #[arg(long, value_name = "SECTION")]
    pub default_section: Option<String>,
    /// What machines may do: open, no-training or closed
    #[arg(long, value_name = "USE")]
    pub machine_use: Option<String>,
    /// A section, in its order in the head of pages; may be given again
    #[arg(long = "section", value_name = "SECTION")]
    pub sections: Vec<String>,
    /// A section to which the head does not lead; may be given again
    #[arg(long = "section-beside", value_name = "SECTION")]
    pub sections_beside: Vec<String>,
    /// A setting of the house style, such as house=ap or weekday=off; may be given again. Those that are not given are the house's
    #[arg(long = "style", value_name = "SETTING=VALUE")]
    pub style: Vec<String>,
    /// Colour of the house, #rrggbb
    #[arg(long, value_name = "COLOUR")]
    pub accent: Option<String>,
    /// The same on the dark ground
    #[arg(long, value_name = "COLOUR")]
    pub accent_dark: Option<String>,
    /// Have halftone.toml say this again; may be given again
    #[arg(long = "unset", value_name = "SETTING")]
    pub unset: Vec<Settable>,
}

/// What can be set at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Settable {
    Name,
    Language,
    TimeZone,
    DefaultSection,
    MachineUse,
    Sections,
    Style,
    Accent,
    AccentDark,
}

/// `staff token`
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// Mail address of the account in whose name the program asks
    pub address: String,
    /// Where it is used
    #[arg(long)]
    pub name: String,
    /// What it is for; may be given again
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    pub scopes: Vec<TypedScope>,
    /// Days that it is good
    #[arg(long, default_value_t = 90)]
    pub days: i64,
}

/// `reprint`
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct ReprintArgs {
    /// Id, slug or headline
    pub story: Option<String>,
    /// Every page
    #[arg(long)]
    pub all: bool,
}

/// `doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Say whether this program can take over what the installed one works with; changes nothing
    #[arg(long)]
    pub before_upgrade: bool,
}

/// `backup`, `restore`
#[derive(Debug, Args)]
pub struct FolderArgs {
    /// The backup's folder
    pub folder: PathBuf,
}

/// `export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// A new or empty folder, or one that an export wrote
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn data_and_json_work_in_either_position() {
        for words in [
            ["halftone", "--json", "--data", "d", "publish", "x"],
            ["halftone", "publish", "x", "--data", "d", "--json"],
        ] {
            let cli = Cli::try_parse_from(words).unwrap();
            assert!(cli.json && cli.data.as_os_str() == "d", "{words:?}");
        }
    }
}
