"""Words of quantity in French: who counts ("la plupart"), how often, compared to whom, which rank.

What is counted must be somebody who took part or something that was said, so that "former tous les
agents" and "le plus simple" stay words. Read in folded text: lower case, straight apostrophes.
"""

from __future__ import annotations

import re

from app.reports.claims.narrative.found import Kind

#: Who speaks, and what is said. Names of people follow from their endings.
_VOICE = (
    r"(?:contribut(?:ions?|rices?|eurs?)|personnes?|répondant(?:e?s)?|réponses?|citoyen(?:ne)?s?"
    r"|passages?|propositions?|thèmes?|sujets?|régions?|provinces?|associations?|coopératives?"
    r"|organisations?|communes?|voix|femmes?|hommes?|filles?|garçons?|jeunes|élu(?:e?s)?|citations?"
    r"|langues?|acteurs?|actrices?|familles?|parents?|mères?|pères?|experts?|avis|messages?"
    r"|témoignages?|mémoires?|demandes?|interventions?|opinions?|catégories?|textes?|ménages?"
    r"|syndicats?|entreprises?|universités?|collectivités?|votes?|suffrages?|plaintes?|villages?"
    r"|gens|monde|ruraux|membres?|partis?|usag(?:er|ère)s?|signataires?|groupes?|salarié(?:e?s)?"
    r"|retraité(?:e?s)?|handicapé(?:e?s)?|délégué(?:e?s)?|représentant(?:e?s)?|interrogé(?:e?s)?"
    r"|(?!secteurs|facteurs|valeurs|erreurs|couleurs|moteurs|ordinateurs|enfants|instants|montants"
    r"|ailleurs|plusieurs|croissants|tracteurs|ascenseurs|matrices|leurs)"
    r"\w{3,}(?:eurs|rices|euses|istes|iens|iennes|isans|isanes|ants|antes))"
)
#: What people do with words, from the start of the verb.
_SAY = (
    r"(?:cit|évoqu|mentionn|abord|demand|réclam|exprim|soul[eè]v|partag|sout(?:en|ien)|approuv|rejet"
    r"|contest|critiqu|dénonc|souhait|plébiscit|revendiqu|sollicit|discut|signal|rappel|plaid"
    r"|s'oppos|adh[éè]r|proven|provien|éman|répond|particip|souscri|appel|insist|soulign|regrett"
    r"|pronon[cç]|port[ée]?(?:nt)? sur|revien|vien(?:nen)?t d|représent|concern|mobilis)\w*"
)
_SAID = (
    r"(?:cité|évoqué|mentionné|abordé|demandé|réclamé|exprimé|soulevé|partagé|soutenu|approuvé|rejeté"
    r"|contesté|critiqué|dénoncé|souhaité|plébiscité|revendiqué|sollicité|discuté|signalé|représenté"
    r"|présent|entendu|attendu|repris|débattu|commenté|mobilisé|favorable|enclin|concerné|récurrent"
    r"|fréquent|répandu|nombreu|disert|loquace)\w*"
)
_TOPIC = (
    r"(?:préoccupation|demande|attente|sujet|thème|priorité|revendication|motif|obstacle|inquiétude"
    r"|besoin|souci|critique|proposition|réclamation|difficulté|source|cause|grief|argument|frein"
    r"|crainte|doléance|exigence|souhait)"
)
_NTH = r"(?:premi(?:er|ère)|second(?:e)?|derni(?:er|ère)|(?!tiers)\w{3,}ième)"
_OF = r"(?:de(?:s| la| l'| nos| ces| leurs)? ?|d')"
_MANY = r"(?:bonne|grande|large|majeure|forte|belle|infime|faible|petite|moindre|vaste)"
_GREAT = r"(?:écrasante|immense|très (?:large|grande|forte)|vaste|nette et large)"
_CHANGE = r"(?:augment|progress|recul|baiss|diminu|bond|chut|explos|cro[iî]|accru|gonfl|rédui)\w*"
#: A majority that is not of those who answered.
_OTHER_MAJORITY = (
    r"municipale|gouvernementale|parlementaire|présidentielle|légale|civile|communale|politique"
)

#: "L'accès de tous les citoyens" speaks of the country, not of those who answered.
_EVERYBODY_S = (
    r"(?:(?<= à )|(?<= de )|(?<=pour )|(?<=vers ))(?:tous|toutes) les "
    r"(?:citoyen|habitant|femmes|hommes|jeunes|familles|usager|communes|régions|provinces)"
)

