"""Newly overdue cases."""

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts.panels.alerts import render
from layouts.views import Cards
from tests.builders import a_snapshot, a_spotlight, an_alert, an_empty_snapshot


def cards_of(snapshot: Snapshot, city: City, texts: Texts) -> Cards:
    body = render(snapshot, city, texts).body
    assert isinstance(body, Cards)
    return body


def test_a_card_tells_what_how_late_who_and_where(snapshot: Snapshot, city: City, texts: Texts) -> None:
    card = cards_of(snapshot, city, texts).cards[0]

    assert (card.number, card.title, card.line) == (1, "井盖破损移位", "市政处，学府街与北环路口")
    assert (card.figure.before, card.figure.text, card.figure.after) == ("超期 ", "4", " 分")
    assert card.figure.address == "case/20260519-0996/overdue_min"


def test_the_head_counts_all_not_only_the_cards(city: City, texts: Texts) -> None:
    alerts = tuple(an_alert(minutes) for minutes in range(9))

    cards = cards_of(a_snapshot(alerts=alerts, new_overdue=23), city, texts)

    assert (cards.head.text, cards.head.address) == ("23", "city/-/new_overdue/15min")
    assert [card.number for card in cards.cards] == [1, 2, 3, 4, 5]


def test_a_case_without_a_road_names_its_street(city: City, texts: Texts) -> None:
    cards = cards_of(
        a_snapshot(alerts=(an_alert(road=""), an_alert(5, road="", street="", unit=""))), city, texts
    ).cards

    assert [card.line for card in cards] == ["市政处，学府街道", "未定单位"]


def test_quiet_says_how_many_were_checked_and_shows_no_coral(city: City, texts: Texts) -> None:
    view = render(an_empty_snapshot(open=486), city, texts)

    assert view.state == "empty"
    assert view.message is not None
    assert view.message.line == "近 15 分钟，共核对 486 件在办"
    assert isinstance(view.body, Cards)
    assert view.body.head.tone == ""


def test_what_the_desk_shows_comes_first_without_a_number_and_without_a_house(city: City, texts: Texts) -> None:
    snapshot = a_snapshot(spotlights=(a_spotlight(),))

    cards = cards_of(snapshot, city, texts).cards

    assert (cards[0].spot, cards[0].number, cards[0].title) == (True, None, "路面塌陷")
    assert cards[0].line == "调度台展示，青石大道"
    assert (cards[0].figure.before, cards[0].figure.text, cards[0].figure.address) == ("超期 ", "11", "")
    assert [card.number for card in cards[1:3]] == [1, 2]


def test_it_is_shown_in_quiet_times_too_and_says_when_it_is_not_overdue(city: City, texts: Texts) -> None:
    view = render(an_empty_snapshot(spotlights=(a_spotlight(overdue_min=None, road=""),)), city, texts)

    assert view.state == "ok"
    assert isinstance(view.body, Cards)
    assert [(card.figure.text, card.line) for card in view.body.cards] == [("未超期", "调度台展示，青石街道")]
