"""Small texts for the tests, written for them."""

from nlp import Text

FRENCH = [
    "Il manque une crèche dans notre commune et les mères renoncent à travailler.",
    "La crèche la plus proche ferme à quatorze heures, les mères ne peuvent pas travailler.",
    "Une crèche communale aiderait les jeunes mères à garder leur emploi.",
    "Mon fils autiste n'a pas d'auxiliaire à l'école, le directeur le refuse.",
    "L'école refuse les enfants handicapés faute d'auxiliaires de vie scolaire.",
    "Les enfants handicapés ont besoin d'auxiliaires à l'école publique.",
    "Le centre social est à quarante kilomètres et le transport coûte cher.",
    "Sans transport, personne ne va au centre social de la province.",
    "Le taxi pour aller au centre social coûte soixante dirhams aller et retour.",
    "Notre coopérative de femmes ne trouve pas de marché pour vendre ses tapis.",
    "Les femmes de la coopérative vendent leurs tapis à perte sur le marché.",
    "Un marché solidaire permettrait aux coopératives de femmes de vendre.",
]
ARABIC = [
    "لا توجد حضانة في جماعتنا والأمهات لا يستطعن العمل.",
    "الحضانة القريبة تغلق مبكرا فتترك الأمهات عملهن.",
    "نطلب حضانة جماعية حتى تشتغل الأمهات الشابات.",
    "ابني مصاب بالتوحد ولا توجد مرافقة مدرسية في المدرسة.",
    "المدرسة ترفض الأطفال في وضعية إعاقة لغياب المرافقات.",
    "الأطفال في وضعية إعاقة يحتاجون إلى مرافقة داخل المدرسة العمومية.",
    "المركز الاجتماعي بعيد عنا والنقل غالي جدا.",
    "بدون نقل لا أحد يذهب إلى المركز الاجتماعي في الإقليم.",
    "ثمن النقل إلى المركز الاجتماعي ستون درهما ذهابا وإيابا.",
    "تعاونية النساء لا تجد سوقا لبيع الزرابي.",
    "نساء التعاونية يبعن الزرابي بالخسارة في السوق.",
    "سوق تضامني يمكن تعاونيات النساء من البيع.",
]
DARIJA = [
    "خاصنا حضانة فالدوار باش العيالات يخدمو، دابا كاين غير الجارة.",
    "المركز بعيد بزاف علينا وماكاينش الطرانسبور.",
]


def texts_of(lines: list[str], *, prefix: str = "t") -> list[Text]:
    """Return lines as texts with keys in order."""
    return [Text(f"{prefix}{n}", line, f"{n % 3:02d}|citizen") for n, line in enumerate(lines)]


def corpus() -> list[Text]:
    """Return a small corpus of three languages."""
    return texts_of(FRENCH + ARABIC + DARIJA)
