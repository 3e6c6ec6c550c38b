"""Nature of a passage: sentences written apart from the cues, and how the cues behave."""

import pytest

from nlp.lexicon.files import read_rows
from nlp.nature import Nature, judge, natures_of
from nlp.nature.cues import FILES, cues

#: Sentences by language and nature, separated by bars, written after the cues; a few cues were
#: mended after them.
SENTENCES = {
    ("fr", "proposal"): """
        Nous proposons d'ouvrir une crèche près de l'usine. | Il faudrait un bus adapté le mardi.
        Ouvrez un guichet unique au chef-lieu. | Je suggère de former des aidantes du douar.
        On devrait payer les animatrices chaque mois.
        Créer un numéro vert en amazigh et en arabe.
        L'État doit prendre en charge les prothèses.
        Pourquoi ne pas prêter la salle le dimanche ?
        Nous demandons un médecin deux fois par semaine. | Mettons fin aux dossiers en papier.
        Il est urgent de réparer le toit du foyer. | Notre souhait : une cantine pour tous.
        Mise en place d'un transport scolaire pour les filles.
        Il suffirait d'un registre partagé. | Je souhaite que les mères soient logées.
        Donnez la priorité aux veuves sans revenu.
        Généraliser le soutien scolaire dans les communes rurales.
        Nous recommandons un audit annuel. | Il convient de simplifier le certificat.
        Les écoles devraient accueillir tous les enfants. | Supprimez la condition de résidence.
        Qu'on nous donne un terrain et nous bâtirons.
        Nous sollicitons l'appui du conseil régional. | Renforcement des équipes mobiles la nuit.
        Le ministère devrait publier la liste des bénéficiaires.
        Je réclame un vrai suivi des jeunes.
    """,
    ("fr", "problem"): """
        Il manque des orthophonistes dans toute la province. | Le centre est fermé depuis mars.
        Nous n'avons ni eau ni électricité au foyer. | Le guichet est trop loin pour les vieux.
        Il n'y a pas de rampe à la commune. | Les familles ne trouvent aucune place en crèche.
        La subvention arrive avec un an de retard. | Mon dossier a été rejeté sans explication.
        Le manque de personnel épuise les éducatrices. | Aucun bus ne passe le soir.
        Les femmes souffrent de violences et se taisent. | Le loyer est trop cher pour une veuve.
        L'école refuse les enfants autistes. | Personne ne répond au téléphone.
        Nous attendons depuis deux ans une réponse. | L'absence de médecin oblige à aller à Fès.
        Le principal obstacle reste la langue des formulaires. | Les listes sont saturées.
        Ma mère ne peut pas monter les escaliers.
        La lenteur des procédures décourage tout le monde. | Le foyer est surpeuplé et sale.
        Malheureusement, la convention a expiré. | Les jeunes sont abandonnés à dix-huit ans.
        On nous a refusé le local. | Les aides ne couvrent pas le prix des couches.
        C'est scandaleux, le dispensaire est vide.
    """,
    ("fr", "commitment"): """
        Nous nous engageons à suivre vingt familles. | Notre commune met un local à disposition.
        Nous sommes prêts à former les assistantes. | Je suis prête à donner des cours le samedi.
        L'association s'engage à publier ses comptes. | Nous pouvons accueillir dix stagiaires.
        Nous prendrons en charge le transport. | Nous offrons deux machines à coudre.
        Notre coopérative peut fournir les repas.
        Nous mettrons nos bénévoles à votre disposition. | Je m'engage à accompagner trois jeunes.
        Nous financerons la moitié des bourses. | Nous sommes disposés à signer dès janvier.
        Nous contribuerons à hauteur de 20 %. | La faculté peut assurer la formation.
        Nous apporterons le mobilier. | Notre entreprise s'engage à embaucher cinq personnes.
        Nous pouvons prêter notre minibus. | Nous tiendrons une permanence chaque jeudi.
        Nos locaux sont disponibles le soir. | Je peux enseigner la couture gratuitement.
        Vous pouvez compter sur nous pour l'enquête. | Nous garantissons trois emplois par an.
        Nous remettrons un rapport chaque semestre. | Le conseil s'engage à voter ce budget.
        Nous sommes volontaires pour le projet pilote.
    """,
    ("fr", "question"): """
        Quand ouvrira le centre de Midelt ? | Qui paie le transport des enfants ?
        Comment obtenir le certificat ? | Pourquoi le guichet ferme-t-il à midi ?
        Est-ce que les veuves y ont droit ? | Combien de places sont prévues cette année ?
        Où déposer la demande ? | Quels papiers apporter ? | Peut-on s'inscrire en ligne ?
        Quelle est la durée de la formation ? | Nous aimerions savoir qui décide.
        À qui s'adresser après dix-huit ans ? | Y a-t-il un recours ?
        Je me demande qui contrôle. | Faut-il revenir chaque année ?
        Que fait la commune de cet argent ? | Avez-vous reçu notre courrier ?
        À quoi sert cette commission ? | Le RAMED existe-t-il encore ?
        Doit-on payer cette attestation ? | Pouvez-vous nous dire la date ?
        Jusqu'à quand durera ce programme ? | Comment sont choisies les associations ?
        Quel est le rôle de la région ? | Va-t-on consulter les jeunes ? | Existe-t-il un plan ?
    """,
    ("fr", "situation"): """
        Notre association accompagne quarante familles à Taza.
        Je suis veuve et mère de trois enfants. | Nous accueillons douze filles à l'internat.
        J'habite un douar à côté de Zagora. | Je travaille dans une conserverie à Safi.
        Notre commune compte 9 000 habitants. | Nous avons ouvert un atelier de tissage en 2018.
        Mon mari est maçon. | Nous gérons un foyer de seize lits.
        Ma fille a sept ans et va à l'école du quartier. | Je suis éducatrice depuis dix ans.
        Nous organisons un souk solidaire chaque mois. | Notre coopérative regroupe trente femmes.
        Je vends du pain devant la gare. | Nous recevons des mères le mercredi.
        J'ai 62 ans et deux petits-enfants. | Le centre accueille vingt personnes âgées.
        Nous employons six éducateurs. | En 2020, nous avons distribué 400 paniers.
        Mon fils travaille à la ferme. | Nous suivons quinze jeunes sortis du centre.
        Je garde mon petit-fils le matin. | Nous intervenons dans trois collèges.
        Mon père vit avec nous. | L'espace est animé par deux bénévoles.
        Je suis étudiante à Oujda.
    """,
    ("ar", "proposal"): """
        نقترح إحداث دار للأمومة بالجماعة. | يجب توفير سيارة لنقل الأطفال.
        نطالب بفتح المركز مساء. | ينبغي تبسيط المساطر الإدارية.
        نلتمس من الوزارة دعم الجمعيات الصغيرة. | أقترح أن تصرف المنحة في يناير.
        من الضروري تكوين المساعدات الاجتماعيات. | على الجماعة أن تخصص محلا للنساء.
        نطلب طبيبا كل أسبوع. | لا بد من إشراك الشباب في القرار. | إحداث رقم أخضر للمسنين.
        نرجو تعميم التعليم الأولي. | نوصي بإعداد تقرير سنوي علني. | أطلب مساعدة لكراء محل صغير.
        يتعين مراجعة القانون. | توفير الولوجيات في كل الإدارات. | نتمنى أن يصل الدعم إلى الأرامل.
        ندعو إلى شراكة مع الجامعة. | افتحوا أبواب المدرسة في العطلة.
        نحتاج إلى مرافقات داخل الأقسام. | المطلوب اتفاقية واضحة المدة. | حبذا لو كان الملف رقميا.
        يستحسن أن تكون الجلسات ليلا. | نريد حضانة قريبة من الضيعات. | من الواجب حماية المبلغين.
        أدعو إلى تخفيض ثمن النقل.
    """,
    ("ar", "problem"): """
        لا توجد حضانة في الدوار. | نعاني من بعد المستشفى. | غياب الطبيب يرهق الأسر.
        المركز مغلق منذ شهرين. | ينقصنا مروض طبي. | لا يكفي الدعم لشراء الدواء.
        مشكلتنا الأولى هي الماء. | أشتكي من طول الانتظار. | رفضت المدرسة تسجيل ابني.
        الطريق متهالكة والنقل غال. | لم نتوصل بالمنحة هذه السنة. | تعاني الأرامل من الوحدة.
        ضعف التكوين يضر بالعاملات. | انقطعت ابنتي عن الدراسة بسبب الفقر.
        للأسف لم يجب أحد على رسائلنا. | الاكتظاظ داخل الأقسام كبير. | لا أستطيع أداء واجب الكراء.
        نقص الأسرة في دار الطالبة. | الشباب مهمشون في قريتنا. | الإجراءات معقدة ولا نفهمها.
        ليس لدينا محل نجتمع فيه. | يصعب على الكفيف ولوج الموقع. | تأخر صرف الأجور ستة أشهر.
        حرمت من حقي في الإرث. | لا نجد من يشتري منتوجاتنا. | ظلم كبير أن يضيع ملفي مرتين.
    """,
    ("ar", "commitment"): """
        نلتزم بتأطير عشرين شابا. | تلتزم جمعيتنا بنشر حساباتها. | نحن مستعدون لتوفير المحل.
        نضع رهن إشارتكم قاعة مجهزة. | نتعهد بتشغيل خمس نساء. | سنوفر النقل للمستفيدات.
        يمكننا أن نستقبل ثلاثين طفلا. | أنا مستعدة لتعليم الخياطة مجانا. | نتكفل بوجبات الأطفال.
        سننظم قافلة طبية كل فصل. | بإمكاننا تقديم تكوين في المعلوميات. | نساهم بنصف الكلفة.
        سنخصص منحة لكل فتاة. | ألتزم بمرافقة أسرتين. | المجلس مستعد لتوقيع الاتفاقية.
        سنضع سيارة في خدمة المركز. | نستطيع أن نوفر عشرة متطوعين.
        تتعهد التعاونية بأداء الأجور في وقتها. | سنتكفل بالصيانة.
        نعلن استعدادنا للمساهمة في المشروع. | سنفتح أبوابنا يوم الأحد. | مساهمتنا هي الأرض والماء.
        أتطوع لتدريس محو الأمية. | يتعهد المجلس بتمويل المشروع. | سنسلم التقرير قبل يونيو.
        نحن على استعداد للشراكة.
    """,
    ("ar", "question"): """
        متى يفتح المركز؟ | من يؤدي أجور المربيات؟ | كيف نحصل على البطاقة؟ | لماذا أغلق المكتب؟
        هل يشمل الدعم المطلقات؟ | أين نضع الملف؟ | كم تدوم المدة؟ | إلى متى هذا الانتظار؟
        ما هي الوثائق المطلوبة؟ | أتساءل عن مصير ملفاتنا. | هل هناك سن محدد؟
        من المسؤول عن المراقبة؟ | ما دور الجهة في هذا؟ | نود أن نعرف معايير الانتقاء.
        هل تقبلون الطلبات بالأمازيغية؟ | ماذا بعد سن الثامنة عشرة؟ | لماذا لا تنشر اللوائح؟
        أي مصلحة تجيبنا؟ | كم عدد المستفيدين؟ | هل سيستمر البرنامج؟ | كيف تختار الجمعيات؟
        من أين يأتي التمويل؟ | متى تصرف المنحة؟ | أليس من حقنا الجواب؟ | هل يمكن التسجيل عن بعد؟
    """,
    ("ar", "situation"): """
        نستقبل في المركز أربعين امرأة. | أنا أرملة وأم لثلاثة أطفال.
        نشتغل مع شباب الحي منذ 2016. | أعمل في ضيعة قرب أولاد تايمة. | تأسست جمعيتنا سنة 2009.
        أسكن مع والدتي في القصيبة. | نشرف على ورشة للنسيج. | عمري 45 سنة وأعمل سائقا.
        ننظم كل شهر لقاء للأمهات. | تضم تعاونيتنا عشرين امرأة. | رافقنا ستين ملفا هذا العام.
        زوجي يعمل في البناء. | نؤطر دروسا للدعم بعد المدرسة. | أنا أستاذة بالسلك الابتدائي.
        فتحنا مكتبة صغيرة في 2020. | يستفيد من النادي سبعون مسنا. | أبيع الخبز في السوق.
        ابني عمره عشر سنوات ويدرس بالقرية. | نسكن دوارا فيه مئة أسرة. | وزعنا 300 محفظة في شتنبر.
        نواكب خريجي المركز مدة سنة. | أنا ممرض بالمستوصف القروي. | نظمنا ثلاث دورات في الخياطة.
        أعيش من معاش أبي. | تشتغل معنا مساعدتان اجتماعيتان. | أتقاضى 1500 درهم في الشهر.
    """,
    ("ary", "proposal"): """
        بغينا حضانة حدا المعمل. | خاصنا طبيب كل سيمانة. | عطيونا غير محل صغير.
        كنقترحو تزيدو طوبيس فالعشية. | خاص الدولة تعاون الأرامل. | حلو المركز نهار السبت.
        كنطلبو منكم ترصفو الطريق. | لازم يكون كونطرول. | بغيت كارني باش نبيع.
        ضروري تقراو معانا الدراري الصغار. | محتاجين مرافقة فالقسم. | متخليوش الشباب بوحدهم.
        خاصهم تكوين بصح. | bghina tobis dyal lmadrasa. | khassna tbib f sbitar.
        diro chi mahal l nssa. | lazem tkoun la creche fabor. | kantelbo men lwizara t3awenna.
        khasshom yfet7o lmarkaz f l3chiya. | 3tiwna terrain w 7na nbniw.
        bghit formation f l7alwa. | me7tajin assistante sociale f douar. | zido l9raya dyal lil.
        khass dawla tkhelles lmorabbiyat. | darouri ykon chi 7el l had nas.
        n9tar7o tkon carta wa7da.
    """,
    ("ary", "problem"): """
        ماكاينش الطبيب فالدوار. | ما عندناش فين نخليو الدراري. | المركز بعيد علينا بزاف.
        كنعانيو مع الما. | ناقصنا لي زيديكاتور. | حتى واحد ما جاوبنا. | السبيطار ديما مسدود.
        عيينا من سير واجي. | ما لقيتش فين نخدم. | الكرا غالي بزاف. | المشكل هو الطريق.
        ما بقاوش كيخلصونا. | محكورين فهاد البلاد. | makaynch transport l lmadrasa.
        ma3ndnach dar chabab. | sbitar b3id w taxi ghali. | kan3aniw m3a lwra9.
        7ta wa7ed ma jawbna. | lmochkil howa lflous. | ma l9itch khedma. | na9sna les kinés.
        lmarkaz mesdoud men ramdan. | 3yina b les dossiers. | walo ma tbeddel.
        ma kaynch li ysma3na. | lkra ghali 3la lmra bou7dha.
    """,
    ("ary", "commitment"): """
        حنا مستعدين نعاونو فالتسيير. | نقدرو نعطيو المحل فابور. | كنلتازمو نحضرو كل سيمانة.
        أنا مستعدة نعلم البنات الخياطة. | غادي نوفرو الماكلة. | نقدر نعاون الدراري فالقراية.
        حنا واجدين نخدمو معاكم. | الجمعية مستعدة تهز المصاريف. | القاعة موجودة عندنا.
        نتكلفو بالنقل حنا. | يمكن لينا نستقبلو عشرة. | غادي نساهمو بالنص.
        نقدرو نوصلو الدوا للدواور. | 7na most3eddin n3awno. | n9dro n3tiw lma7al.
        ghadi nwefro tomobil. | kanltazmo nkhdmo m3akom. | ana wajda n3lem lbnat.
        ne9dro nsta9blo 20 weld. | ntkelfo 7na b lmakla. | 7na wajdin nbdaw men ghedda.
        n9der n3awen f l3arbiya. | ghadi nsahmo b nes. | 7na 3lina l gazoil.
        imken lina ndiro formation.
    """,
    ("ary", "question"): """
        فوقاش غيتحل المركز؟ | شكون كيخلص الطوبيس؟ | علاش سديتو البيرو؟ | فين نديو الوراق؟
        واش الأرامل عندهم الحق؟ | شحال ديال البلايص كاينين؟ | كيفاش نتسجلو؟ | شنو هي الوراق؟
        واش غادي تجاوبونا؟ | بغيت نعرف شكون كيقرر. | وقتاش كيخرج الدعم؟ | لاش صالحة هاد اللجنة؟
        شكون المسؤول؟ | fo9ach ghadi yt7al lmarkaz? | chkoun kaykhelles? | 3lach sdditou lbiro?
        fin n7etto dossier? | wach kayn chi 7el? | ch7al dyal blays? | kifach ntsejlo?
        chno khassna njibo? | wach tjawbona? | bghina n3rfo chkoun li kay9arrer. | wa9tach d3em?
        3lah ma jitouch?
    """,
    ("ary", "situation"): """
        أنا خدامة فمعمل ديال السردين. | عمري 38 عام وساكنة فسلا. | درنا تعاونية ديال 12 مرا.
        كنبيع النعناع فالسوق. | راجلي خدام فالبني. | كنقريو الدراري نهار الأحد.
        حلينا محل صغير العام اللي فات. | بنتي كتقرا فالإعدادي. | عندنا 30 بنت فدار الطالبة.
        ساكنين فدوار حدا تازة. | كنستقبلو العيالات كل خميس. | أنا هجالة وعندي ربعة.
        كنخدم سائق طاكسي. | ana khdama f la ferme. | 3mri 40 3am w saken f fes.
        derna cooperative dyal zitoun. | kanbi3 lkhobz f derb. | rajli khdam f chantier.
        kan9erriw nssa f jam3. | bnti kat9ra f lycee. | 3ndna 15 weld f lmarkaz.
        sakna m3a mmi f khenifra. | kansta9blo nas nhar tlata. | kankhdem f la zone.
        jm3na 50 panier f ramdan.
    """,
}


