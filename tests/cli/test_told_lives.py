"""Six lives from the first day to the last, as somebody types them: what the desk says to do, day by day.

A line with `$` is a command at that moment; one with `?` looks a day at the desk: the id of the act that leads, and
the level of the case. Ids are those of `data/next.yaml`.
"""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from typing import Any

import pytest

from tests.cli.conftest import Hands, Program
from tests.conftest import SHANGHAI

REFUSED_IN_CHAT = """
2026-05-28 20:00 $ add 电热水壶第三天不通电 --problem quality --amount 89 --demand return_refund
2026-05-28 20:05 ? notify_shop -
2026-05-29 10:00 $ log 1 --out --channel merchant_chat --said 坏了，要求退货退款 --demand
2026-05-29 10:05 ? look -
2026-05-30 12:00 ? chase amber
2026-06-01 10:00 $ log 1 --in --channel merchant_chat --said 亲，这个不退的哦
2026-06-01 10:05 ? rebut_in_app -
2026-06-05 10:00 ? rebut_in_app amber
2026-06-20 10:00 ? rebut_in_app red
2026-11-20 10:00 ? rebut_in_app red
2026-11-20 11:00 $ file 1 request --anyway
2026-11-20 11:05 ? look -
2026-11-22 06:00 ? note_state amber
2026-11-23 10:00 ? intervene red
2026-11-23 11:00 $ log 1 --in --channel app_aftersale --said 商家驳回：不属于质量问题，不同意退款
2026-11-23 11:05 ? intervene amber
2026-11-24 09:00 $ file 1 platform --channel app_intervene --anyway
2026-11-24 09:05 ? look -
2026-12-02 10:00 ? to_supervisor red
2026-12-02 11:00 $ log 1 --in --channel app_intervene --said 已同意退款，款项原路退回
2026-12-02 11:05 ? pin_agreed -
2026-12-02 11:10 $ milestone 1 refund_agreed
2026-12-02 11:15 ? look -
2026-12-07 10:00 ? ask_paid amber
2026-12-10 09:00 $ milestone 1 refunded
2026-12-10 09:05 ? check_money -
2026-12-10 09:10 $ resolve 1 --recovered 89 --yes
2026-12-10 09:15 ? verify_money -
2026-12-18 09:15 ? verify_money amber
"""

PROMISED_THRICE = """
2026-06-01 09:00 $ add 手机壳一直不发货 --problem not_shipped --amount 12.9 --demand refund_only
2026-06-01 09:05 ? refund_unshipped -
2026-06-01 09:10 $ file 1 request --anyway
2026-06-03 12:00 ? intervene red
2026-06-03 12:10 $ file 1 platform --channel app_intervene --anyway
2026-06-04 10:00 $ log 1 --in --channel app_intervene --said 会尽快处理 --promise 给结论 --due 2026-06-05
2026-06-04 10:05 ? wait_promise -
2026-06-06 09:00 ? settle_promise red
2026-06-06 09:05 $ settle PROMISE broken
2026-06-06 09:10 $ log 1 --in --channel app_intervene --said 今天一定处理 --promise 给结论 --due 2026-06-07
2026-06-08 09:00 $ settle PROMISE broken
2026-06-08 09:10 $ log 1 --in --channel app_intervene --said 再等一天 --promise 退款 --due 2026-06-09
2026-06-10 09:00 ? settle_promise red
2026-06-10 09:05 $ settle PROMISE broken
2026-06-11 09:00 ? to_supervisor red
2026-06-11 09:05 $ file 1 supervisor --channel app_official_cs --anyway
2026-06-11 09:10 ? look -
2026-06-15 09:00 ? file_odr red
2026-06-15 09:10 $ file 1 regulator --channel c12315 --anyway
2026-06-15 09:15 ? look -
"""

COURIER_AND_SHOP = """
2026-06-01 09:00 $ add 显示签收但没收到 --problem fake_sign --amount 156 --demand refund_only --delivered 2026-05-30
2026-06-01 09:05 ? secure_waybill -
2026-06-01 09:10 $ evidence 1 --place 快递App截图 --kind waybill
2026-06-01 09:15 ? complain_courier -
2026-06-01 09:20 $ log 1 --out --channel merchant_chat --said 没收到货，要求退款 --demand
2026-06-01 09:25 $ log 1 --out --channel courier_cs --said 投诉虚假签收，要求出示签收凭证 --demand
2026-06-01 18:00 $ log 1 --in --channel courier_cs --said 已登记，会尽快核实
2026-06-01 18:05 ? look -
2026-06-04 10:00 ? request_not_received red
2026-06-04 10:10 $ log 1 --in --channel courier_cs --said 显示本人签收，我们不赔
2026-06-04 10:15 ? request_not_received red
2026-06-04 10:20 $ file 1 request --anyway
2026-06-04 10:25 ? file_12305 -
2026-06-04 10:30 $ file 1 regulator --channel p12305 --anyway
2026-06-04 10:35 ? look -
"""

