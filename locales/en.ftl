# The texts of the house. This file is the measure: every message here stands in every other locale.
# $count chooses the plural form, $shown is the same number as it is written.

digit-group = ,
list-comma = ,

# Times
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
# 15:32 GMT 03 January 2021
time-line = { $time } GMT { $day } { $month } { $year }
date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
time-unconfirmed = time not confirmed
time-updated = updated

# Every page
skip-to-content = Skip to content
sections = Sections
register = Register
register-later = Register (opens later)
feed = Feed
archive = Archive
search = Search
footer-rights = Photographs and texts belong to those who are named with them.

# A story
text = Text
photos = Photos
photos-count = { $count ->
    [one] { $shown } photo
   *[other] { $shown } photos
}
photos-link = Photos ({ $number })
comments = { $count ->
    [one] { $shown } comment
   *[other] { $shown } comments
}
views = { $count ->
    [one] { $shown } view
   *[other] { $shown } views
}
by = By
photo-place = Photo { $number } of { $total }
alt-missing = Photo { $number } of { $total }, see caption
alt-card = Photo { $number } of { $total } of this story
credit = Credit:
to-come = Picture to come
long-description = Description of photo { $number }
corrections = Corrections
correction = Correction
notices = Notes
notice-link = Note on { $term }
notice-back = Back to the text: { $term }
tags = Tags
short-link = Short link
light = Light edition
photo-previous = Previous photo
photo-next = Next photo
onward = Other stories
story-previous = Previous story
story-next = Next story

# The light edition of a story: the size of a picture stands in the text of its link
light-whole = Whole page with pictures
light-photo = Photo { $number }: { $name }
light-size = { $name } ({ $size })
kilobytes = { $count ->
   *[other] { $shown } kB
}

# The lightbox: a photo large, with its caption
lightbox-close = Close
lightbox-full = Full screen
lightbox-larger = Zoom in
lightbox-smaller = Zoom out
lightbox-keys = Single keys: j, k, + and −
lightbox-next = Next photo
lightbox-previous = Previous photo
lightbox-move = Move within the photo
lightbox-left = Left
lightbox-right = Right
lightbox-up = Up
lightbox-down = Down

# What a reader is told of a picture
status-file = File picture
status-handout = Handout
status-posed = Posed
status-unverified = Not independently verified
status-graphic = Graphic content
status-synthetic = Made or altered with generative AI

# Lists
newest = Newest photo stories
list-description = { $name }: the newest photo stories, each picture with its caption and credit
nothing-yet = No story has been published here yet.
tag = Topic
stories-count = { $count ->
    [one] { $shown } story
   *[other] { $shown } stories
}
archive-description = { $name }: all photo stories, month by month
list-archive = { $name }: photo stories of { $month }, day by day
parts = Parts of this month
part-place = Part { $number } of { $total }
part-previous = Previous part
part-next = Next part
months = Other months

# Search
search-label = Words in headlines, texts and captions
search-pages = Pages of results
search-previous = Previous results
search-next = More results
search-nothing = Nothing was found for “{ $query }”.
search-too-many = { $count ->
    [one] Please search for { $shown } word at most.
   *[other] Please search for { $shown } words at most.
}
search-too-long = { $count ->
    [one] Please search with { $shown } character at most.
   *[other] Please search with { $shown } characters at most.
}
search-wait = { $count ->
    [one] You have searched many times in a short while. Please search again in { $shown } second.
   *[other] You have searched many times in a short while. Please search again in { $shown } seconds.
}
search-away = The search is away for the moment. Everything else on this site can be read; please try again later.

# Pages that are not there
not-found-title = There is no page here
not-found-text = The address may be mistyped, or the page may have had another name.
gone-title = This page was withdrawn
gone-text = What stood here is no longer published.
moved-title = This page has moved
moved-link = Go to its new address
go-home = To the newest stories

# Mails to the staff
role-photographer = a photographer
role-editor = an editor
role-moderator = a moderator
role-administrator = an administrator
mail-invitation-subject = Your invitation to { $site }
mail-invitation-text = You are invited to work at { $site } as { $role }. Here you make your account:
mail-until = The link works once, until { $time }.
mail-back-subject = Your way back in to { $site }
mail-back-text = With this link you set a new password at { $site }. Your second factor, your passkeys and all your sessions end then.
mail-back-unasked = If you do not need it, you need not do anything: nothing changes until the link is followed.
mail-password-subject = Your password at { $site } was changed
mail-password-text = The password of your account at { $site } was changed at { $time }.
mail-factor-set-subject = Your second factor at { $site } was set
mail-factor-set-text = Your account at { $site } asks for a code of an authenticator since { $time }.
mail-factor-removed-subject = Your second factor at { $site } was removed
mail-factor-removed-text = Your account at { $site } asks for no code of an authenticator any more since { $time }.
mail-passkey-subject = A passkey was added at { $site }
mail-passkey-text = Your account at { $site } lets in whoever has the passkey “{ $key }” since { $time }.
mail-passkey-removed-subject = A passkey was removed at { $site }
mail-passkey-removed-text = Your account at { $site } no longer lets in whoever has the passkey “{ $key }” since { $time }.
mail-address-subject = Your address at { $site } was changed
mail-address-text = Your account at { $site } has the address { $address } since { $time }: you sign in with it, and mails go there.
mail-role-subject = Your role at { $site } was changed
mail-role-text = You work at { $site } as { $role } since { $time }.
mail-ended-subject = Your account at { $site } was ended
mail-ended-text = Your account at { $site } lets nobody in since { $time }. Its password, passkeys, sessions and tokens have ended.
mail-plan-failed-subject = Not published: { $headline }
mail-plan-failed-text = “{ $headline }” was to be published at { $time }, and was not: readers see nothing new. What stands against it:
mail-machine-subject = { $site } needs looking after
mail-machine-over-subject = { $site } is well again
mail-machine-text = What { $site } found wrong with its machine at { $time }:
mail-machine-over-text = Good again:
mail-unexpected = If you did not expect that, ask an administrator at once.
mail-not-you = If that was not you, tell an administrator at once.
