"""Stance of a passage: sentences written apart from the cues, and how the cues behave."""

import re
from collections import Counter

import pytest

from nlp.lexicon.files import read_rows
from nlp.stance import Side, stance_of, stances_of
from nlp.stance.cues import FILES, cues

#: Sentences by language and side, separated by bars, written after the cues; a few cues were mended
#: after them.
SENTENCES = {
    ("fr", "for"): """
        Nous sommes tout à fait favorables à l'ouverture de la crèche. | Je soutiens cette mesure.
        Notre association approuve le projet de maison des jeunes. | Oui à la gratuité du transport.
        Je suis pour que les communes gèrent les centres. | C'est une excellente initiative.
        Nous saluons la création du guichet unique. | Ce programme est vraiment utile aux veuves.
        Je suis d'accord avec la proposition de la région. | Bonne idée, il fallait y penser.
        Nous encourageons cette réforme depuis le début. | On est pour le bus scolaire.
        Nous nous félicitons de la nouvelle loi. | J'adhère pleinement au principe.
        Voilà une mesure que nous appuyons sans hésiter.
    """,
    ("fr", "against"): """
        Nous refusons ce projet. | Je suis contre la fermeture du dispensaire.
        Nous ne sommes pas d'accord avec cette réforme. | On ne veut pas de ce foyer ici.
        Ce n'est pas une bonne idée. | Je m'oppose à la fusion des deux associations.
        Notre coopérative rejette la nouvelle taxe. | Non à la suppression des bourses.
        Nous ne soutenons pas la proposition du conseil. | Cette décision est injuste.
        Je ne suis pas favorable au regroupement des écoles. | Une très mauvaise idée à mon avis.
        Nous sommes fermement opposés à la vente du terrain. | On n'en veut pas chez nous.
        Il faut abandonner ce chantier qui ne sert à rien.
    """,
    ("fr", "mixed"): """
        Oui, mais à condition que ce soit gratuit. | Nous sommes favorables mais inquiets du coût.
        Je suis pour le projet, à condition de consulter les habitants.
        Nous soutenons cette mesure ; en revanche nous refusons son mode de financement.
        D'accord, mais pas dans ces locaux. | Je ne suis ni pour ni contre.
        Bonne initiative, toutefois les douars sont oubliés.
        Je suis partagée sur cette question.
    """,
    ("fr", None): """
        Il faut ouvrir une crèche dans chaque commune. | Nous demandons un médecin.
        L'école refuse les enfants autistes. | Le centre est trop loin. | On refuse mon dossier.
        Nous soutenons quarante familles à Taza. | Nous luttons contre la pauvreté.
        Êtes-vous pour ou contre ce projet ? | Le maire est contre, les parents sont pour.
        Nous sommes contre la violence faite aux femmes. | De plus, il manque des bus.
        Je suis pour l'instant sans emploi. | Nous proposons un fonds pour les veuves.
        Ma mère est d'accord avec moi. | Nous ne voulons pas que nos enfants partent.
        Ce serait bien d'avoir un terrain. | L'accord avec la commune a expiré.
        Nous ne sommes pas contre. | Notre association forme les jeunes, mais sans moyens.
        La mauvaise route isole le douar. | Les aides arrivent en retard.
    """,
    ("ar", "for"): """
        نؤيد إحداث دار للأمومة بالجماعة. | أنا مع فتح المركز مساء. | هذه فكرة ممتازة.
        نرحب بهذه المبادرة. | نثمن برنامج الدعم المباشر. | أوافق على مقترح الجهة.
        جمعيتنا تدعم هذا المشروع. | ندعم بقوة فكرة النقل المدرسي. | نعم لإحداث الحضانة.
        إنه قرار صائب. | نحن متفقون مع تعميم التعليم الأولي. | نشجع كل مبادرة محلية من هذا النوع.
    """,
    ("ar", "against"): """
        نرفض هذا القرار. | نحن ضد إغلاق المستوصف. | لا نوافق على دمج الجمعيتين.
        أعارض بيع الأرض. | لا نريد هذا المشروع. | لا أؤيد فكرة الخوصصة. | إنه قرار جائر.
        لا لإغلاق المدرسة. | لسنا مع هذا التوجه. | لا نقبل بهذه الشروط. | جمعيتنا ترفض الاتفاقية.
        هذا المشروع لا يخدمنا ويجب سحبه.
    """,
    ("ar", "mixed"): """
        نعم ولكن بشرط المجانية. | نؤيد المشروع لكننا نخشى كلفته.
        نحن مع الفكرة شريطة إشراك السكان. | نرحب بالمبادرة غير أن تمويلها غامض.
        لسنا ضد المشروع ولكن مكانه غير مناسب. | أنا مع الإصلاح وضد طريقة تنزيله.
    """,
    ("ar", None): """
        نطلب طبيبا كل أسبوع. | يجب توفير النقل. | رفضت المدرسة تسجيل ابني. | نرفض العنف ضد النساء.
        هل أنتم مع المشروع أم ضده؟ | ندعم ستين أسرة فقيرة. | نعاني من ضعف التغطية.
        لا نريد سوى العيش الكريم. | لا نجد من يسمعنا. | يعارض بعض الناس الفكرة.
        نقترح إحداث صندوق. | المركز بعيد ولكن لا بديل عنه. | لسنا ضد أحد. | أنا مع أمي في البيت.
        نحن مع أطفالنا طول اليوم. | كل القرارات تأتي متأخرة.
    """,
    ("ary", "for"): """
        حنا مع هاد المشروع. | متافقين مع الفكرة ديال الحضانة. | هادي فكرة مزيانة.
        كنشجعو هاد المبادرة. | عجبتنا هاد الفكرة بزاف. | أنا موافقة على هادشي.
        7na m3a had lprojet. | fikra zwina bzaf. | metaf9in m3a had lqarar. | hadchi mzyan lina.
        kanchej3o had lprogramme. | الله يعطيكم الصحة على هاد البرنامج، مستاهل.
    """,
    ("ary", "against"): """
        ما بغيناش هاد المعمل حدانا. | حنا ضد هاد القرار. | ماشي متافقين مع البيع.
        كنرفضو هادشي كامل. | فكرة خايبة. | ما قابلينش بهاد الثمن. | مابغيتش هاد الطريق.
        mabghinach had lprojet. | 7na ded had l9arar. | machi metaf9in m3akom.
        kanrefdo lbi3 dyal l ard. | had lfikra khayba.
    """,
    ("ary", "mixed"): """
        واخا ولكن بشرط يكون فابور. | حنا مع المشروع ولاكن ماشي فهاد البلاصة.
        iyeh walakin khasso ykoun fabor. | 7na m3a lfikra bchart ychawro m3ana.
        ماشي ضد هاد الفكرة ولكن خاصها تبدل.
    """,
    ("ary", None): """
        بغينا حضانة حدا المعمل. | ما بغيناش نهاجرو من البلاد. | خاصنا الطبيب. | الطريق مقطوعة.
        ما بغيناش ولادنا يخرجو من القراية. | واش نتوما مع المشروع؟ | ما كاينش الما.
        كنعانيو مع الكرا. | bghina lmadrasa. | ma kaynch tbib. | mabghinach nhajro.
        wach nta m3a had lprojet? | khassna tobis. | حنا مع الدراري النهار كامل. | lmarkaz b3id.
        المدير رافض يستقبلنا.
    """,
}