def sentences(language, nature):
    """Return the sentences of a language and nature."""
    lines = SENTENCES[language, nature].split("\n")
    return [piece.strip() for line in lines for piece in line.split(" | ") if piece.strip()]


def judged(language, nature):
    """Return what the sentences of a language and nature are judged to be."""
    found = sentences(language, nature)
    code = "ar-MA" if language == "ary" else language
    return natures_of(found, [code] * len(found))


@pytest.mark.parametrize(("language", "nature"), SENTENCES)
def test_most_sentences_are_recognised(language, nature):
    found = judged(language, nature)
    assert len(found) >= 25
    assert found.count(Nature(nature)) >= 0.6 * len(found)


@pytest.mark.parametrize("nature", Nature)
@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
def test_what_is_called_a_nature_is_one(language, nature):
    called = {own: judged(language, own).count(nature) for own in Nature}
    assert called[nature] >= 0.9 * sum(called.values())


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "La santé, l'éducation.", "الصحة والتعليم", "Azilal", "12 000", "merci", "🙂",
        "Nous ne proposons rien.", "لا نطالب بشيء", "Ce n'est pas un problème.", "ماشي مشكل",
        "Quand il faut, on vient.", "بغيت نقول ليكم شي حاجة", "bghit ngoul wa7ed l7aja",
    ],
)  # fmt: skip
def test_what_holds_no_cue_or_a_denied_one_has_no_nature(text):
    assert judge(text) == (None, 0.0, ())