NOT_ACCEPTED = """
2026-06-01 09:00 $ add 大衣含毛量不符 --problem not_as_described --amount 268 --demand return_refund
2026-06-01 09:10 $ file 1 regulator --channel c12315 --anyway
2026-06-01 09:15 ? look -
2026-06-10 10:00 ? look amber
2026-06-10 10:10 $ log 1 --in --channel c12315 --said 您的投诉不予受理：未提供被投诉人的真实信息
2026-06-10 10:15 ? secure_notice -
2026-06-10 10:20 $ evidence 1 --place 短信截图 --kind authority_doc
2026-06-10 10:25 ? file_12315_again -
2026-06-10 10:30 $ file 1 regulator --channel c12315 --anyway
2026-06-10 10:35 ? look -
"""

MEDIATION_ENDED = """
2026-06-01 09:00 $ add 油烟机缺斤少两 --problem price --amount 1299 --demand partial_refund
2026-06-01 09:10 $ file 1 regulator --channel c12315 --anyway
2026-06-08 10:10 $ filing 1 --state accepted
2026-06-08 10:15 ? look -
2026-06-25 10:00 ? ask_office amber
2026-06-25 10:10 $ log 1 --out --channel c12315 --said 问进展
2026-06-25 11:20 ? look -
2026-08-11 10:00 ? file_court red
2026-08-12 10:00 $ log 1 --in --channel c12315 --said 双方未达成一致，终止调解
2026-08-12 10:05 ? secure_end -
2026-08-12 10:10 $ evidence 1 --place 终止调解通知 --kind authority_doc
2026-08-12 10:15 ? file_court -
2026-08-12 10:20 $ file 1 court --anyway
2026-08-12 10:25 ? look -
2026-08-20 10:00 ? ask_docket red
2026-08-21 10:00 $ filing 1 --state accepted
2026-08-21 10:05 ? look -
2026-09-20 10:00 ? look -
2026-10-25 10:00 ? ask_judge red
"""

FOOD_AND_A_DOCTOR = """
2026-06-01 09:00 $ add 真空熟食胀袋 --problem food --amount 46.8 --demand food10x --received 2026-05-31
2026-06-01 09:05 ? keep_food -
2026-06-01 09:10 $ evidence 1 --place 冰箱 --kind sample_kept
2026-06-01 09:12 ? doctor_food -
2026-06-01 09:14 $ evidence 1 --place 病历和票据 --kind medical
2026-06-01 09:15 ? report_12315 -
2026-06-01 09:20 $ file 1 regulator --channel r12315 --anyway
2026-06-01 09:25 ? tell_shop -
2026-06-01 09:30 $ log 1 --out --channel merchant_chat --said 吃后腹泻就诊，要求赔偿 --demand
2026-06-02 09:00 $ log 1 --in --channel merchant_chat --said 补偿您20元优惠券可以吗
2026-06-02 09:05 ? answer_offer_food -
2026-06-02 09:10 $ log 1 --out --channel merchant_chat --said 不接受，按食品安全法赔偿
2026-06-04 10:00 ? file_request red
2026-06-04 10:10 $ file 1 regulator --channel c12315 --anyway
2026-06-04 10:15 ? look -
"""

LIVES = {
    "refused in chat": REFUSED_IN_CHAT,
    "the platform promises thrice": PROMISED_THRICE,
    "courier and shop": COURIER_AND_SHOP,
    "12315 does not accept": NOT_ACCEPTED,
    "mediation ended": MEDIATION_ENDED,
    "food and a doctor": FOOD_AND_A_DOCTOR,
}


def open_promise(pddtui: Program) -> str:
    """The id of the promise that is not settled yet."""
    case: Any = pddtui("show", "1", "--json").json
    promises = [promise for contact in case["contacts"] for promise in contact["promises"]]
    return str(next(promise["id"] for promise in promises if promise["state"] == "open"))


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())
def test_the_desk_says_what_to_do_from_the_first_day_to_the_last(life: str, pddtui: Program, hands: Hands) -> None:
    for line in life.strip().splitlines():
        match = re.fullmatch(r"(\S+ \S+) ([$?]) (.*)", line)
        assert match is not None, line
        hands.now = datetime.strptime(match[1], "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        if match[2] == "$":
            words = [open_promise(pddtui) if word == "PROMISE" else word for word in shlex.split(match[3])]
            if words[0] == "add":
                words += ["--order", "260525-123456789012345"]
            done = pddtui(*words)
            assert done.code == 0, (line, done.err)
            continue
        rows: Any = pddtui("list", "--json").json
        said = f"{rows[0]['act']} {rows[0]['level'] or '-'}"
        assert said == match[3], (line, rows[0]["next_step"])
