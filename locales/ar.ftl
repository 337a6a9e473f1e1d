digit-group = ,
list-comma = ،

month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
time-line = { $time } غرينتش { $day } { $month } { $year }
date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
time-unconfirmed = الوقت غير مؤكد
time-updated = حُدّث

skip-to-content = انتقل إلى المحتوى
sections = الأقسام
register = التسجيل
register-later = التسجيل (يتاح لاحقًا)
feed = موجز
archive = الأرشيف
search = بحث
footer-rights = الصور والنصوص ملك لأصحابها المذكورين معها.

text = النص
photos = الصور
photos-count = { $count ->
    [zero] بلا صور
    [one] صورة واحدة
    [two] صورتان
    [few] { $shown } صور
    [many] { $shown } صورة
   *[other] { $shown } صورة
}
photos-link = الصور ({ $number })
comments = { $count ->
    [zero] 0 تعليق
    [one] تعليق واحد
    [two] تعليقان
    [few] { $shown } تعليقات
    [many] { $shown } تعليقًا
   *[other] { $shown } تعليق
}
views = { $count ->
    [zero] 0 مشاهدة
    [one] مشاهدة واحدة
    [two] مشاهدتان
    [few] { $shown } مشاهدات
    [many] { $shown } مشاهدة
   *[other] { $shown } مشاهدة
}
by = بقلم
photo-place = الصورة { $number } من { $total }
alt-missing = الصورة { $number } من { $total }، انظر التعليق
alt-card = الصورة { $number } من { $total } في هذه القصة
credit = المصدر:
to-come = الصورة لم تصل بعد
long-description = وصف الصورة { $number }
corrections = تصحيحات
correction = تصحيح
notices = ملاحظات
notice-link = ملاحظة عن { $term }
notice-back = عودة إلى النص: { $term }
tags = الموضوعات
short-link = رابط قصير
light = نسخة خفيفة
photo-previous = الصورة السابقة
photo-next = الصورة التالية
onward = قصص أخرى
story-previous = القصة السابقة
story-next = القصة التالية

light-whole = الصفحة الكاملة مع الصور
light-photo = الصورة { $number }: { $name }
light-size = { $name } ({ $size })
kilobytes = { $count ->
   *[other] { $shown } كيلوبايت
}

lightbox-close = إغلاق
lightbox-full = ملء الشاشة
lightbox-larger = تكبير
lightbox-smaller = تصغير
lightbox-keys = مفاتيح مفردة: j وk و+ و−
lightbox-next = الصورة التالية
lightbox-previous = الصورة السابقة
lightbox-move = التحرك داخل الصورة
lightbox-left = إلى اليسار
lightbox-right = إلى اليمين
lightbox-up = إلى أعلى
lightbox-down = إلى أسفل

status-file = صورة من الأرشيف
status-handout = صورة موزعة من جهة معنية
status-posed = صورة معدّة
status-unverified = لم يتم التحقق منها بشكل مستقل
status-graphic = محتوى صادم
status-synthetic = أُنشئت أو عُدّلت بالذكاء الاصطناعي التوليدي

newest = أحدث القصص المصورة
list-description = { $name }: أحدث القصص المصورة، ومع كل صورة تعليقها ومصدرها
nothing-yet = لم تُنشر هنا أي قصة بعد.
tag = موضوع
stories-count = { $count ->
    [zero] بلا قصص
    [one] قصة واحدة
    [two] قصتان
    [few] { $shown } قصص
    [many] { $shown } قصة
   *[other] { $shown } قصة
}
archive-description = { $name }: كل القصص المصورة، شهرًا بعد شهر
list-archive = { $name }: القصص المصورة في { $month }، يومًا بعد يوم
parts = أجزاء هذا الشهر
part-place = الجزء { $number } من { $total }
part-previous = الجزء السابق
part-next = الجزء التالي
months = أشهر أخرى