def sentences(language, side):
    """Return the sentences of a language and side."""
    lines = SENTENCES[language, side].split("\n")
    return [piece.strip() for line in lines for piece in line.split(" | ") if piece.strip()]


def judged(language, side):
    """Return the sides that the sentences of a language and side are judged to take."""
    found = sentences(language, side)
    code = "ar-MA" if language == "ary" else language
    return [stance and stance.side for stance in stances_of(found, [code] * len(found))]


def test_there_are_enough_sentences():
    assert sum(len(sentences(*key)) for key in SENTENCES) >= 130


@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
@pytest.mark.parametrize("side", Side)
def test_what_is_called_a_side_is_one(language, side):
    called = {own: judged(language, own).count(side) for own in (*Side, None)}
    assert called[side] >= 0.9 * sum(called.values())


@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
def test_most_stances_are_recognised(language):
    right = Counter(side == found for side in Side for found in judged(language, side))
    assert right[True] >= 0.75 * right.total()


@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
def test_passages_without_a_stance_get_none(language):
    found = judged(language, None)
    assert found.count(None) >= 0.9 * len(found)


@pytest.mark.parametrize(
    "text",
    ["", "?", "Oui.", "non", "نعم", "لا", "mais", "pour", "contre", "Azilal", "🙂", "12 000"],
)
def test_what_says_nothing_of_a_subject_takes_no_side(text):
    assert stance_of(text) is None


def test_other_languages_are_left_alone():
    assert stance_of("Nous refusons ce projet.", "other") is None
    assert stance_of("Nous refusons ce projet.", "zgh") is None
    assert stance_of("Nous refusons ce projet.", "ar").side == Side.AGAINST


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Depuis mars, nous refusons ce projet.", ["nous refusons"]),
        ("Nous ne soutenons pas la mesure.", ["Nous ne soutenons pas la mesure"]),
        ("بصراحة نَرْفُض هذا القرار", ["نَرْفُض"]),
        ("لست متفقة مع القرار", ["لست متفقة مع"]),
        ("Je suis pour, mais sans hâte.", ["Je suis pour", "mais"]),
        ("Je suis pour. Nous refusons la taxe.", ["Je suis pour", "Nous refusons"]),
    ],
)
def test_offsets_are_those_of_the_words_that_say_so(text, said):
    assert [text[start:end] for start, end in stance_of(text).cues] == said


def test_clearer_words_make_it_more_certain():
    weak = stance_of("C'est une bonne idée.")
    strong = stance_of("C'est une bonne idée, nous soutenons ce projet.")
    assert 0 < weak.certainty < strong.certainty < 1


def test_every_row_of_the_lists_is_well_formed():
    kinds = {"for", "against", "mixed", "tolerates", "but", "none"}
    for name in FILES:
        for row in read_rows(name):
            assert row["stance"] in kinds
            assert float(row["weight"]) > 0
            assert row["scope"] in {"any", "start"}
            # Groups are closed, and none lies in another.
            assert re.fullmatch(r"(?:[^()]|\([^()]*\))+", row["cue"])
    assert cues()
