"""What is never quoted."""

import pytest

from app.reports.privacy import has_personal_data


@pytest.mark.parametrize(
    "text",
    [
        "écrivez à fatima.z@exemple.ma merci",
        "fatima [at] exemple.ma",
        "appelez le 0661234567",
        "appelez le 06 61 23 45 67",
        "tel: +212 661-23-45-67",
        "00212.6.61.23.45.67",
        "+212 (0)5 24 33 44 55",
        "رقمي ٠٦٦١٢٣٤٥٦٧ للاتصال",
        "ma CIN est AB123456",
        "CIN : 123456",
        "cin be84512 kayn",
        "RIB 230 810 1234567890123456 78",
    ],
)
def test_addresses_and_numbers_of_people_are_seen(text):
    assert has_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "la stratégie 2021-2026 coûte 12 500 dirhams",
        "6000 درهم في الشهر و 2700 للكراء",
        "En 2021, 45 000 femmes et 1 200 000 dirhams",
        "le 05/06/2022 à 14 h 30, en moins de 15 minutes",
        "bnti 3ndha 6 snin, 7 chhor w 7na kantsennaw",
        "article 12, loi 65.15 et loi 09-08",
    ],
)
def test_years_amounts_and_dates_are_not_personal(text):
    assert not has_personal_data(text)
