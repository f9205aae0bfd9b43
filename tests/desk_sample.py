"""The desk's answers as the browser gets them, written down after the pictures: for tests of the page alone.

Every builder gives the JSON of one route of /api/desk/; the instants are around 14:32 on 19 May 2026 in Shanghai.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.people import Person, Post
from layouts.sheets import blocks, fields, readings
from layouts.sheets.blocks import SheetView, plain

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 19, 14, 32, 8, tzinfo=ZONE)
DISPATCHER = Person(12, "dispatcher01", "派遣员01", frozenset({Post.DISPATCHER}))
LEADER = Person(31, "leader01", "领导01", frozenset({Post.LEADER}))
MINUTE, HOUR = 60_000, 3_600_000

View = dict[str, Any]


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def working() -> list[list[int]]:
    """Today's afternoon and tomorrow's two stretches."""
    day = NOW.replace(hour=0, minute=0, second=0)
    spans = [(8, 12), (14, 18), (32, 36), (38, 42)]
    return [[ms(day + timedelta(hours=start)), ms(day + timedelta(hours=end))] for start, end in spans]


def clock(left_ms: int, *, paused: bool = False) -> View:
    """A clock that is overdue when `left_ms` is negative, else due in that much working time."""
    tone = "alarm" if left_ms < 0 else "warn" if left_ms < 2 * HOUR else ""
    label = "已暂停" if paused else "已超期" if left_ms < 0 else "距到期"
    return {
        "due": None if paused else ms(NOW) + left_ms,
        "left": left_ms,
        "kind": "working",
        "paused": paused,
        "tone": tone,
        "label": label,
    }


def row(number: str, category: str, place: str, left_ms: int, tag: str = "", tone: str = "", **more: Any) -> View:
    return {
        "case_no": number,
        "version": 17,
        "category": category,
        "place": place,
        "tag": {"text": tag, "tone": tone},
        "clock": clock(left_ms, paused=more.pop("paused", False)),
        "alerts": ["overdue"] if left_ms < 0 else ["due_soon"],
        "marks": [],
        "new": False,
        "hold": "",
        "mine": False,
        "ack": None,
    } | more


def queue() -> View:
    """The picture's queue: four units, newest overdue first."""
    second = 1000
    groups = [
        {
            "key": "shizheng",
            "name": "市政处",
            "late": "超期 6",
            "soon": "2 小时内到期 9",
            "share": "",
            "rows": [
                row("20260519-0471", "井盖破损移位", "学府街与北环路口东 40 米", -258 * second, new=True),
                row(
                    "20260519-0463", "路面塌陷", "青石大道与广成路口", -662 * second, "派遣员02处理中", "warn", new=True
                ),
                row("20260519-0402", "雨水箅子破损", "云禅巷 7 号门前", -9400 * second, "已催办 1"),
                row("20260519-0420", "路灯杆倾斜", "滨江路 114 号", 1102 * second, "待签收"),
            ],
        },
        {
            "key": "zhifa2",
            "name": "执法二大队",
            "late": "超期 7",
            "soon": "2 小时内到期 14",
            "share": "",
            "rows": [
                row("20260518-0871", "违规搭建", "鼓楼北巷 31 号院", -24734 * second, "已督办"),
                row("20260518-0902", "店外经营", "崇文路农贸市场东门", -15033 * second, "已催办 2"),
                row("20260518-0655", "占道堆物", "新桥街 88 号", 1547 * second, "延期待审", "warn"),
            ],
        },
        {
            "key": "zhujian",
            "name": "住建局",
            "late": "超期 5",
            "soon": "2 小时内到期 8",
            "share": "",
            "rows": [
                row("20260519-0455", "污水外溢", "科创三路南段路西", -891 * second),
                row("20260519-0440", "工地扬尘", "高新二期东侧", 2469 * second, "已签收"),
            ],
        },
        {
            "key": "jiaojing",
            "name": "交警支队",
            "late": "超期 4",
            "soon": "2 小时内到期 7",
            "share": "",
            "rows": [
                row("20260519-0432", "机动车乱停放", "学府街小学门口", 3150 * second, "已签收"),
                row("20260519-0433", "交通标志倾斜", "望江东路 3 号", 3972 * second, "待签收"),
                row("20260517-0120", "护栏缺失", "环东路", 5972 * second, "已挂账", paused=True),
            ],
        },
    ]
    return {
        "as_of": ms(NOW),
        "now": ms(NOW),
        "heads": [
            {"name": "overdue", "label": "超期", "text": "37", "tone": "alarm"},
            {"name": "due_soon", "label": "2 小时内到期", "text": "65", "tone": "warn"},
            {"name": "receive", "label": "待签收", "text": "9", "tone": ""},
            {"name": "approve", "label": "待审批", "text": "6", "tone": ""},
        ],
        "tabs": [
            {"name": "due", "label": "超期与将到期", "count": 12},
            {"name": "receive", "label": "待签收", "count": 9},
            {"name": "approve", "label": "待审批", "count": 6},
            {"name": "watch", "label": "督办", "count": 3},
            {"name": "all", "label": "全部", "count": 486},
        ],
        "working": working(),
        "groups": groups,
        "choices": {
            "unit": [{"value": group["key"], "label": group["name"], "count": 1} for group in groups],
            "alert": [{"value": "overdue", "label": "已超期", "count": 6}],
            "street": [],
        },
        "total": sum(len(group["rows"]) for group in groups),
        "empty": None,
    }


