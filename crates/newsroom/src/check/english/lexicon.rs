//! The verbs of captions with their forms, made by rule from their base forms.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What a word can be as a form of a verb.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Forms {
    /// `wave`
    pub(super) base: bool,
    /// `waves`
    pub(super) third: bool,
    /// `took`, which is nothing but a past.
    pub(super) past: bool,
    /// `waved`, `held`: past or participle.
    pub(super) past_or_participle: bool,
    /// `taken`, which is nothing but a participle.
    pub(super) participle: bool,
    /// `waving`
    pub(super) ing: bool,
    /// Its base and its third person are nouns or adjectives as well.
    pub(super) noun: bool,
    /// It needs no object, so that `marched` behind its subject is a past.
    pub(super) intransitive: bool,
}

/// Verbs whose present forms are nothing else.
#[rustfmt::skip]
const PURE: &str = "accept accompany achieve acknowledge acquire adjust admire admit adopt adorn advise allow announce appeal appear \
    applaud apply appoint apprehend approve argue arrange arrive ascend ask assemble assess assist attend avoid await become \
    beg begin behave believe belong besiege blame board bow brandish bring broadcast build bury bring browse call carry \
    celebrate choose clamber climb cling clutch collapse collect come commemorate compete complain complete concede conduct \
    confer confiscate confront congratulate consider console construct contain contemplate continue converge converse convince cook cower \
    crawl create cremate criticize criticise cross crouch crumble cry dance deal declare decorate deflect deliver demand demolish depart depict \
    deploy describe descend destroy detain determine devour die dig dine disburse discuss disembark dismantle dispense disperse display \
    distribute dive donate drag draw dress drink drive duel dwell eat edge eject elect elude embrace emerge employ encounter encourage \
    endorse endure engage engulf enjoy ensure enter entertain erect erupt escape escort evacuate evade examine exchange exclaim exhume exit \
    expect explain explode explore express extend extinguish extract fall fasten feed feel flee fling float flock flood fly follow forage forget \
    form gather gaze get give glance gleam glide glitter glow go grab graze greet grieve grill grimace groom grow guard guide hand \
    hang happen harvest hear heckle help hide hike hire hoist hold honor honour hug hurl hurry identify ignite illuminate imitate impersonate \
    inaugurate include inflate inform inhale injure inspect install instruct interact interrogate intervene interview introduce invade invest \
    investigate invite irrigate join jostle juggle keep kick kiss kneel knit know lament launch lay lean leap learn leave lie lift \
    line linger listen load loom lose lower maintain make maneuver manoeuvre manufacture marry measure meditate meet melt mingle mop mourn \
    mount nap narrow navigate negotiate nurse obey observe obtain occupy occur offer open operate oppose organize organise overlook oversee overtake \
    own paint pass pay pedal peel peer perch perform pick pitch plead plow plough pluck point pose pour pray preach prepare present preside prevent \
    proceed process produce prohibit promote propose protect prove provide punch purchase pursue push put race raise react read rebuild recall \
    receive recite recline recover recycle refuel refuse register rehearse rejoice relax release relocate remain remember remove \
    renovate repel replace require rescue reside resign resist respond rest restore resume retire retrieve retreat return reveal revel ride rinse rise \
    roam roast rob roll row run rush salute salvage say scale scamper scatter scour scramble scrape scrub seal search secure see seek seem seize \
    sell send serenade serve set settle shave shear shelter shine shiver shoot shout shovel show shuffle shut sing sink sip sit skate skim skip slam \
    slaughter sleep slide slip smash smell smile smoulder snarl sniff soak soar sort spar speak spend spill splash sprint sprinkle squat squeeze \
    stack stagger stand stare start stay steer step stitch stop strengthen stretch stride stroll struggle stumble submit suffer suggest suit \
    supply support surge surround survey survive suspend swarm sway swear sweep swim swing tackle take talk taste teach tear tell tend thank \
    threaten throng throw tie toss touch tour tow train transform translate transport traverse treat trek try tumble turn unfold unfurl unload \
    unpack unveil urge use vaccinate visit volunteer wade wait wander warm warn wash watch wear weave weed weep weigh welcome wipe wish withdraw \
    worship wrap wrestle write yell seat dominate shower comfort assault denounce condemn defend defy deny \
    differ enforce entail evolve exceed exist experience expose face fail feature fetch flank frame fuel fulfill gain gesture glare halt haul \
    head herd honk hover huddle improve increase indicate intend issue last lead let light like limp live loot march mark mend mix move need overwhelm \
    pack parade park patrol play portray practice practise protest queue rally ready reach reflect relay remark repair replenish report represent \
    request reunite review ring roar ruin sail sample sanitize sanitise scream score scuffle separate shake share ski slow smoke speed spray spread \
    squirt stage stall stream strike stroke study surf switch swirl tackle team test tie top trade trail travel trickle trim trip trot \
    undergo unite vote walk wave win wind work block burn camp change chant chat check cheer clash clean clear close comb cover crack crash cruise cut \
    damage debate design drape dribble drift drill drop dry dust exercise fan farm feast fence field fight fill film finish fire fish fit fix flash \
    flip flow frame gallop ghost glimpse greet grip guard hail hit hook hope hunt hurt ice inch iron jog joke journey judge jump kayak land laugh level \
    link lock log look mail man map mask match mine mirror model monitor name nest note ooze order pan paddle pause peek perform phone picket pin plan plant \
    plunge polish pop practice press price print profile project pull pump question rain range rank record reign reward rock round row rule scan school \
    scoop screen sculpt shadow shape shop shovel sign skateboard sketch slice smear snap snow sob sound spin split sport spot squeeze stain stake \
    stamp stand steam stem stick sting stir stitch store storm strain strap string strip stroll style sunbathe swap sweat tap target taxi tear thunder tidy \
    tilt tip tread trample trap tug veil view visit voice wail war water weave wheel whistle wink witness worry wound yawn yield zip approach answer attack \
    attempt award back balance base bathe battle beam beat bend benefit bet bike bind bite blast blaze bleed bless blow boat boil bomb book bounce \
    box brave break breathe brush bubble burst buy campaign capture care cast catch cause center challenge charge chase circle claim clap \
    climb coach coat collect command comment concern contest control cost cough count crowd crown crush cycle dangle dash date decorate demonstrate desire dip direct doubt \
    dodge double drain dream drum dump duck eye embark end envelop escort estimate explode fold force fry function fume grasp ground group guess harm \
    heat heave hop house impact influence inch interest invoke jam jet jeer keep kick kill know labor labour lack land laud lie limit lounge mass matter \
    mean melt milk mime mob motion mow nod notice number offer outline oust own panic parachute part party pat pave peddle pet petition pile pilot play plead ply \
    pledge poke portion post pound power praise prick prize promise prompt prune purify purge push quarrel quiz raid rake rap rate rattle reap rebel recruit reform regard \
    regret rein relieve rely remind rent repeat replay reply rescue research reserve resound result retain revive rid ripple risk rocket romp rub \
    sacrifice sack saddle saw scold scold scrap scratch seal season send shame share shear shield shift ship shock shriek shrug sift sigh signal \
    silhouette sit skid slap slog slope smack smuggle snack snake sneak soothe spark sparkle spew splinter sponsor sprawl spring sprout spur squabble squash \
    stab stalk stare startle starve stash steal ster stomp stock straddle straighten strangle strut stun subdue suck sue summit supervise surface surprise surrender \
    suspect swallow swat swell tag tail tally tangle taunt tax tease terrorize thrash thrive thrust tick toast toil topple torch torment tower \
    transfer trek triumph truck trudge trust tuck tweet twirl twist uncover unearth uplift uproot usher utter vacate value vanish venerate vie vow vandalize \
    wade wage wake wander want waste waltz waver whip whisper widen wield wilt wince wonder work wreck wrestle zoom adjourn advocate await \
    bask behold bestow bombard buckle bustle capsize careen cascade chop chuckle circulate clatter clench coax collide combat commence commit communicate compare compose \
    comprise conceal conclude confirm conquer consecrate consist consult consume contribute convene convert cooperate cope corner correct crane credit crochet cultivate \
    dare darken decide deck decline dedicate defeat defuse delay denote depend deport derail detonate develop disarm disappear dislodge dispute dissolve dominate douse drench \
    drip dwarf educate eke elbow emit empty enact enclose erase etch exhibit exhort expand expel fetch flap flare flaunt flex flicker fling flutter forge formulate \
    frolic gesticulate gobble grapple gravitate greet grind guzzle hammer handle harass harvest headbutt heal hesitate hinder highlight howl ignore immerse implore \
    impose incinerate incline insert insist inspire insult interpret intercept intone issue jab jostle kindle laud lash leaf lick lob locate lodge lug lurk maim \
    massage mediate memorialize merge migrate mill moor mock mobilize muster nibble nudge nurture obscure offload opt orbit outrun overflow overturn parade partake participate \
    perish persuade pilfer plod plummet poll ponder practise preserve proclaim prop protrude prowl quell quench rappel react rebuke recede reassure reconstruct \
    recount recuperate redeem refill refurbish reinforce rekindle remain render renew reopen repatriate resettle restrain retaliate retell revise revisit rifle \
    rumble rummage scavenge scurry shatter shed shepherd shun sizzle slash sling slump smolder snatch sneeze sort spearhead splash spike squirm stampede steady stoop \
    stow strum subside summon surpass tangle tether thread throb thump tiptoe toddle tote trace track tramp traipse trim tremble trounce tuck unleash unlock unroll untangle unwrap \
    vault vent vibrate wallow weld whirl whisk whiz withstand wobble wring afford aim alight anchor announce arm arrest ask band bar bargain batter belt \
    blacken blanket bloom blossom board broadcast buzz cage calm canvass caress carve cement chain chauffeur chew clad cloak clock clog co-ordinate coordinate collate confine \
    connect contend converge crackle cram creep cripple cuddle curl curse curtsy dab decompose deflate delight demand deposit devastate disguise dispatch disrupt distract \
    divide doze drown dwindle ease elevate enrol enroll exult fade faint falter flatten flog fondle frown gape giggle glaze graduate grin groan growl grumble gush hack heap hiss \
    hobble hum hush inaugurate inscribe inundate kneel lather leak lend lengthen liberate lunge mangle mutter nestle observe overrun pant parachute patch peep perch pierce poison powder \
    pray prey prod quarantine quiver radiate ram rampage ransack ration rear reel repaint rest retouch ridicule rot rove ruffle rust saunter scorch sear sew shackle shell shimmer shove \
    shred shrink skirt sleep slither slouch slurp smother sneer snooze snorkel snuggle sprain spit stomp straggle sunbathe swagger swoop taper thaw throttle tickle topple totter \
    tow trumpet unblock uncork undress unfasten waddle wag waggle warble wash weather wheeze whine whoop wiggle wither woo wriggle \
    synchronize synchronise stoke sharpen hose saddle hoist splay squint litter abandon abseil refloat oust tempt slam compile amass attach catch clothe deem deliver \
    enlarge enrage equip evict fry grate honour indict infect inflict inject invent jeopardize manage mandate migrate motivate nominate notify obey oblige omit originate \
    outnumber outpace overcome overturn plaster pollute postpone predict prescribe presume proclaim publish quote rely renounce repel reproduce resist respect restrict \
    retain sanction scrutinize select silence simulate soften speculate stabilize starve stimulate substitute sustain terrify thicken tighten tolerate tow transmit \
    trespass unite unlock unpack vomit waive weaken witness yearn yield";

