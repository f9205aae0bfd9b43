"""Papers: every word escaped, two copies of a slip, and a card with the very keys that the desk listens to."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.cities import load_city
from config.texts import LANGUAGES, load_texts
from domain.documents import DocumentKind, StoredDocument, Supervision, TransferSlip, frozen_body, thawed
from domain.supervision import Notice
from layouts.papers.exposures import exposures
from layouts.papers.key_card import GROUPS, key_card
from layouts.papers.paper import page, refusal
from layouts.papers.registry import papers
from layouts.papers.supervision import notice
from layouts.papers.transfer_slip import both_copies

ROOT = Path(__file__).parents[2]
SCRIPT = "<script>alert('x')</script>"
AT = datetime(2026, 5, 19, 6, 32, tzinfo=UTC)
NOTICE = Supervision(
    issuer="澜州市城市管理监督指挥中心",
    number="澜督办〔2026〕120 号",
    signed_by="值班长01",
    recipient="市政处",
    opening="经查，下列案件已超过规定处置时限。",
    case_no="20260519-0471",
    category="部件，雨水井盖",
    description="雨水井盖移位约 15 厘米",
    dispatched="5月19日 10:27",
    limit="4 紧急工作时，14:27",
    urges="5月19日 13:58 催办 1 次，未反馈",
    due="2026年5月19日 16:00",
    demands=("一、立即到场。", "二、期限前办结。"),
    copies=("学府街道办事处",),
    day="2026年5月19日",
    reply="回执请于签收后 15 分钟内反馈",
)
SLIP = TransferSlip(
    "澜州市城市管理监督指挥中心", "澜移〔2026〕31 号", "20260513-0288", "通信井盖破损", "学府街道",
    "5月13日 住建局（回退）", "井盖权属为联通公司", "回退理由", "三项一致", "联通公司", "情况属实", "2026年5月19日",
)  # fmt: skip


def stored(kind: DocumentKind, words: Supervision | TransferSlip) -> StoredDocument:
    body, digest = frozen_body(words)
    return StoredDocument(1, kind, words.number, AT, thawed(body, digest, words.number), digest)


def test_a_notice_says_everything_that_was_signed() -> None:
    paper = notice(NOTICE)

    for words in (*NOTICE.demands, NOTICE.number, "签发：值班长01", "市政处：", NOTICE.urges, "抄送：学府街道办事处"):
        assert words in paper
    assert f"<strong>{NOTICE.due}</strong>" in paper
    assert 'class="seal"' in paper  # the ring in which the seal is put on paper


def test_before_it_is_signed_the_place_of_the_signature_is_empty() -> None:
    preview = notice(replace(NOTICE, signed_by=""))

    assert "签发：（值班长）" in preview
    assert "未签发，仅供核对" in preview  # nobody may take a printed preview for the notice
    assert "未签发" not in notice(NOTICE)


@pytest.mark.parametrize("field", ["description", "recipient", "urges", "demands", "copies"])
def test_a_script_in_somebodys_words_is_printed_as_letters(field: str) -> None:
    value = (SCRIPT,) if field in ("demands", "copies") else SCRIPT
    paper = notice(replace(NOTICE, **{field: value}))  # type: ignore[arg-type]

    assert "<script" not in paper
    assert "&lt;script&gt;" in paper


def test_a_slip_comes_in_two_copies_with_the_second_opinion_left_blank() -> None:
    first, second = both_copies(replace(SLIP, claim=SCRIPT))

    assert "一式两份，第一联：绩效考核科" in first
    assert "一式两份，第二联：指挥派遣科存" in second
    for copy in (first, second):
        assert "（由绩效考核科填写）" in copy
        assert "<script" not in copy


def test_a_stored_document_is_shown_from_its_frozen_words() -> None:
    assert papers(stored(DocumentKind.SUPERVISION, NOTICE)) == (notice(NOTICE),)
    assert papers(stored(DocumentKind.TRANSFER_SLIP, SLIP)) == both_copies(SLIP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_papers_has_no_script_and_no_foreign_address(language: str) -> None:
    whole = page(SCRIPT, (notice(NOTICE),), load_texts(language), back="/dispatch?case=1")

    assert "<script" not in whole
    assert not re.findall(r"https?://", whole)
    for address in re.findall(r'href="/(assets/[^"]+)"', whole):
        assert (ROOT / address).exists()


def test_a_refusal_is_a_sentence_on_the_page() -> None:
    assert "&lt;script&gt;" in refusal(SCRIPT, "公文 7", "请联系值班长。")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_has_the_keys_of_the_desks_script(language: str) -> None:
    script = (ROOT / "assets/js/desk/keys.js").read_text(encoding="utf-8")
    listed = re.search(r"desk\.keys = (\[.*?\]);", script, re.S)
    assert listed is not None
    on_the_desk = {(name, *caps) for name, *caps in ast.literal_eval(listed[1])}

    assert {(name, *caps) for _group, rows in GROUPS for name, caps in rows} == on_the_desk
    assert key_card("澜州市", load_texts(language)).count("<kbd>") == sum(len(key) - 1 for key in on_the_desk)


def test_the_list_for_exposure_says_zero_was_checked() -> None:
    missed = Notice("澜督办〔2026〕7 号", "C7", "井盖移位", "shizheng", AT, AT, exposure=True)

    assert "没有逾期的" in exposures((), load_city("demo"), AT)
    listed = exposures((missed,), load_city("demo"), AT)
    assert "市政处" in listed
    assert "未办结" in listed
