//! Words that photo-story pages use around their text, as data: one list a purpose, lower case, in the languages
//! of [`super::language`]. A page in another language loses only what hangs on a word; its shape is still read.

/// Links to register or sign in (R31).
pub(super) const REGISTER: &[&str] = &[
    "register", "registration", "sign in", "sign up", "signin", "signup", "log in", "log on", "login",
    "join", "my account", "create account", "subscribe", "anmelden", "registrieren", "einloggen",
    "konto erstellen", "abonnieren", "s'inscrire", "inscription", "se connecter", "connexion",
    "s'identifier", "créer un compte", "s'abonner", "registrarse", "regístrate", "registro",
    "iniciar sesión", "inicia sesión", "acceder", "suscribirse", "entrar", "cadastre-se", "registar",
    "registar-se", "registre-se", "registrar-se", "iniciar sessão", "fazer login", "assinar", "войти",
    "вход", "регистрация", "зарегистрироваться", "авторизация", "авторизоваться", "подписаться", "تسجيل",
    "التسجيل", "سجل", "سجّل", "اشترك", "دخول", "الدخول", "تسجيل الدخول", "تسجيل دخول", "إنشاء حساب",
    "registrati", "accedi", "inloggen", "registreren", "zaloguj", "giriş", "kayıt ol", "увійти",
    "реєстрація",
];

/// Words that stand before or between a page's date and time, and between two links.
pub(super) const DATE_LABELS: &[&str] = &[
    "date", "time", "published", "posted", "on", "at", "the", "of", "and", "or", "by", "updated",
    "modified", "datum", "uhr", "um", "am", "vom", "stand", "veröffentlicht", "oder", "und", "aktualisiert",
    "publié", "le", "à", "du", "ou", "et", "heure", "mis", "jour", "fecha", "hora", "publicado",
    "publicada", "el", "a", "las", "de", "y", "o", "actualizado", "data", "às", "em", "e", "atualizado",
    "дата", "время", "опубликовано", "в", "от", "и", "или", "обновлено", "تاريخ", "التاريخ", "نشر", "نُشر",
    "النشر", "الوقت", "الساعة", "في", "بتوقيت", "توقيت", "أو", "و", "تحديث",
];

/// Words that say that a time is of a later change, not of the publication (R30).
pub(super) const UPDATED: &[&str] = &[
    "updated", "last updated", "modified", "aktualisiert", "zuletzt", "mis à jour", "actualizado",
    "atualizado", "обновлено", "изменено", "تحديث", "آخر تحديث", "تم التحديث",
];

/// Sections that hold photo stories (R31); any other short line may be a section by its place.
pub(super) const PHOTO_SECTIONS: &[&str] = &[
    "photo", "photos", "picture", "pictures", "in pictures", "in photos", "images", "gallery", "galleries",
    "photo gallery", "photo essay", "photo story", "slideshow", "multimedia", "visuals", "bild", "bilder",
    "foto", "fotos", "fotostrecke", "fotostrecken", "bildergalerie", "bilderstrecke", "galerie",
    "en images", "diaporama", "portfolio", "galería", "galerías", "fotogalería", "imágenes", "en fotos",
    "galeria", "galerias", "imagens", "em imagens", "em fotos", "fotogaleria", "фото", "фотографии",
    "фотогалерея", "фотолента", "фоторепортаж", "галерея", "в фотографиях", "صور", "صورة", "الصور",
    "بالصور", "ألبوم صور", "معرض الصور", "ملتيميديا", "مالتيميديا",
];

/// Words of a page's furniture: a short line that begins with one is no section, headline or tag list.
pub(super) const FURNITURE: &[&str] = &[
    "skip", "menu", "home", "search", "share", "print", "advertisement", "show", "read", "more", "back",
    "top", "terms", "privacy", "contact", "about", "cookies", "follow", "next", "previous", "close", "by",
    "listen", "save", "comment", "comments", "views", "newsletter", "related", "copy", "download", "report",
    "help", "subscribe", "zum", "zur", "menü", "suche", "teilen", "drucken", "anzeige", "mehr", "werbung",
    "impressum", "datenschutz", "kontakt", "startseite", "weiter", "zurück", "von", "merken", "kommentare",
    "aufrufe", "aller", "accueil", "recherche", "partager", "imprimer", "publicité", "lire", "voir", "haut",
    "suivant", "inicio", "menú", "buscar", "compartir", "imprimir", "guardar", "publicidad", "ver", "leer",
    "volver", "saltar", "ir", "siguiente", "anterior", "aviso", "compartilhar", "publicidade", "voltar",
    "ler", "salvar", "меню", "главная", "поиск", "поделиться", "печать", "реклама", "ещё", "еще",
    "показать", "читать", "наверх", "перейти", "назад", "далее", "контакты", "комментарии", "просмотры",
    "скопировать", "القائمة", "الرئيسية", "بحث", "شارك", "مشاركة", "طباعة", "إعلان", "المزيد", "اقرأ",
    "انتقل", "العودة", "عرض", "حفظ", "اتصل", "من",
];