/// Verbs whose present forms are nouns or adjectives as well: of [`PURE`] too, which holds all of them.
#[rustfmt::skip]
const NOUNS_TOO: &str = "appeal board broadcast call cross cry dance deal demand display dive drag draw drink drive duel edge embrace escape escort \
    exchange exit express extract fall feed feel flock flood fly form gaze glance glow grill groom guard guide hand harvest help hike hire hold honor honour hug \
    interview kick kiss launch lay lean leap lie lift line load lower mop mount nap narrow nurse offer open own paint pass pay pedal peel perch pick \
    pitch plow plough point pose pray present process produce punch purchase push race raise read recall register release rescue rest retreat return ride rise roast roll row run rush \
    salute scale scramble seal search secure set shelter shine shoot shout shovel show shuffle shut sip skate skim skip slide slip smell smile \
    sort spar spill splash sprint squat squeeze stack stand stare start stay step stitch stop stretch stride stroll struggle suit supply support surge survey swarm sway sweep \
    swim swing tackle take talk taste tear tend throng throw tie toss touch tour tow train transport treat trek try tumble turn urge use visit volunteer wait warm wash \
    watch wear weave weed welcome wipe wish worship wrap race seat shower comfort assault experience exposed face fail feature flank frame fuel gain gesture glare halt haul \
    head herd honk increase issue last lead let light like limp live loot march mark mix move need pack parade park patrol play practice protest queue rally ready \
    reach relay remark repair report request review ring roar ruin sail sample scream score scuffle separate shake share ski slow smoke speed spray spread stage \
    stall stream strike stroke study surf switch swirl team test tie top trade trail travel trickle trim trip trot vote walk wave win wind work block burn camp change chant chat \
    check cheer clash clean clear close comb cover crack crash cruise cut damage debate design drape dribble drift drill drop dry dust exercise fan farm feast fence field fight fill film finish \
    fire fish fit fix flash flip flow gallop ghost glimpse grip hail hit hook hope hunt hurt ice inch iron jog joke journey judge jump kayak land laugh level link lock log look mail \
    man map mask match mine mirror model monitor name nest note ooze order pan paddle pause peek phone picket pin plan plant plunge polish pop press price print profile project \
    pull pump question rain range rank record reign reward rock round rule scan school scoop screen shadow shape shop sign skateboard sketch slice smear snap snow sob sound spin split \
    sport spot stain stake stamp steam stem stick sting stir store storm strain strap string strip style swap sweat tap target taxi thunder tidy tilt tip tread trap tug veil view voice wail war \
    water wheel whistle wink witness worry wound yawn yield zip approach answer attack attempt award back balance base battle beam beat bend benefit bet bike bind bite blast blaze blow boat boil \
    bomb book bounce box brave break brush bubble burst buy campaign capture care cast catch cause center challenge charge chase circle claim clap coach coat command comment concern contest \
    control cost cough count crowd crown crush cycle dash date desire dip direct doubt double drain dream drum dump duck eye end estimate fold force fry function fume grasp ground group guess harm heat \
    hop house impact influence interest jam jet jeer labor labour lack limit lounge mass matter mean milk mime mob motion nod notice number outline panic parachute part party pat pet petition pile pilot \
    pledge portion post pound power praise prick prize promise prompt quiz raid rake rap rate rattle rebel recruit reform regard regret rein rent repeat replay reply research reserve result \
    ripple risk rocket romp rub sacrifice sack saddle saw scrap scratch season shame shield shift ship shock shriek shrug sigh signal silhouette skid slap slog slope smack snack snake spark sparkle \
    splinter sponsor sprawl spring sprout spur squash stab stalk stock summit surface surprise surrender suspect swallow swell tag tail tally tangle tax tease thrust tick toast torch torment tower transfer \
    triumph truck trust tuck tweet twist value vow wake want waste waltz whip whisper wonder wreck zoom advocate buckle bustle cascade chop chuckle combat corner correct credit crochet dare deck decline defeat \
    delay dispute drip dwarf elbow empty exhibit flap flare flicker flutter forge frolic grind hammer handle highlight howl insult lash leaf mill mock muster nudge orbit poll prop rifle rumble sling slash slump \
    spike splash stampede steady thread throb thump trace track tramp vault vent weld whirl whisk aim anchor arm arrest band bar bargain batter belt blanket bloom blossom buzz cage calm cement chain chauffeur \
    clock cloak connect crackle cuddle curl curse dab delight deposit disguise dispatch divide ease fade faint frown giggle graduate grin groan growl gush hack heap hiss hum hush leak lunge observe overflow patch peep poison powder \
    prey prod quarantine ram rampage ration rear reel rot rust sear shackle shell shimmer shove shred skirt sleep slurp sneer snorkel spit swagger swoop thaw trumpet warble weather wheeze whine whoop wiggle tie \
    bleed bow climb crawl kill pour pack stare wail search shout clutch cook crouch graze grieve host cast hurdle kit pick sparkle stomp tap test swallow top wash smash sell match perform address bear tune lecture place hose harness litter exile jail photograph bang cool calm dim quiet";