#: What the words say of a share, and the words, one way of saying it a line.
RULES: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        "great",
        (f"{_GREAT} majorité",),
    ),
    (
        "nearly",
        (
            r"quasi[- ](?:unanim\w*|totalité|ensemble)",
            (
                "(?:presque|quasiment|pratiquement) (?:tous|toutes|tout le monde|l'ensemble"
                r"|(?:la )?totalité|unanim\w*|l'unanimité|l'intégralité)"
            ),
            "à de (?:très )?rares exceptions",
            "presque (?:aucune?|personne|nulle?)",
        ),
    ),
    (
        "most",
        (
            "(?:dans leur (?:grande |large )?|en (?:grande |large )?)majorité",
            "majoritaire(?:s|ment)?",
            (
                r"(?<!leur )(?<!sa )(?<!à la )(?<!âge de la )(?:\w+ )?majorité(?!"
                f" (?:{_OTHER_MAJORITY}))(?: absolue| relative| qualifiée)?"
            ),
            "l[ae]s? plupart",
            "l[ae] plus grande? (?:nombre|partie|part)",
            "le gros d(?:e|u)s?",
            "l'essentiel d(?:e la|es|u|e l'|e nos|e leurs|e ces)",
            "(?:la|en) majeure partie",
            r"prépondéran\w+",
            "(?:la )?tendance (?:générale|dominante|majoritaire|lourde)",
        ),
    ),
    (
        "all",
        (
            "unanim(?:e|es|ité|ement)",
            rf"(?!{_EVERYBODY_S})(?:tous|toutes) (?:les |ces |nos |leurs )?(?:\w+ )?{_VOICE}",
            rf"l'ensemble d(?:e|u|es|e la) ?(?:\w+ )?{_VOICE}",
            "la totalité",
            r"l'intégralité d\w+",
            f"chaque {_VOICE}",
            "chacune? d(?:es|e nos|'entre)",
            "d'une seule voix",
            "sans exception",
            "(?:ont|sont|étaient|avaient|s'accordent|se disent) (?:tous|toutes)",
            "tout le monde",
            "font (?:l'unanimité|consensus)",
            "fait consensus",
        ),
    ),
    (
        "none",
        (
            f"aucune? (?:autre )?{_VOICE}",
            "aucune? (?:des|d'entre|ne |n')",
            "personne n(?:e |')",
            "nul(?:le)? n(?:e |')",
            f"nulle? {_VOICE}",
            "(?:aucune?|sans) (?:opposition|objection|réserve|désaccord|avis contraire)",
            f"pas (?:un |une )(?:seule? )?{_VOICE}",
            "pas (?:un seul|une seule)",
        ),
    ),
    (
        "few",
        (
            r"(?:une |la )?(?:\w+ )?minorité",
            "minoritaires?",
            r"(?<!un )(?<!un tout )(?:très |si |assez )?peu d(?:'entre|e \w+[sx]\b|'\w+[sx]\b)",
            "rares sont",
            "une poignée",
            f"rares {_VOICE}",
            f"(?:très|trop|bien|assez) peu (?=s'|y |en |l'|l[ea]s? |ont |sont |se |{_SAY})",
            "seule?s? (?:quelques|certaine?s)",
            "quelques rares",
            r"peu nombreu\w+",
        ),
    ),
    (
        "some",
        (
            "nombreu(?:x|ses?)",
            "innombrables?",
            "légion",
            r"foisonn\w+",
            r"pléthor\w+",
            (
                "(?<!le )(?<!un )(?<!du )(?<!au )(?<!ce )(?<!certain )(?<!quel )(?<!en )nombre"
                " d(?:e |'|es )"
            ),
            "(?:grand|petit|faible|large|vaste) nombre",
            r"beaucoup d(?:e \w+[sx]\b|'\w+[sx]\b|es |'entre)",
            "(?:par|pour|selon|chez) beaucoup",
            r"(?<!la )(?<!une )(?<!en )(?:grande )?quantité (?:de |d')\w+[sx]\b",
            "maint(?:e?s)? ",
            "moult ",
            r"(?<!la )(?<!de )(?<!en )(?<!une )(?<!par )force \w+[sx]\b",
            r"bien des \w+[sx]\b",
            r"tant de \w+[sx]\b",
            r"(?:foule|flot|avalanche|multitude|kyrielle|myriade|vague|déluge) de \w+s\b",
            "(?:par|comptent en|comptent par) (?:dizaines|centaines|milliers|millions)",
            f"{_MANY} (?:part|partie|proportion|fraction|portion)",
            (
                r"(?:part|partie|proportion|fraction|nombre|pourcentage|segment) (?:\w+ment "
                "|très |assez |non )?(?:importante?|considérable|significative?|négligeable"
                "|élevée?|croissante?|notable|conséquente?|infime|faible|substantielle?)"
            ),
        ),
    ),
    (
        "some",
        (
            (
                "(?:massivement|principalement|essentiellement|généralement|largement|surtout"
                "|souvent|fréquemment|rarement|régulièrement|constamment|abondamment"
                f"|unanimement) (?:été |plus )?{_SAID}"
            ),
            (
                rf"{_SAY} (?:\w+ )?(?:massivement|principalement|essentiellement|très"
                " majoritairement|largement|surtout|(?:le plus |plus |très |moins )?(?:souvent"
                "|fréquemment|rarement)|abondamment|en masse|en nombre|en force)"
            ),
            "massivement",
            "en moyenne",
            (
                r"(?:la|une|note|âge|score|taux) (?:\w+ )?(?:moyenne?|médiane?)(?! (?:montagne"
                r"|entreprise|ville|durée|école|classe))\b"
            ),
            "médianes?",
            (
                "c'est (?:surtout|essentiellement|principalement|majoritairement|d'abord)"
                " (?:en|dans|chez|à|parmi|aux?)"
            ),
            "(?:large|vaste|général|fort) consensus",
            "consensus (?:général|large|fort|se |est )",
            "écrasante?s?",
        ),
    ),
    (
        "some",
        (
            (
                "(?:plus|moins|davantage|aussi|autant) (?:souvent|fréquemment|volontiers"
                f"|massivement|{_SAID})"
            ),
            rf"(?:plus|moins|davantage) d(?:e |')(?:\w+ )?{_VOICE} (?:\w+ ){{0,3}}que",
            (
                f"{_SAY} (?:davantage|moins|plus|autant|le plus|le moins)(?= (?:que|chez|dans|à"
                r"|en|par)\b|[.,;])"
            ),
            r"autant (?:de |d')(?:\w+ ){1,4}qu[e']",
            (
                rf"l[ea]s? (?:plus|moins) (?:\w+ment )?(?:{_SAID}|(?:forte?|élevée?|marquée?"
                "|nette?|massi[fv]e?|vi[fv]e?|faible)s? (?:chez|dans|à|en|parmi|au))"
            ),
            "(?:plus|moins) l(?:es? |a |').{3,60}, (?:plus|moins) l(?:es? |a |')",
            "moitié (?:moins|plus)",
            rf"fois (?:plus|moins|sur(?! {_NTH}))\b",
            "le (?:double|triple|quadruple) (?:de |d'|des |du )",
            (
                "(?:a|ont|avait|avaient|est|sont|s'est|aurait|auraient|a presque|ont presque|a"
                " plus que) (?:doubl|tripl|quadrupl|quintupl|décupl)ée?s?"
            ),
            "(?:doubl|tripl|quadrupl|quintupl|décupl)ent",
            "multipliée?s? par",
            "divisée?s? par",
            (
                f"(?:{_VOICE}|participation|nombre|part|fréquence|proportion|taux|adhésion"
                rf"|soutien)(?: \w+){{0,4}} (?:a|ont|est|sont|en|se)(?: \w+)? {_CHANGE}"
            ),
            r"(?:sur|sous)[- ]?représent\w+",
        ),
    ),
    (
        "some",
        (
            "l'emport(?:e|ent|ait|aient) sur",
            (
                "(?:dépass|surpass|devanc|distanc|égal)(?:e|ent|ait|aient) (?:largement "
                "|nettement |de loin |légèrement )?(?:cel(?:le|ui)s?|ceux|(?:les |la |le "
                f"|l')?(?:nombre|part|{_VOICE}))"
            ),
            "devanc(?:e|ent|ait|aient) (?:l|cel|ceux|tou)",
            "première marche",
            "podium",
            r"prédomin\w+",
            r"domin(?:e|ent|ait|aient|antes?|ants?)(?!\w)",
            "en tête(?!-)",
            r"(?:loin|juste) (?:devant|derrière) (?:l|ceu|cel)\w*",
            f"(?:au|du|en) (?:tout )?{_NTH} (?:rang|place|position)",
            f"{_NTH} (?:rang|place|position)",
            r"\w+e (?:rang|place|position) (?:d|pour|en)\w*",
            (
                rf"(?:classe|classent|hisse|hissent|positionne|place)(?:nt)? (?:\w+ )?(?:{_NTH}"
                r"|[ivxlc]+e|\d+e)\b"
            ),
            f"arriv(?:e|ent|ait) (?:en )?{_NTH}",
            (
                f"(?:la|le|leur|sa|son|l')(?: |(?<='))(?:{_NTH}|principale?|grande?|majeure)"
                rf" {_TOPIC}\b"
            ),
            rf"{_TOPIC} (?:numéro un|n° ?1|principale?|phare|dominante?)\b",
        ),
    ),
    (
        "some",
        ("(?:plusieurs|quelques|des) (?:dizaines|douzaines|centaines|milliers|millions)",),
    ),
)

