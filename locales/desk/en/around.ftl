# Forms
keep = Save
kept = Done.
name = Name
role = Role
more = More
link-sent = A mail with this link is on its way to { $address }. You may hand it over yourself as well; it is shown this once, works once, and is good for three days.

# What needs somebody, on the first page
needs = What needs you
needs-nothing = Nothing needs you just now.
need-jobs = { $count ->
    [one] { $shown } job
   *[other] { $shown } jobs
}
need-jobs-note = Not tried again by themselves.
need-plan-failed = not published
need-plan-failed-note = Its time was { $time }, and something stood against it.
need-plan-today = goes out today
need-plan-today-note = It is published by itself at { $time }.
need-approved = approved
need-approved-note = { $name } looked at it through a link and approved it as it is now.
need-remark-note = { $name } approved it as it is now, through a link: “{ $remark }”
need-mending = to be mended
need-mending-note = { $count ->
    [one] { $shown } thing keeps it from being published.
   *[other] { $shown } things keep it from being published.
}
need-update = changed
need-update-note = Readers have an older state; this one is of { $time }.
need-photos = photos
need-problems = { $count ->
    [one] { $shown } photo of yours with a problem
   *[other] { $shown } photos of yours with problems
}
need-problems-note = Something is wrong with the file or with what it says.
need-restricted = { $count ->
    [one] { $shown } photo of yours with a restriction
   *[other] { $shown } photos of yours with restrictions
}
need-restricted-note = In no story yet; each has to be cleared before it is published.
need-invitations-label = invited
need-invitations = { $count ->
    [one] { $shown } open invitation
   *[other] { $shown } open invitations
}
need-invitations-note = The next to end is that of { $address }.

# Staff and invitations
staff = Staff
invite-title = Invite somebody
invite = Invite
role-hint = A photographer sends photos and writes stories of their own; an editor publishes; a moderator reads along; an administrator looks after staff and system as well.
invited = Invited, and not here yet
nobody-invited = No invitation is open.
good-until = good until { $time }
invited-by = invited by { $name }
take-back = Take back
take-back-named = Take back the invitation of { $name }
colleagues = Colleagues
has-left = left
left-at = left { $time }
here-since = here since { $time }
all-staff = All of the staff
back-in-title = Locked out?
back-in-text = A link sets a new password. When it is followed, the second factor, passkeys, sessions and tokens of the account end; until then nothing changes.
back-in = Make a link back in
leave-title = Leaving
leave-text = Whoever leaves is let in no more. Their stories and photos stay, and so does their name in the audit log.
leave-ask = Let them in no more …
leaves = Somebody leaves
leave-sure = Sessions, tokens, passkeys and invitations of { $name } end at once. This cannot be undone: to come back, they need a new account.
leave-yes = Let { $name } in no more
leave-no = No, go back
what-they-did = What they did

# Notices
notices = Notices
notices-are = A notice marks a term in every story and prints a note at the foot, such as one that the law demands. Stories that mention it are printed again at once.
no-notices = No notice yet. Add one with its term and the text of the note.
new-notice = New notice
add-notice = Add the notice
notice-term = Term
notice-variants = Other forms of it
notice-variants-hint = One a line. A form in capitals is found in capitals only.
notice-text = Text of the note
notice-language = Only in stories of this language
notice-language-hint = Such as en, de or ar. Empty: in all of them.
notice-mention = Where the mark stands
mention-first = at the first mention on a page
mention-every = at every mention
only-in-language = only in stories in { $language }
only-in-story = only in the story

# The audit log
audit = Audit log
by-whom = By whom
did-what = What was done
to-what = To what
anybody = anybody
anything = anything
show = Show
no-entries = Nothing of that kind was done.
what-changed = What changed
by-token = by a token
at-the-machine = Somebody at the machine
by-watched-folder = The watched folder
by-itself = Halftone by itself
by-plan = A plan by itself
by-link = Somebody with a link
noun-story = a story
noun-photo = a photo
noun-staff = an account
noun-invitation = an invitation
noun-token = a token
noun-passkey = a passkey
noun-notice = a notice
noun-job = a job
noun-site = the site
noun-upload = an upload
noun-backup = a backup
noun-system = the system
verb-accept_link = followed a link and set a password
verb-add_notice = added a notice
verb-alert = told administrators of the machine
verb-approve = approved a story
verb-attach_originals = sent a file
verb-cancel_plan = took a plan back
verb-carry_out_plan = published a story as planned
verb-change_account = changed an account
verb-change_password = changed a password
verb-clear_restriction = cleared a restriction
verb-create_story = began a story
verb-develop_photo = developed a photo
verb-draft_photos = put photos into a story
verb-end_session = ended a session
verb-end_token = took a token back
verb-fail_plan = did not publish a planned story
verb-fetch_original = fetched an original
verb-give_up_upload = gave an upload up
verb-import_capture = took in a captured page
verb-invite = invited somebody
verb-leave = let somebody in no more
verb-leave_drafts = took photos out of a draft
verb-lift_embargo = lifted an embargo
verb-link_back_in = made a link back in
verb-link_to_sign_in = made a link that signs in
verb-link_for_first_account = made the link for the first account
verb-make_passkey = added a passkey
verb-make_token = made a token
verb-note_backup = made a backup
verb-plan_publication = planned a publication
verb-publish_story = published a story
verb-put_story = changed a story
verb-refuse_passkey = refused a passkey
verb-remove_notice = removed a notice
verb-remove_passkey = removed a passkey
verb-rename_passkey = renamed a passkey
verb-restore_photo = brought a photo back
verb-restore_revision = brought an earlier state of a story back
verb-restore_story = brought a story back
verb-retry_job = had a job tried again
verb-revoke_share = took a link to a story back
verb-set_embargo = put a story under an embargo
verb-set_site = changed the site
verb-set_second_factor = set or removed a second factor
verb-share_draft = made a link to a story
verb-sign_in = signed in
verb-take_back_invitation = took an invitation back
verb-withdraw_photo = withdrew a photo
verb-withdraw_story = withdrew a story