/// Verbs that need no object.
#[rustfmt::skip]
const INTRANSITIVE: &str = "appear applaud arrive ascend assemble beg behave bow celebrate chant chat cheer clap clash climb cling collapse compete come converge \
    crash crawl crouch cry cycle dance demonstrate depart descend die dine disperse dive emerge erupt escape explode fall fight flee float flock fly gather gaze glance \
    glide go grieve grin happen hike huddle hurry jog jump kneel land laugh lean leap lie linger listen live look march meditate meet mingle mourn move occur participate pass \
    patrol pause perform play pose pray preside proceed protest queue race rally react rehearse rejoice relax remain respond rest return ride rise roam run rush sail scatter scream \
    scuffle scramble shout shine sing sit skate ski sleep smile smoke soar speak spread sprint squat stand stare start stay step stop stroll struggle surf surge sway swim \
    take talk travel trek try tumble turn vote wade wail wait walk wander watch wave weep win work worship yell train practice practise camp campaign burn burst battle tower loom smoulder smolder \
    shelter compete continue begin end grow melt sink drift flow rage rain snow sweat tremble vanish vie volunteer wander wrestle yawn thrive trudge toil stumble splash roll peer peek lounge joke \
    journey gallop fish dream crowd cook collide circulate bloom blossom bathe bask swarm spar sob sigh shiver retreat resign retire recover react participate parade graze glow gleam glitter \
    exercise drive drink dig dash cruise cower cough communicate clamber charge chuckle change dwell edge exist evolve flicker flutter frolic giggle graduate gush hover howl kayak migrate nap nod paddle panic perch perish pedal \
    plead plunge prowl quarrel reside scurry scamper scavenge screech slide slip slump snooze snorkel speed spin stagger stampede stomp strike stride strut sunbathe surface surrender swing swirl talk thunder toast trot shop study rest last score lecture haggle compete search care knock rely appeal arrive argue abseil cool";