search-label = كلمات في العناوين والنصوص وتعليقات الصور
search-pages = صفحات النتائج
search-previous = النتائج السابقة
search-next = نتائج أخرى
search-nothing = لم يُعثر على شيء عن «{ $query }».
search-too-many = { $count ->
    [zero] ابحث من فضلك عن كلمات أقل.
    [one] ابحث من فضلك عن كلمة واحدة على الأكثر.
    [two] ابحث من فضلك عن كلمتين على الأكثر.
    [few] ابحث من فضلك عن { $shown } كلمات على الأكثر.
    [many] ابحث من فضلك عن { $shown } كلمة على الأكثر.
   *[other] ابحث من فضلك عن { $shown } كلمة على الأكثر.
}
search-too-long = { $count ->
    [zero] ابحث من فضلك بأحرف أقل.
    [one] ابحث من فضلك بحرف واحد على الأكثر.
    [two] ابحث من فضلك بحرفين على الأكثر.
    [few] ابحث من فضلك بـ { $shown } أحرف على الأكثر.
    [many] ابحث من فضلك بـ { $shown } حرفًا على الأكثر.
   *[other] ابحث من فضلك بـ { $shown } حرف على الأكثر.
}
search-wait = { $count ->
    [zero] عمليات بحث كثيرة في وقت قصير. ابحث من فضلك مرة أخرى الآن.
    [one] عمليات بحث كثيرة في وقت قصير. ابحث من فضلك مرة أخرى بعد ثانية واحدة.
    [two] عمليات بحث كثيرة في وقت قصير. ابحث من فضلك مرة أخرى بعد ثانيتين.
    [few] عمليات بحث كثيرة في وقت قصير. ابحث من فضلك مرة أخرى بعد { $shown } ثوان.
    [many] عمليات بحث كثيرة في وقت قصير. ابحث من فضلك مرة أخرى بعد { $shown } ثانية.
   *[other] عمليات بحث كثيرة في وقت قصير. ابحث من فضلك مرة أخرى بعد { $shown } ثانية.
}
search-away = البحث غير متاح حاليًا. يمكنك قراءة كل ما عدا ذلك في هذا الموقع؛ حاول من فضلك لاحقًا.

not-found-title = لا توجد صفحة هنا
not-found-text = ربما كُتب العنوان خطأ، أو كان للصفحة اسم آخر.
gone-title = سُحبت هذه الصفحة
gone-text = ما كان هنا لم يعد منشورًا.
moved-title = انتقلت هذه الصفحة
moved-link = إلى عنوانها الجديد
go-home = إلى أحدث القصص

role-photographer = مصوّر
role-editor = محرّر
role-moderator = مشرف
role-administrator = مدير
mail-invitation-subject = دعوتك إلى { $site }
mail-invitation-text = أنت مدعوّ للعمل في { $site } بصفة { $role }. أنشئ حسابك هنا:
mail-until = يعمل الرابط مرة واحدة حتى { $time }.
mail-back-subject = طريق عودتك إلى { $site }
mail-back-text = بهذا الرابط تضع كلمة مرور جديدة في { $site }. عندها ينتهي العامل الثاني ومفاتيح المرور وجميع جلساتك.
mail-back-unasked = إن لم تكن بحاجة إليه فلا تفعل شيئًا: لا يتغير شيء قبل فتح الرابط.
mail-password-subject = غُيّرت كلمة مرورك في { $site }
mail-password-text = غُيّرت كلمة مرور حسابك في { $site } في { $time }.
mail-factor-set-subject = فُعّل العامل الثاني لحسابك في { $site }
mail-factor-set-text = يطلب حسابك في { $site } رمزًا من تطبيق المصادقة منذ { $time }.
mail-factor-removed-subject = أُزيل العامل الثاني من حسابك في { $site }
mail-factor-removed-text = لم يعد حسابك في { $site } يطلب رمزًا من تطبيق المصادقة منذ { $time }.
mail-passkey-subject = أُضيف مفتاح مرور في { $site }
mail-passkey-text = يسمح حسابك في { $site } منذ { $time } بدخول من يملك مفتاح المرور «{ $key }».
mail-passkey-removed-subject = أُزيل مفتاح مرور في { $site }
mail-passkey-removed-text = لم يعد حسابك في { $site } منذ { $time } يسمح بدخول من يملك مفتاح المرور «{ $key }».
mail-address-subject = غُيّر عنوانك في { $site }
mail-address-text = صار عنوان حسابك في { $site } منذ { $time }: { $address }. به تسجّل الدخول وإليه تُرسل الرسائل.
mail-role-subject = غُيّر دورك في { $site }
mail-role-text = تعمل في { $site } منذ { $time } بصفة { $role }.
mail-ended-subject = أُنهي حسابك في { $site }
mail-ended-text = لم يعد حسابك في { $site } يسمح بدخول أحد منذ { $time }. انتهت كلمة المرور ومفاتيح المرور والجلسات والرموز.
mail-plan-failed-subject = لم تُنشر: { $headline }
mail-plan-failed-text = كان من المقرر نشر «{ $headline }» في { $time } ولم تُنشر: لا يرى القراء شيئًا جديدًا. ما يمنع النشر:
mail-machine-subject = { $site } يحتاج إلى عناية
mail-machine-over-subject = { $site } بخير من جديد
mail-machine-text = ما وجده { $site } من خلل في جهازه في { $time }:
mail-machine-over-text = عاد إلى حاله:
mail-unexpected = إن لم تكن تتوقع ذلك فاسأل أحد المديرين فورًا.
mail-not-you = إن لم تكن أنت من فعل ذلك فأخبر أحد المديرين فورًا.