# The background work
jobs = Jobs
failed-jobs = Failed
no-failed-jobs = No job has failed.
given-up = given up
tried-by-itself = is tried again by itself
try-again = Try again
try-named = Try again: { $name }
tried-again = It is tried again now.
queue = The queue
queue-is = What readers see comes first. AVIF pictures and the shelving of the whole library wait until nothing else is to be done; that they wait is no fault.
queue-empty = Nothing waits and nothing runs.
job-kind = Kind
job-waiting = Waiting
job-running = Running
job-failed = Given up
processes = Processes
no-processes = No process has said that it is there.
silent = silent
changes-behind = { $number } changes behind
heard-at = heard of at { $time }
started-at = started { $time }
kind-purge_photo = Take a withdrawn photo away
kind-purge_cdn = Tell the content network
kind-print_story = Print a story
kind-print_lists = Print the lists
kind-print_list = Print a list
kind-reprint_story = Print a story again
kind-reprint_list = Print a list again
kind-reprint_lists = Print the lists again
kind-reprint_archive = Ask for all pages to be printed again
kind-print_neighbour = Print the story beside one
kind-print_mentions = Print what mentions a notice
kind-develop_photo = Develop a photo
kind-prepare_story = Make public pictures ahead
kind-add_avif = Add AVIF pictures
kind-shelve_photos = Shelve a photo in the library
kind-shelve_archive = Shelve the whole library
kind-send_mail = Send a mail

# The system
system = System
looked-at = As it was at { $time }.
fact-disk = Disk
fact-database = Database
fact-queue = Queue
fact-processes = Processes
fact-backup = Backup
fact-certificate = Certificate
judged-good = good
judged-look = look at it
judged-wrong = wrong
disks = Disks
disk-machine = Machine
disk-folders = Folders
disk-free = Free
disk-size = Size
on-machine = on { $name }
of-release = release { $version }
alerts = Who is told
alerts-mailed = Disk, queue, backup and certificate are looked at every five minutes. When one is wrong these get a mail, once more each day that it lasts, and one when it is good again:
alerts-nobody = Nobody is named in alerts.to, and there is no administrator who could be told.
alerts-not-mailed = Nobody is told by mail when something is wrong: no mail server is set. It is named in halftone.toml as
certificate-at = The certificate was looked at last at { $time }.

# The watched folder
watched = Watched folder
watched-is = What is dropped here is taken in by itself:
not-watched = No folder is watched. To have one watched, an administrator names it in halftone.toml as
nothing-watched = No file has lain there yet. Drop photos into the folder, or have a program send them there.
file-waiting = waiting
file-taken = taken in
file-known = known already
file-refused = refused
file-left-alone = left alone

# One's own account, a page each
to-account = Your account
signature = Name and signature
signature-is = The name is what colleagues read. The signature stands in for what a file of yours does not say.
byline = Byline
byline-hint = Your name as the author of texts and photos.
credit-hint = Of photos whose file has none, such as Ana Berg / The Daily.
copyright = Copyright notice
copyright-hint = Of photos whose file has none.
password-now = Your password as it is
password-ends = With another password all your other sessions end.
second-factor = Second factor
factor-is = With a second factor, signing in by password asks for six digits of an authenticator as well. Give it this secret, then type what it shows.
factor-there = Signing in by password asks for a code of your authenticator.
factor-secret = The secret, to be typed:
factor-open = Open it in an authenticator on this device
factor-set = Set the second factor
factor-remove = Do without a second factor
sessions = Sessions
sessions-are = Each browser in which you are signed in.
this-session = this one
browser-on = { $program } on { $system }
no-agent = A program that does not say its name
last-used = used last at { $time }
end-session = End
end-since = End the session that started { $time }
end-others = End all others
no-others = You are signed in nowhere else.
tokens = Tokens
tokens-are = With a token a program works in your name, no further than its scopes and your role.
no-tokens = No token yet. Make one for a program that sends photos or reads stories.
new-token = New token
make-token = Make the token
token-name = Where it is used
token-scopes = What it is for
token-days = Days that it is good, 1 to 366
token-made = This is the token. It is shown this once; whoever has it works in your name.
token-sent-as = A program sends it with each request as
is-over = over
end-named = Take back { $name }
scope-read = see stories, photos, notices, jobs and processes
scope-photos = send photos
scope-stories = write stories
scope-publish = publish and withdraw
scope-originals = fetch originals
scope-notices = change notices
scope-admin = see the audit log and the system, manage the staff, have jobs tried again