/// Past and participle of the verbs that have their own: base, past, participle.
#[rustfmt::skip]
const IRREGULAR: &str = "arise arose arisen|awake awoke awoken|beat beat beaten|become became become|begin began begun|behold beheld beheld|bend bent bent|bet bet bet|\
bind bound bound|bite bit bitten|bleed bled bled|blow blew blown|break broke broken|bring brought brought|broadcast broadcast broadcast|build built built|burst burst burst|\
buy bought bought|cast cast cast|catch caught caught|choose chose chosen|cling clung clung|come came come|cost cost cost|creep crept crept|cut cut cut|deal dealt dealt|dig dug dug|\
draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found|flee fled fled|fling flung flung|\
fly flew flown|forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go went gone|grind ground ground|grow grew grown|hang hung hung|hear heard heard|hide hid hidden|\
hit hit hit|hold held held|hurt hurt hurt|keep kept kept|kneel knelt knelt|know knew known|lay laid laid|lead led led|leap leapt leapt|lean leant leant|learn learnt learnt|leave left left|\
lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made|mean meant meant|meet met met|overtake overtook overtaken|oversee oversaw overseen|overrun overran overrun|\
partake partook partaken|pay paid paid|put put put|read read read|rebuild rebuilt rebuilt|rid rid rid|ride rode ridden|ring rang rung|rise rose risen|run ran run|saw sawed sawn|say said said|\
see saw seen|seek sought sought|sell sold sold|send sent sent|set set set|sew sewed sewn|shake shook shaken|shear sheared shorn|shed shed shed|shine shone shone|shoot shot shot|show showed shown|\
shrink shrank shrunk|shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid|sling slung slung|smell smelt smelt|speak spoke spoken|speed sped sped|\
spend spent spent|spill spilt spilt|spin spun spun|spit spat spat|split split split|spread spread spread|spring sprang sprung|stand stood stood|steal stole stolen|stick stuck stuck|sting stung stung|\
stride strode stridden|strike struck struck|string strung strung|swear swore sworn|sweep swept swept|swell swelled swollen|swim swam swum|swing swung swung|take took taken|teach taught taught|\
tear tore torn|tell told told|think thought thought|throw threw thrown|thrust thrust thrust|tread trod trodden|undergo underwent undergone|wake woke woken|wear wore worn|weave wove woven|\
weep wept wept|wet wet wet|win won won|wind wound wound|withdraw withdrew withdrawn|withstand withstood withstood|wring wrung wrung|write wrote written|think thought thought|find found found|\
freeze froze frozen|retell retold retold|recast recast recast";

