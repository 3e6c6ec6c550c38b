"""Given names common in Morocco, and words that are no names, all in folded form."""

from functools import cache
from typing import Final

from nlp.lexicon.files import read_text
from nlp.text.normalise import listed

GIVEN_LATIN: Final = listed(
    """
    mohamed mohammed muhammad mouhamed simohamed ahmed hamid hamida hassan hassane hussein houcine
    lhoucine lahcen lahsen elhoucine ali omar othmane othman abdellah abdallah abderrahim
    abderrahman abderrahmane abdelkader abdelkrim abdelaziz abdelilah abdelhak abdelhamid
    abdelghani abdelmajid abdeljalil abdelali abdelouahed abdeslam abdessamad abdelfattah
    abdelmalek said youssef yousef youssouf yassine yasine ibrahim brahim ismail idriss driss
    mustapha mostafa moustapha mustafa khalid khaled rachid karim kamal jamal jamaleddine mehdi
    anas amine amin ayoub bilal hicham hamza hatim imad ilyas ilias jawad larbi lhaj marouane
    marwane miloud mimoun mounir mourad moulay nabil nordine noureddine redouane reda rida
    samir soufiane tarik taha walid zakaria zakariae zouhair aziz badr bouchaib bouazza allal
    fouad habib hakim ayman adil adel adnane achraf ossama oussama salah salaheddine tayeb
    fatima fatiha fatimazahra fatna fadma aicha khadija zahra zohra ezzahra zineb zaynab meryem
    maryam mariam myriam malika latifa naima nadia najat nezha nawal nora noura nour sara sarah
    salma samira sanae sanaa siham soukaina souad soumia soumaya touria yamina yasmine ilham imane
    iman hanane hanan hayat hafida hafsa hajar halima hasnaa houda hind ghizlane fadwa chaimae
    chaima btissam ibtissam bouchra asmae asma amina amal aya rachida rabia rahma rajae rkia
    keltoum khaddouj karima kawtar kaoutar jamila jihane itto ittou mina mouna oumaima rim saida
    saadia safae wafae wafaa widad zahia tamou mahjouba menana damia oumkeltoum
    """
)
GIVEN_ARABIC: Final = listed(
    """
    محمد محماد امحمد أحمد حميد حميدة حسن الحسن حسين الحسين لحسن علي عمر عثمان عبدالله يوسف ياسين
    إبراهيم براهيم إسماعيل إدريس ادريس مصطفى المصطفى خالد رشيد كريم كمال جمال المهدي مهدي أنس أمين
    أيوب بلال هشام حمزة حاتم عماد إلياس جواد العربي مروان ميلود ميمون منير مراد نبيل نورالدين رضوان
    رضا سمير سفيان طارق طه وليد زكرياء زكريا زهير عزيز بدر بوشعيب بوعزة علال فؤاد حبيب حكيم أيمن
    عادل عدنان أشرف أسامة صلاح الطيب سعيد يونس عمران موسى عيسى هارون مولاي المختار
    فاطمة الزهراء فتيحة فاطنة فاظمة عائشة خديجة زهرة الزهرة زينب مريم مليكة لطيفة نعيمة نادية نجاة
    نزهة نوال نورة نور سارة سلمى سميرة سناء سهام سكينة سعاد سمية ثورية يامنة ياسمين إلهام إيمان
    حنان حياة حفيظة حفصة هاجر حليمة حسناء هدى هند غزلان فدوى شيماء ابتسام بشرى أسماء أمينة أمال
    آمال آية رشيدة ربيعة رحمة رجاء رقية كلثوم كريمة كوثر جميلة جيهان إيطو مينة منى أميمة ريم سعيدة
    السعدية سعدية صفاء وفاء وداد زهية طامو محجوبة لبنى دنيا إكرام إسراء مروة شروق هبة خولة
    """
)
#: Given names that are also everyday words: alone they prove nothing after "my son".
EVERYDAY: Final = listed(
    """
    سعيد سعيدة كريم كريمة جميلة أمال آمال نور حياة رجاء وفاء صفاء حنان إيمان رحمة نجاة هدى منير
    عزيز أمين أمينة حبيب حكيم جمال كمال رضا صلاح بدر العربي هبة دنيا الطيب سلمى آية إكرام
    """
)
#: Words before a name that are parts of it.
PARTICLES_LATIN: Final = listed("el al ait ben bent bint ould bou ibn abou de du da")
PARTICLES_ARABIC: Final = listed("بن بنت آيت أيت ايت ولد أبو بو أولاد ابن عبد أم")

