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

# Every page
skip-to-content = Skip to content
sections = Sections
register = Register
register-later = Register (opens later)
feed = Feed
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
notices = Notes
notice-link = Note on { $term }
notice-back = Back to the text: { $term }
tags = Tags
short-link = Short link

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

# Pages that are not there
not-found-title = There is no page here
not-found-text = The address may be mistyped, or the page may have had another name.
gone-title = This page was withdrawn
gone-text = What stood here is no longer published.
moved-title = This page has moved
moved-link = Go to its new address
go-home = To the newest stories