/// Verbs of one beat more that double their last consonant.
#[rustfmt::skip]
const DOUBLING: &[&str] = &[
    "admit", "commit", "submit", "permit", "refer", "confer", "occur", "control", "patrol", "equip", "regret", "rebel", "expel", "repel", "compel", "transfer", "propel",
    "travel", "cancel", "signal", "label", "model", "level", "shovel", "pedal", "quarrel", "fuel", "worship", "program", "kidnap", "rappel", "enrol", "handicap", "duel",
    "defer", "deter", "emit", "outrun", "format", "quiz", "snorkel", "wag",
];

static VERBS: LazyLock<HashMap<String, Forms>> = LazyLock::new(|| {
    let nouns: HashSet<&str> = NOUNS_TOO.split_whitespace().collect();
    let intransitive: HashSet<&str> = INTRANSITIVE.split_whitespace().collect();
    let irregular: HashMap<&str, (&str, &str)> = IRREGULAR
        .split('|')
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, (words.next()?, words.next()?)))
        })
        .collect();
    let mut forms: HashMap<String, Forms> = HashMap::new();
    let bases = PURE.split_whitespace().chain(irregular.keys().copied()).chain(nouns.iter().copied());
    for base in bases.chain(intransitive.iter().copied()) {
        let traits = Forms {
            noun: nouns.contains(base),
            intransitive: intransitive.contains(base),
            ..Forms::default()
        };
        add(&mut forms, base.to_owned(), traits, |form| form.base = true);
        add(&mut forms, third(base), traits, |form| form.third = true);
        add(&mut forms, stemmed(base, "ing"), traits, |form| form.ing = true);
        match irregular.get(base) {
            Some((past, participle)) => {
                add(&mut forms, (*past).to_owned(), traits, |form| {
                    if past == participle || regular_participle(past) {
                        form.past_or_participle = true;
                    } else {
                        form.past = true;
                    }
                });
                add(&mut forms, (*participle).to_owned(), traits, |form| {
                    if past != participle {
                        form.participle = true;
                    }
                });
            }
            None => add(&mut forms, stemmed(base, "ed"), traits, |form| form.past_or_participle = true),
        }
        if base.ends_with('l') && DOUBLING.contains(&base) {
            add(&mut forms, format!("{base}ed"), traits, |form| form.past_or_participle = true);
            add(&mut forms, format!("{base}ing"), traits, |form| form.ing = true);
        }
    }
    forms
});