#: A number that "neuf" is not: it follows a noun, as in "un logement neuf".
_NEW = re.compile(
    r"(?<!les )(?<!des )(?<!ces )(?<!nos )(?<!ses )(?<!leurs )(?<!sur )(?<!de )(?<!par )(?<!et )"
    r"(?<!à )"
    r"(?<!dont )(?<!pour )(?<!que )(?<!près de )(?<!environ )(?<!dans )(?<!sont )(?<!ont )(?<!en )"
    r"(?<=\w )neuf(?!\w)(?! (?:fois|sur|cent|mille|pour|autres)\b)"
)
_IDIOMS = re.compile(
    r"en deux mots|à deux pas|entre les deux|des deux côtés|les deux sexes|deux[- ]points"
    r"|tous les deux(?! \w+s\b)|toutes les deux(?! \w+s\b)|à (?:sa|la|leur) majorité"
    r"|(?:leur|sa|ma|à la) majorité(?= sans|[ ,.;]|$)(?<!dans leur majorité)|à moitié"
    r"|merci à tou\w+(?: et à tou\w+)?|petites et moyennes|tout le monde (?:rural|agricole)"
)


def without_idioms(folded: str, blank: str) -> str:
    """Blot out words of number that count nothing."""
    for pattern in (_NEW, _IDIOMS):
        folded = pattern.sub(lambda match: blank * len(match.group()), folded)
    return folded