_FUNCTIONS: Final = listed(
    """
    ministre presidente president directeur directrice wali gouverneur gouverneure caid pacha maire
    delegue deleguee chef cheffe depute deputee conseiller conseillere secretaire juge procureur
    prefet roi imam docteur professeur maitre monsieur madame mademoiselle mme mlle mr dr pr
    responsable representant representante coordinateur coordinatrice moderateur moderatrice
    ambassadeur recteur doyen doyenne inspecteur inspectrice administrateur commissaire general
    colonel rapporteur rapporteuse parlementaire elu elue elus mesdames messieurs excellence
    majeste altesse agent fonctionnaire medecin infirmier infirmiere assistante assistant
    educatrice educateur association cooperative federation fondation commune communes conseil
    conseils ministere province prefecture region centre complexe hopital lycee ecole college
    universite faculte institut maison foyer dar cnss cnops amo ramed indh ads entraide nationale
    tribunal agence societe entreprise bureau service services etat gouvernement parlement
    royaume maroc marocaine marocain rabat casablanca fes tanger agadir marrakech oujda tetouan
    meknes laayoune dakhla internet facebook whatsapp instagram developpement social sociale
    citoyen citoyenne habitant habitants habitante souhaite souhaitons propose proposons sollicite
    veuillez objet sujet signature nom prenom adresse telephone date fait ci-dessous soussigne
    mere pere veuve celibataire divorcee retraite retraitee age agee originaire marie mariee
    handicape handicapee resident residente anonyme inconnu x y z xx xxx
    inchallah allah salam bonsoir cordialement respectueusement salutations
    """
)
_FUNCTIONS_ARABIC: Final = listed(
    """
    الوزير الوزيرة وزير وزيرة المدير المديرة مدير مديرة الرئيس الرئيسة رئيس رئيسة الوالي والي العامل
    عامل القائد قائد الباشا باشا المندوب المندوبة مندوب مندوبة القاضي القاضية قاضي وكيل النائب نائب
    النائبة المستشار المستشارة مستشار الكاتب الكاتبة كاتب العام المحترم المحترمة المسؤول المسؤولة
    مسؤول الملك جلالة صاحب سعادة معالي الأستاذ الأستاذة أستاذ الدكتور الدكتورة دكتور السيد السيدة
    السيدات السادة المحامي المحامية محامي الطبيب الطبيبة طبيب طبيبة الممثل ممثل المنسق منسق
    المنسقة منسقة المقدم مقدم الشيخ شيخ الإمام إمام الفقيه فقيه العميد عميد المفتش المراقب الموظف
    موظف موظفة الموظفة المربية مربية المعلم المعلمة معلم معلمة الجماعة جماعة الجهوي الجهوية
    الإقليمي الإقليمية الوطني الوطنية المحلي الاجتماعي الاجتماعية الجماعي الجماعية المدني
    المغربي المغربية التربوي المؤسسة جمعية الجمعية التعاونية تعاونية وزارة الوزارة مجلس المجلس
    ولاية عمالة إقليم جهة مركز المركز مستشفى المستشفى جامعة الجامعة كلية مدرسة ثانوية محكمة المحكمة
    الفاضل الفاضلة الكريم الكريمة العزيز المعني المعنية المعوق المعاق المسن المسنة المتقاعد
    المطلق المطلقة الأرملة أرملة امرأة رجل شاب فتاة طفل طفلة أم أب عندي عنده عندها ساكن ساكنة
    أسكن عمري عمره عمرها البالغ البالغة القاطن القاطنة الساكن الساكنة المزداد المزدادة الحامل
    الحاملة المسمى المدعو المكلف المكلفة الذي التي الحالي السابق قال قالت كان كانت تقول يقول تسكن
    يسكن تعيش يعيش تعمل يعمل الأول الثاني الثالث القانوني القانونية الشخصي الشخصية الكامل العائلي
    التجاري العلمي الحقيقي والنسب والصفة واحد بزاف باقي خدام خدامة حشومة مريض مريضة معاق معاقة
    مجهول مكتوب مسجل مسجلة موجود خرج دخل طاح على هنا هو هي
    """
)


@cache
def no_names() -> frozenset[str]:
    """Return the folded words that are never part of a name: function words, titles, offices."""
    stop_words = "".join(
        read_text(name) for name in ("stopwords_fr.txt", "stopwords_ar.txt", "stopwords_ary.txt")
    )
    return (listed(stop_words) | _FUNCTIONS | _FUNCTIONS_ARABIC) - {"du", "de"}