def test_a_request_outweighs_the_complaint_that_explains_it():
    text = "Il n'y a pas de médecin au douar. Nous demandons un passage par semaine."
    assert judge(text).nature == Nature.PROPOSAL


def test_cues_that_contradict_each_other_decide_nothing():
    assert judge("Nous demandons un local, nous nous engageons à le tenir.").nature is None


def test_the_words_that_decide_are_shown_where_they_stand():
    text = "\u200eÀ Taza, il est  NÉCESSAIRE d'agir vite."
    found = judge(text)
    assert [text[start:end] for start, end in found.cues] == ["il est  NÉCESSAIRE d"]
    assert found.certainty > 0.5


def test_vowel_signs_and_variants_of_letters_change_nothing():
    assert judge("نَقترِحُ فتح المركز").nature == judge("نقترح فتح المركز").nature == Nature.PROPOSAL
    assert judge("ألتمس دعما").nature == judge("التمس دعما").nature == Nature.PROPOSAL


def test_languages_that_no_list_covers_have_no_nature():
    assert judge("We propose que nous demandons", "other").nature is None
    assert judge("Nous proposons une crèche", "zgh").nature is None


def test_languages_and_texts_go_in_pairs():
    with pytest.raises(ValueError, match="zip"):
        natures_of(["a", "b"], ["fr"])


def test_an_endless_passage_is_judged_by_its_beginning():
    assert judge("Nous proposons une crèche. " + "et " * 50_000).nature == Nature.PROPOSAL


@pytest.mark.parametrize("name", FILES)
def test_each_row_of_cues_is_complete(name):
    rows = read_rows(name)
    assert rows
    for row in rows:
        assert row["nature"] in {*Nature, "none"}
        assert 0 <= float(row["weight"]) <= 5
        assert row["scope"] in {"any", "start"}
        assert row["cue"].count("(") == row["cue"].count(")")


def test_no_cue_is_written_twice_with_different_meanings():
    branches, clashes = [cues()], []
    while branches:
        branch = branches.pop()
        natures = {cue.nature for cue in branch.get("", ())}
        clashes += [natures] if len(natures) > 1 else []
        branches += [below for key, below in branch.items() if key]
    assert clashes == []