_TIERS = r"tiers(?![- ](?:de confiance|payant|lieux?|secteur))"
_QUARTS = r"quarts?(?! (?:d'heure|de (?:travail|nuit|siècle|tour|finale|jour|soupir)|temps))"
_OF_THEM = r"(?= (?:des?|du|d'|à|au|en|est|sont|seulement|environ|restant)(?:\W|$)| d'|[.,;]|$)"
#: Fractions: words, and what they are of how many.
FRACTIONS: tuple[tuple[str, tuple[int, int]], ...] = (
    (rf"(?:les |des )?deux[- ]{_TIERS}", (2, 3)),
    (
        (
            rf"(?:un|le|du) (?:bon |gros |petit )?{_TIERS}"
            r"(?= (?:des|de|du|restant|seulement|environ)\b| d'|[.,;]|$)"
        ),
        (1, 3),
    ),
    (rf"(?:les |des )?trois[- ]{_QUARTS}", (3, 4)),
    (rf"(?:un|le|du) (?:bon |gros |petit )?{_QUARTS}{_OF_THEM}", (1, 4)),
    (r"(?<!sa )(?<!leur )moitié(?! (?:plus|moins))", (1, 2)),
    (r"(?:un|le) cinquième(?= (?:des|de|du)\b| d')|20e des", (1, 5)),
    (r"(?:un|le) dixième(?= (?:des|de|du)\b| d')", (1, 10)),
)
#: "Two fifths"; an ordinal before a noun ("un deuxième atelier") is none.
OTHER_FRACTION = r"(?:un|{number}) \w{{3,}}ièmes?(?= (?:des|de|du)\b| d')"

#: What "a dozen" stands for.
ROUND = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
    "millier": 1000,
}
ABOUT = (
    r"(?:environ|près de|quelque|autour de|approximativement"
    r"|presque|à peu près|quasiment|une petite)"
)
MORE = r"(?:plus de|plus d'|au[- ]delà de|bien plus de|dépasse|dépassent|supérieure? à|au moins)"
LESS = r"(?:moins de|moins d'|pas plus de|au plus|inférieure? à|n'atteint pas)"
#: "Two out of three", with a few words between.
OUT_OF = r"(?:un|une|{number}|{digits}) (?:[^\W\d]+ ){{0,3}}sur (?:les |ces )?(?:{number}|{digits})"
ONE = r"un seul|une seule"
SINGLE = rf"(?:{ONE}) (?:{_VOICE})"
#: "Three times more".
TIMES = r"(?:{number}|\d+(?:,\d+)?) fois (?:plus|moins|supérieure?s?|inférieure?s?)(?: d'| de)?"
