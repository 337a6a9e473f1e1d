# Publishing
publish = Publish
preview-short = Preview
stands-against = What stands against it
nothing-against = Nothing stands against publishing.
embargo-stands = Under an embargo until { $time }: nobody outside the house sees anything of it before.
plan = Planned
plan-stands = Is published on { $time } as it stands then, in the name of { $name }.
plan-failed = Was to be published on { $time }, and was not. What stood against it:
plan-cancel = Take the plan back
plan-at = At a time
plan-hint = Empty: at the end of the embargo. What stands then is published; the later one of time and embargo counts.
changes = What readers will see differently
part-headline = Headline
part-caption = Caption
part-credit = Credit
part-picture = Picture
go-out = Publish
change-is = What this update is
change-choose = Choose
change-minor = Minor: nothing is said of it
change-correction = Correction
correction-text = Text of the correction
correction-hint = What was wrong, and what is right. It stands on the page with its date, from now on.
allow-missing = Publish although these are missing
allow-alt = Alternative texts
allow-picture = Pictures still to come
publish-now = Publish now
publish-later = Publish at the time
embargo = Embargo
embargo-is = Until its end publishing is refused, and links show nothing. It may be made longer; to end it earlier takes a reason.
embargo-until = Until
embargo-set = Put under the embargo
embargo-lift = Lift the embargo
because = Why
approvals = Approvals
nobody-approved = Nobody has approved it yet.
approved-page = Page
changed-since = changed since
as-it-is = as it is now
approve = Approve
shares = Links for people without an account
share-new = Make a link
share-is = Whoever has the link sees the story as readers will, and may approve it in the name that you give.
share-made = Hand this address over. It is shown this once.
share-name = Name of the person
share-days = Days for which it is good, 1 to 30
share-over = over
share-revoke-named = Take back the link of { $name }
unpublish = Take it away from readers
unpublish-is = Its addresses answer that it was withdrawn; photos that no other story shows go too. The originals stay.
bring-back = Bring it back
as-readers = As readers will see it
look-phone = Phone
look-wide = Wide
look-dark = Dark
look-rtl = Right to left
look-lean = Light edition
look-slide = Pages of the photos
look-all = All beside each other
preview-alone = The page alone
live = Going live
live-waiting = Is being printed.
live-printed = Printed; the processes take it up.
live-all = Readers see it: every process shows it.
going = Taken away
gone-all = Readers have it no more: every process answers that it was withdrawn.
live-shows = shows it
live-not-yet = not yet
live-again = Look again
js-gone-after = Readers have it no more: every process answers that it was withdrawn, { $seconds } s after this page was here.
js-live-after = Readers see it: every process shows it, { $seconds } s after this page was here.
js-live-shows = shows it
js-live-not-yet = not yet

# The proof sheet
proof = Proof sheet
proof-mend = Mend it
proof-sign = Sign off
proof-print = Read aloud, with somebody who follows the pictures. The browser prints the sheet, or keeps it as PDF.
proof-sign-as = Read, and found good: { $name }
proof-line = Read by ______________________________ on ______________________________

# Withdrawing a photo
withdraw-photo = Withdraw a photo
withdraw-photo-is = It goes from every page, list, feed and copy of ours at once, in every size. The original stays, sealed.
withdraw-everywhere = Withdraw it everywhere
withdraw-shown = { $count ->
    [0] Readers see it nowhere now.
    [one] Readers see it in { $shown } story.
   *[other] Readers see it in { $shown } stories.
}
restore-photo = Bring it back

# A draft behind a link, for somebody without an account
shared-draft = A story to look over
shared-nowhere = This link leads nowhere: it ended, was taken back, or never was. Ask whoever sent it for another one.
shared-embargoed = This story is under an embargo until { $time }. Nothing of it is shown before.
shared-for = For { $name }. The link is good until { $time }.
shared-frame = The page as readers will see it
shared-alone = The page alone
shared-captions = Captions and credits
shared-approve = Approve it
shared-approve-as = Approve as { $name }
shared-approved = You approved this state on { $time }. Thank you.
remark = Remark, where you have one
too-often = Too many tries from here. Go on in { $seconds } seconds.
