# The desk's texts. This file is the measure for every other locale of the desk.
# What a script says begins with js-; a script fills in variables and chooses no plural.

digit-group = ,

# Every page
desk = Desk
skip = Skip to content
to-desk = To the desk
not-here = Not here
no-such-page = The desk has no such page.
not-now = Not now
records-away = The records cannot be reached now; nothing was changed. Try again in a few seconds.
fault = A fault
went-wrong = Something went wrong here, and it has been noted.
not-done = Not done
once-more = Once more
form-odd = The form did not come as it was filled in. Go back; nothing was changed.
form-late = The form took too long to come. Go back and send it again; nothing was changed.
photos = Photos
stories = Stories
js-close = Close
js-keys = Keys of this page
js-key-list = Shows this list
js-away = The server cannot be reached just now.
js-went-wrong = Something went wrong; it has been noted.

# The door
sign-in = Sign in
sign-out = Sign out
mail-address = Mail address
password = Password
password-again = Your password, once more
password-new = Password, at least 12 characters; a sentence is a good one
code = The six digits of your authenticator
sign-in-passkey = Sign in with a passkey
locked-out = Locked out? An administrator can make you a link back in; on the machine itself this command does:
welcome = Welcome
make-account-as = Make your account. You are { $role } here.
new-password-for = Set a new password for { $address }. A second factor, passkeys, all sessions and all tokens of the account end.
name-of-yours = Name, as colleagues and bylines have it
make-account = Make the account
set-password = Set the password
role-photographer = photographer
role-editor = editor
role-moderator = moderator
role-administrator = administrator

# One's own account
account = Your account
signed-in-as = You are signed in as
programs-reach = Programs reach photos, stories and all else through the
passkeys = Passkeys
passkeys-are = With a passkey of your phone, your computer or a security key you sign in without a password and without a code.
passkey-needs-script = To add one, your browser has to run the script of this page.
passkey-name = Name of the new passkey, such as Phone
add-passkey = Add a passkey
made-on = made on { $day }
used-on = used last on { $day }
another-name = Another name
rename = Rename
remove = Remove
remove-named = Remove { $name }

# The first page
welcome-title = Welcome. Three steps to the first story
step-photos = 1. Send photos
step-photos-text = Drop a folder anywhere on the page of photos. Captions and credits are read from the files.
step-story = 2. Make a story of them
step-story-text = Select photos and make a story of them. Put them in order, mend what the checks mark: everything saves itself.
step-publish = 3. Look at it, and publish
step-publish-text = The story's Publish page shows it as readers will see it, and says what still stands against it.
open-stories = In the works
done-stories = With the readers
nothing-yet = There is nothing here yet.

# Stories
new-story = Headline of a new story
begin-story = Begin the story
no-stories = No story yet. Begin one with its headline, or select photos and make a story of them.
no-headline = (no headline yet)
older = Older ones
state-draft = draft
state-changed = changed since it was published
state-published = published
state-withdrawn = withdrawn
