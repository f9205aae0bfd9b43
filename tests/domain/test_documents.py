"""Official numbers, frozen bodies, and that what was changed afterwards is not shown."""

from datetime import datetime

import pytest

from domain.documents import (
    DocumentKind,
    TransferSlip,
    counter_of,
    dated_moment,
    frozen_body,
    long_moment,
    number_text,
    short_moment,
    thawed,
    words_of,
)
from domain.refusals import Refusal

AT = datetime(2026, 5, 19, 16, 0)  # noqa: DTZ001  a local time that is only written down
SLIP = TransferSlip(
    "监督指挥中心",
    "澜移〔2026〕31 号",
    "c1",
    "井盖",
    "学府街",
    "派",
    "非本单位",
    "回退理由",
    "一致",
    "联通",
    "属实",
    "今日",
)


def test_numbers_are_written_as_offices_write_them() -> None:
    assert number_text(DocumentKind.SUPERVISION, "澜", 2026, 120) == "澜督办〔2026〕120 号"
    assert number_text(DocumentKind.TRANSFER_SLIP, "澜", 2026, 31) == "澜移〔2026〕31 号"
    assert counter_of(DocumentKind.SUPERVISION, 2026) == "督办/2026"


def test_times_are_written_as_on_the_mock_up() -> None:
    assert (short_moment(AT), long_moment(AT)) == ("5月19日 16:00", "2026年5月19日 16:00")
    assert dated_moment(AT) == "5月19日 周二 16:00"


def test_a_frozen_document_comes_back_as_it_was() -> None:
    body, digest = frozen_body(SLIP)

    assert words_of(TransferSlip, thawed(body, digest, SLIP.number)) == SLIP


def test_a_document_that_was_changed_is_not_shown() -> None:
    body, digest = frozen_body(SLIP)

    with pytest.raises(Refusal, match="不一致"):
        thawed(body.replace("联通", "移动"), digest, SLIP.number)