/// `showed`, `sawed`: a past that looks like a participle.
fn regular_participle(past: &str) -> bool {
    past.ends_with("ed") && past.len() > 4
}

fn add(forms: &mut HashMap<String, Forms>, word: String, traits: Forms, mark: impl Fn(&mut Forms)) {
    let form = forms.entry(word).or_default();
    mark(form);
    form.noun |= traits.noun;
    form.intransitive |= traits.intransitive;
}

fn third(base: &str) -> String {
    let vowel_before = base.chars().rev().nth(1).is_some_and(is_vowel);
    if base.ends_with('y') && !vowel_before {
        return format!("{}ies", base.trim_end_matches('y'));
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| base.ends_with(end));
    if hissing || ["go", "do", "undergo", "echo", "veto"].contains(&base) {
        format!("{base}es")
    } else {
        format!("{base}s")
    }
}

/// The base with `ing` or `ed`, its last letter dropped, changed or doubled.
fn stemmed(base: &str, ending: &str) -> String {
    let vowel_before = base.chars().rev().nth(1).is_some_and(is_vowel);
    if let Some(stem) = base.strip_suffix("ie").filter(|_| ending == "ing") {
        return format!("{stem}ying");
    }
    if base.ends_with('e') && !(ending == "ing" && (base.ends_with("ee") || base.ends_with("oe"))) {
        return format!("{}{ending}", base.strip_suffix('e').unwrap_or(base));
    }
    if base.ends_with('y') && !vowel_before && ending == "ed" {
        return format!("{}ied", base.strip_suffix('y').unwrap_or(base));
    }
    match base.chars().next_back().filter(|_| doubles(base)) {
        Some(last) => format!("{base}{last}{ending}"),
        None => format!("{base}{ending}"),
    }
}

