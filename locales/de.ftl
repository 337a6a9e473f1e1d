digit-group = .
list-comma = ,

month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
time-line = { $time } GMT, { $day }. { $month } { $year }
date-day = { $day }. { $month } { $year }
date-month = { $month } { $year }
time-unconfirmed = Zeit nicht bestätigt
time-updated = aktualisiert

skip-to-content = Zum Inhalt
sections = Ressorts
register = Registrieren
register-later = Registrieren (später möglich)
feed = Feed
archive = Archiv
search = Suche
footer-rights = Fotos und Texte gehören denen, die bei ihnen genannt sind.

text = Text
photos = Fotos
photos-count = { $count ->
    [one] { $shown } Foto
   *[other] { $shown } Fotos
}
photos-link = Fotos ({ $number })
comments = { $count ->
    [one] { $shown } Kommentar
   *[other] { $shown } Kommentare
}
views = { $count ->
    [one] { $shown } Aufruf
   *[other] { $shown } Aufrufe
}
by = Von
photo-place = Foto { $number } von { $total }
alt-missing = Foto { $number } von { $total }, siehe Bildtext
alt-card = Foto { $number } von { $total } dieser Strecke
credit = Bildnachweis:
to-come = Bild folgt
long-description = Beschreibung von Foto { $number }
corrections = Korrekturen
correction = Korrektur
notices = Anmerkungen
notice-link = Anmerkung zu { $term }
notice-back = Zurück zum Text: { $term }
tags = Themen
short-link = Kurzlink
light = Leichte Ausgabe
photo-previous = Voriges Foto
photo-next = Nächstes Foto
onward = Weitere Fotostrecken
story-previous = Vorige Strecke
story-next = Nächste Strecke

light-whole = Ganze Seite mit Bildern
light-photo = Foto { $number }: { $name }
light-size = { $name } ({ $size })
kilobytes = { $count ->
   *[other] { $shown } kB
}

lightbox-close = Schließen
lightbox-full = Vollbild
lightbox-larger = Vergrößern
lightbox-smaller = Verkleinern
lightbox-keys = Einzelne Tasten: j, k, + und −
lightbox-next = Nächstes Foto
lightbox-previous = Voriges Foto
lightbox-move = Im Foto bewegen
lightbox-left = Nach links
lightbox-right = Nach rechts
lightbox-up = Nach oben
lightbox-down = Nach unten

status-file = Archivbild
status-handout = Handout
status-posed = Gestellt
status-unverified = Nicht unabhängig geprüft
status-graphic = Verstörender Inhalt
status-synthetic = Mit generativer KI erstellt oder verändert

newest = Neueste Fotostrecken
list-description = { $name }: die neuesten Fotostrecken, jedes Bild mit Bildtext und Bildnachweis
nothing-yet = Hier ist noch nichts veröffentlicht.
tag = Thema
stories-count = { $count ->
    [one] { $shown } Strecke
   *[other] { $shown } Strecken
}
archive-description = { $name }: alle Fotostrecken, Monat für Monat
list-archive = { $name }: Fotostrecken vom { $month }, Tag für Tag
parts = Teile dieses Monats
part-place = Teil { $number } von { $total }
part-previous = Voriger Teil
part-next = Nächster Teil
months = Andere Monate

search-label = Wörter in Titeln, Texten und Bildtexten
search-pages = Seiten mit Treffern
search-previous = Vorige Treffer
search-next = Weitere Treffer
search-nothing = Zu „{ $query }“ wurde nichts gefunden.
search-too-many = { $count ->
    [one] Bitte nach höchstens { $shown } Wort suchen.
   *[other] Bitte nach höchstens { $shown } Wörtern suchen.
}
search-too-long = { $count ->
    [one] Bitte mit höchstens { $shown } Zeichen suchen.
   *[other] Bitte mit höchstens { $shown } Zeichen suchen.
}
search-wait = { $count ->
    [one] Das waren viele Suchen in kurzer Zeit. Bitte in { $shown } Sekunde noch einmal suchen.
   *[other] Das waren viele Suchen in kurzer Zeit. Bitte in { $shown } Sekunden noch einmal suchen.
}
search-away = Die Suche ist gerade nicht da. Alles andere auf dieser Seite lässt sich lesen; bitte später noch einmal versuchen.