def long_queue(rows: int = 400) -> View:
    """As many rows as a bad day has, in ten units."""
    view = queue()
    units = 10
    view["groups"] = [
        {
            "key": f"unit{unit}",
            "name": f"单位{unit}",
            "late": "超期 40",
            "soon": "",
            "share": "",
            "rows": [
                row(f"20260519-{unit}{index:03d}", "占道堆物", f"新桥街 {index} 号", -1000 * (index + 1))
                for index in range(rows // units)
            ],
        }
        for unit in range(units)
    ]
    view["total"] = rows
    return view


def hold(name: str = "", *, mine: bool = False, asked_by: str = "") -> View:
    return {
        "mine": mine,
        "name": name,
        "since": ms(NOW - timedelta(seconds=116)),
        "until": ms(NOW + timedelta(minutes=5)),
        "asked_by": asked_by,
        "asked_at": ms(NOW) if asked_by else None,
    }


def action(group: str, name: str, label: str, key: str, **more: Any) -> View:
    return {
        "group": group,
        "name": name,
        "label": label,
        "key": key,
        "enabled": True,
        "why": "",
        "primary": False,
        "mode": "sheet",
        "ask_reason": False,
    } | more


def case(number: str = "20260519-0471", held: View | None = None) -> View:
    """The picture's case."""
    return {
        "case_no": number,
        "version": 17,
        "title": "井盖破损移位",
        "line": f"{number}，学府街道 学府-07 网格",
        "clock": clock(-258_000) | {"due_text": "时限 14:27:50"},
        "facts": [
            {"label": "类别", "value": "部件 / 公用设施 / 雨水井盖"},
            {"label": "来源", "value": "12345 热线"},
            {"label": "责任单位", "value": "市政处（主办）"},
            {"label": "处置时限", "value": "4 紧急工作时"},
        ],
        "description": "学府街与北环路口向东约 40 米路北，雨水井盖移位约 15 厘米，人流量大，存在安全隐患。"
        "监督员 10:19 现场核实属实，已放置警示锥。",
        "reporter": None,
        "photos": [],
        "stages": [
            {"name": "上报", "at": "10:02", "line": "用时 17 分", "state": "done", "tone": ""},
            {"name": "立案", "at": "10:21", "line": "用时 7 分", "state": "done", "tone": ""},
            {"name": "派遣", "at": "10:27", "line": "签收用时 34 分", "state": "done", "tone": ""},
            {"name": "处置", "at": "11:01 起", "line": "已用 3时31分", "state": "late", "tone": "alarm"},
            {"name": "核查", "at": "未开始", "line": "", "state": "future", "tone": ""},
            {"name": "结案", "at": "未开始", "line": "", "state": "future", "tone": ""},
        ],
        "log": [
            {"at": at, "who": who, "what": what, "tone": ""}
            for at, who, what in (
                ("14:27:50", "系统", "到达处置时限，转为超期，推送大屏与单位终端"),
                ("13:58:06", "派遣员01", "催办：请 30 分钟内反馈处置结果"),
                ("11:01:22", "市政处终端", "签收，转排水维护班"),
                ("10:27:50", "派遣员02", "派遣至市政处，抄送学府街道（双派）"),
                ("10:21:15", "监督中心", "符合立案标准，立案"),
                ("10:19:08", "采集员01", "现场核实属实，附照片 2 张"),
            )
        ],
        "hold": held,
        "actions": [
            action("督促", "supervise", "督办通知单", "D", primary=True),
            action("督促", "urge", "催办", "C", mode="act"),
            action("流转", "receive", "签收", "S", mode="act", enabled=False, why="单位已于 11:01 签收"),
            action("流转", "reassign", "改派", "R"),
            action("流转", "co_dispatch", "双派", "B"),
            action("流转", "return", "回退", "Z", mode="act", ask_reason=True),
            action("审批", "extension", "延期审批", "Y"),
            action("审批", "suspension", "挂账审批", "G"),
            action("办结", "close", "结案", "E", mode="act", enabled=False, why="核查通过后可用"),
            action("其他", "claim", "认领告警", "A", mode="act"),
            action("其他", "void", "作废", "", mode="act", ask_reason=True),
            action("其他", "spotlight", "上大屏", "", mode="act"),
        ],
        "arithmetic": {
            "rows": [
                plain(readings.Sum("5月19日 周二 10:27:50 至 14:27:50", "4:00:00", "4:00:00")),
                plain(readings.Sum("时限 5月19日 周二 14:27:50，4 紧急工作时", "", "4:00:00", ruled=True)),
            ]
        },
        "applications": [],
        "supervisions": [],
        "map": {"lon": 117.0, "lat": 34.2, "grid": "xuefu-07", "grid_name": "学府-07 网格", "cases": []},
        "cameras": [
            {
                "letter": "A",
                "name": "学府街东段",
                "metres": 160,
                "state": "online",
                "line": "",
                "lon": 117.0,
                "lat": 34.2,
            },
            {
                "letter": "B",
                "name": "学府街与环东路口",
                "metres": 312,
                "state": "online",
                "line": "",
                "lon": 117.003,
                "lat": 34.2,
            },
            {
                "letter": "C",
                "name": "北环路东口",
                "metres": 417,
                "state": "offline",
                "line": "离线 42 分",
                "lon": 117.003,
                "lat": 34.203,
            },
        ],
        "cameras_note": "500 米内 3 个",
        "load": {
            "title": "市政处当前负荷",
            "note": "",
            "items": [
                {"label": "在办", "value": "58", "tone": ""},
                {"label": "超期", "value": "6", "tone": "alarm"},
                {"label": "2 小时内", "value": "9", "tone": ""},
                {"label": "返工率", "value": "3.3%", "tone": ""},
            ],
        },
        "same_grid": {
            "title": "本网格同类案件",
            "note": "近 30 日 4 件",
            "rows": [
                {"day": "5月11日", "what": "雨水井盖破损", "how": "按期结案"},
                {"day": "5月3日", "what": "雨水井盖移位", "how": "返工后结案"},
            ],
        },
        "walls": ["main"],
    }


def done(number: str, action_name: str, version: int = 18) -> View:
    return {
        "done": {
            "case_no": number,
            "action": action_name,
            "version": version,
            "at": ms(NOW),
            "sentence": "催办已发往市政处",
            "notices": 1,
            "document": None,
            "repeated": False,
        }
    }


def conflict(version: int = 18) -> View:
    """Somebody was first: the picture's 409."""
    return {
        "error": {
            "kind": "conflict",
            "what": "未执行，派遣员02已先一步下达督办通知单",
            "where": "案件 20260519-0471",
            "then": "如仍需提前期限，请申请接管后签发补充通知，原通知保留并注明被替代。",
            "version": version,
            "winners": [
                {
                    "name": "派遣员02",
                    "post": "派遣员",
                    "action": "supervise",
                    "at": ms(NOW - timedelta(seconds=10)),
                    "version": version,
                    "sentence": "下达督办通知单 120 号，期限 明日 12:00",
                }
            ],
            "changes": [
                {"label": "期限", "theirs": "5月20日 12:00", "mine": "5月19日 16:00"},
                {"label": "抄送", "theirs": "无", "mine": "学府街道办事处"},
                {"label": "办理要求", "theirs": "1 条", "mine": "3 条"},
            ],
            "held_by": "派遣员02",
        }
    }


PAPER = (
    '<div class="paper-sheet" style="height:1123px;padding:84px 92px"><h1>督办通知单</h1>'
    "<p>市政处：</p><p>经查，下列案件已超过规定处置时限。</p></div>"
)


def sheet(filled: View | None = None) -> View:
    """A sheet with every kind of block that a form is made of."""
    given = {"reason": "overdue", "due": "today16", "demands": "一、立即到场设置围挡。", "exposure": True} | (
        filled or {}
    )
    used = len(str(given["demands"]))
    view = SheetView(
        kind="supervise",
        title="督办通知单",
        lines=("井盖破损移位，学府街与北环路口东 40 米", "20260519-0471，市政处（主办）"),
        left=(
            blocks.Row(
                (
                    fields.Text("unit", "主送单位", "市政处", note="主办", read_only=True),
                    fields.Select(
                        "copies",
                        "抄送",
                        (blocks.Choice("xuefu", "学府街道办事处"), blocks.Choice("beihuan", "北环街道办事处")),
                        str(given.get("copies", "xuefu")),
                        many=True,
                    ),
                )
            ),
            fields.Chips(
                "reason",
                "督办原因",
                (
                    blocks.Choice("overdue", "超期未处置"),
                    blocks.Choice("untrue", "反馈不实"),
                    blocks.Choice("shirked", "推诿"),
                    blocks.Choice("danger", "安全隐患"),
                ),
                str(given["reason"]),
            ),
            fields.Chips(
                "due",
                "督办期限",
                (
                    blocks.Choice("today16", "今日 16:00"),
                    blocks.Choice("today18", "今日 18:00"),
                    blocks.Choice("other", "自定义"),
                ),
                str(given["due"]),
                hint="剩余 1时28分 工作时",
            ),
            fields.Cards(
                "how",
                "送达",
                (
                    blocks.Choice("terminal", "单位终端，即时", "签收未回执 15 分钟后提醒值班长"),
                    blocks.Choice("paper", "纸质，由专人送达", why_not="夜间不可用"),
                ),
                str(given.get("how", "terminal")),
            ),
            fields.Check("exposure", "逾期转为曝光候选", bool(given["exposure"]), "曝光须另行审批"),
            readings.Note("送达", "市政处终端、市政处值班手机（企业微信），免打扰时段不适用。"),
            fields.Text("demands", "办理要求", str(given["demands"]), rows=6, longest=300, required=True),
        ),
        right=(
            readings.Limits(
                "限度核对", (readings.LimitLine(True, "延长不超过原时限 1 倍", "0.75 倍", "6 ÷ 8", 0.75, 1.0),)
            ),
            readings.Effects("影响", (readings.Effect("办理要求字数", str(used), "0"),)),
            readings.Chain("审批链", (readings.ChainLine("派遣员初审", "派遣员01，当前", "strong"),)),
            readings.Timeline(
                "计时", (("市政处 4 紧急工作时", 0.1, 0.5, ""),), 0.5, "现在 14:32", ((0.0, "10:00"), (1.0, "18:00"))
            ),
            readings.Warning("另有 3 件超期。", "城投公司"),
        ),
        foot="签发后：案件日志、通知发件箱、大屏专题页同时更新",
        buttons=(
            blocks.Button("refuse", "退回", "Ctrl Back"),
            blocks.Button("draft", "存草稿"),
            blocks.Button(
                "submit", "送值班长签发", "Ctrl Enter", primary=True, why_not="" if used else "请写明办理要求"
            ),
        ),
        case_no="20260519-0471",
        version=17,
        action="propose_supervision",
    )
    return deepcopy(plain(view))
