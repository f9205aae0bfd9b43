"""Roads without houses."""

import pytest

from domain.roads import without_house_number


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Dorchester Ave", "Dorchester Ave"),
        ("1970 Dorchester Ave", "Dorchester Ave"),
        ("231-235 Gold St", "Gold St"),
        ("115A G St", "G St"),
        ("96 G St", "G St"),
        ("5th Ave", "5th Ave"),
        ("12 5th Ave", "5th Ave"),
        ("人民路12号", "人民路"),
        ("人民路 12号3栋201室", "人民路"),
        ("建设弄8-2号", "建设弄"),
        ("第三大道", "第三大道"),
        ("G312国道", "G312国道"),
        ("学府街与北环路口东40米", "学府街与北环路口东40米"),
        ("42", "42"),
        ("", ""),
    ],
)
def test_a_house_number_is_left_out_and_a_number_of_the_name_stays(written: str, shown: str) -> None:
    assert without_house_number(written) == shown