/// One beat that ends with one vowel and one consonant, or a verb of the list.
fn doubles(base: &str) -> bool {
    let mut back = base.chars().rev();
    let (last, middle, first) = (back.next(), back.next(), back.next());
    let closed = last.is_some_and(|c| !is_vowel(c) && !matches!(c, 'w' | 'x' | 'y'));
    let short = middle.is_some_and(is_vowel) && first.is_none_or(|c| !is_vowel(c) || base.starts_with("qu"));
    let beats = base.split(|c| !is_vowel(c)).filter(|run| !run.is_empty()).count();
    closed && short && (beats == 1 || DOUBLING.contains(&base))
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The forms that a word in small letters is of.
pub(super) fn forms(word: &str) -> Option<Forms> {
    VERBS.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_made_as_english_makes_them() {
        for (word, is) in [
            ("carries", forms("carries").is_some_and(|form| form.third)),
            ("waving", forms("waving").is_some_and(|form| form.ing)),
            ("patrolled", forms("patrolled").is_some_and(|form| form.past_or_participle)),
            ("stopped", forms("stopped").is_some_and(|form| form.past_or_participle)),
            ("lying", forms("lying").is_some_and(|form| form.ing)),
            ("took", forms("took").is_some_and(|form| form.past && !form.past_or_participle)),
            ("held", forms("held").is_some_and(|form| form.past_or_participle)),
            ("seen", forms("seen").is_some_and(|form| form.participle && !form.past)),
            ("reaches", forms("reaches").is_some_and(|form| form.third && form.noun)),
            ("attends", forms("attends").is_some_and(|form| form.third && !form.noun)),
            ("prayed", forms("prayed").is_some_and(|form| form.past_or_participle && form.intransitive)),
        ] {
            assert!(is, "{word}: {:?}", forms(word));
        }
        assert_eq!(forms("candle"), None);
    }
}