/// Beginnings of words that name the count of comments (R31).
pub(super) const COMMENTS: &[&str] = &[
    "comment", "kommentar", "comentári", "comentari", "комментар", "تعليق",
];

/// Beginnings of words that name the count of views (R31).
pub(super) const VIEWS: &[&str] = &[
    "view", "aufruf", "ansicht", "vue", "lecture", "vista", "visualiza", "visita", "visite", "lectura",
    "leitura", "просмотр", "مشاهد", "قراء",
];

/// Words that may stand between two named counts.
pub(super) const COUNT_JOINTS: &[&str] = &[
    "and", "und", "et", "y", "e", "и", "و",
];

/// Words that only join two others.
pub(super) const JOINTS: &[&str] = &[
    "and", "or", "to", "und", "oder", "bis", "bzw.", "sowie", "et", "ou", "y", "o", "e", "и", "или",
];

/// Labels of a list of tags.
pub(super) const TAG_LABELS: &[&str] = &[
    "tags", "tag", "topics", "topic", "keywords", "filed under", "schlagwörter", "schlagworte", "themen",
    "stichwörter", "stichworte", "mots-clés", "mots clés", "thèmes", "étiquettes", "sujets", "etiquetas",
    "temas", "palabras clave", "archivado en", "palavras-chave", "tópicos", "assuntos", "теги", "тэги",
    "метки", "темы", "ключевые слова", "وسوم", "الوسوم", "كلمات مفتاحية", "الكلمات المفتاحية", "مواضيع",
    "علامات",
];

/// Wordings that claim rights for the whole site: such a line is no part of the story.
pub(super) const RIGHTS_LINES: &[&str] = &[
    "©", "copyright", "all rights reserved", "alle rechte vorbehalten", "tous droits réservés",
    "todos los derechos reservados", "todos os direitos reservados", "все права защищены",
    "جميع الحقوق محفوظة",
];

/// Beginnings of a credit that a page sets as a line of its own under a caption (R10).
pub(super) const CREDIT_LINES: &[&str] = &[
    "photo:", "photo by", "photograph:", "picture:", "credit:", "image:", "foto:", "bild:", "fotografía:",
    "crédito:", "crédit:", "photo :", "crédit :", "фото:", "фото ", "تصوير", "صورة:", "©",
];

/// Words that join a notice's term to what the notice says of it (`X is ...`); the term ends before them.
pub(super) const COPULAS: &[&str] = &[
    "is", "are", "was", "were", "ist", "sind", "wurde", "est", "sont", "es", "son", "está", "tiene", "é",
    "são", "является", "являются", "признан", "признана", "признано", "признаны", "внесён", "внесен",
    "внесена", "هو", "هي", "هم",
];

/// Offsets from UTC, in minutes, that a time line may name. Names with more than one meaning (`IST`, `BST` outside
/// Britain, `CST` outside America) stand in their most usual reading; the time stays unconfirmed anyway (R30).
pub(super) const ZONES: &[(&str, i32)] = &[
    ("gmt", 0), ("utc", 0), ("z", 0), ("wet", 0), ("bst", 60), ("west", 60), ("cet", 60), ("mez", 60),
    ("cest", 120), ("mesz", 120), ("eet", 120), ("sast", 120), ("eest", 180), ("msk", 180), ("мск", 180),
    ("est", -300), ("edt", -240), ("cst", -360), ("cdt", -300), ("mst", -420), ("mdt", -360), ("pst", -480),
    ("pdt", -420), ("brt", -180), ("art", -180), ("jst", 540), ("kst", 540), ("aest", 600), ("aedt", 660),
    ("غرينتش", 0), ("جرينتش", 0), ("гринвичу", 0),
];

/// Whether `word` is in `list`.
pub(super) fn is_one_of(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

/// Whether `word` begins with an entry of `list`.
pub(super) fn begins_with_one_of(list: &[&str], word: &str) -> bool {
    list.iter().any(|start| word.starts_with(start))
}