not-found-title = Hier ist keine Seite
not-found-text = Die Adresse ist vielleicht vertippt, oder die Seite hieß einmal anders.
gone-title = Diese Seite wurde zurückgezogen
gone-text = Was hier stand, ist nicht mehr veröffentlicht.
moved-title = Diese Seite ist umgezogen
moved-link = Zur neuen Adresse
go-home = Zu den neuesten Fotostrecken

role-photographer = in der Fotografie
role-editor = in der Redaktion
role-moderator = in der Moderation
role-administrator = in der Verwaltung
mail-invitation-subject = Ihre Einladung zu { $site }
mail-invitation-text = Sie sind eingeladen, bei { $site } mitzuarbeiten: { $role }. Hier legen Sie Ihr Konto an:
mail-until = Der Link gilt einmal, bis { $time }.
mail-back-subject = Ihr Weg zurück zu { $site }
mail-back-text = Mit diesem Link setzen Sie ein neues Passwort bei { $site }. Ihr zweiter Faktor, Ihre Passkeys und alle Ihre Sitzungen enden dann.
mail-back-unasked = Wenn Sie ihn nicht brauchen, müssen Sie nichts tun: Bis dem Link gefolgt wird, ändert sich nichts.
mail-password-subject = Ihr Passwort bei { $site } wurde geändert
mail-password-text = Das Passwort Ihres Kontos bei { $site } wurde um { $time } geändert.
mail-factor-set-subject = Ihr zweiter Faktor bei { $site } wurde eingerichtet
mail-factor-set-text = Ihr Konto bei { $site } verlangt seit { $time } den Code eines Authenticators.
mail-factor-removed-subject = Ihr zweiter Faktor bei { $site } wurde entfernt
mail-factor-removed-text = Ihr Konto bei { $site } verlangt seit { $time } keinen Code eines Authenticators mehr.
mail-passkey-subject = Ein Passkey wurde bei { $site } hinzugefügt
mail-passkey-text = Ihr Konto bei { $site } lässt seit { $time } alle ein, die den Passkey „{ $key }“ haben.
mail-passkey-removed-subject = Ein Passkey wurde bei { $site } entfernt
mail-passkey-removed-text = Ihr Konto bei { $site } lässt seit { $time } niemanden mehr mit dem Passkey „{ $key }“ ein.
mail-address-subject = Ihre Adresse bei { $site } wurde geändert
mail-address-text = Ihr Konto bei { $site } hat seit { $time } die Adresse { $address }: Mit ihr melden Sie sich an, und dorthin gehen Mails.
mail-role-subject = Ihre Rolle bei { $site } wurde geändert
mail-role-text = Sie arbeiten seit { $time } so bei { $site } mit: { $role }.
mail-ended-subject = Ihr Konto bei { $site } wurde beendet
mail-ended-text = Ihr Konto bei { $site } lässt seit { $time } niemanden mehr ein. Passwort, Passkeys, Sitzungen und Tokens haben geendet.
mail-plan-failed-subject = Nicht veröffentlicht: { $headline }
mail-plan-failed-text = „{ $headline }“ sollte um { $time } veröffentlicht werden und wurde es nicht: Leserinnen und Leser sehen nichts Neues. Was dagegen steht:
mail-machine-subject = { $site } braucht jemanden, der nachsieht
mail-machine-over-subject = { $site }: wieder in Ordnung
mail-machine-text = Was { $site } um { $time } an seinem Rechner auszusetzen fand:
mail-machine-over-text = Wieder in Ordnung:
mail-unexpected = Wenn Sie das nicht erwartet haben, fragen Sie sofort eine Person in der Verwaltung.
mail-not-you = Wenn Sie das nicht waren, sagen Sie es sofort einer Person in der Verwaltung.
