"""The table of next acts, as the handbook has it: what a good adviser would say at each moment.

The expected acts are written down by hand from the facts of the field; that no row is dead, and that every problem has
an act of its own on every rung and after every outcome, is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any, get_args

import pytest
from msgspec import structs

from pddtui.domain.acts import Scene, Situation, Step, steps
from pddtui.domain.attention import Attention, attention
from pddtui.domain.case import Case, Contact, Demand, Evidence, Filing, Order, Reply
from pddtui.domain.deadlines import Deadline
from pddtui.domain.duetime import Due
from pddtui.domain.rules import DeadlineRule
from pddtui.domain.table import DEED_KEYS, Act, Moment
from pddtui.services.calendar_cn import ChinaCalendar
from tests.domain.build import at, case, contact, follow_up, promise
from tests.lives import reference

BOOK, RULES = reference()
CALENDAR = ChinaCalendar()
PROBLEMS = tuple(RULES.problems)
LATE = at(28)


def look(which: Case, now: datetime = LATE) -> Attention:
    return attention(which, now, RULES, CALENDAR)


def said(day: int, channel: str | None = "merchant_chat", **fields: Any) -> Contact:
    return contact("out", at(day), **{"channel": channel, "demand": True, **fields})


def heard(day: int, reply: Reply | None = None, channel: str | None = "merchant_chat", **fields: Any) -> Contact:
    substance = "holding" if reply is None else "answer"
    return contact("in", at(day), **{"channel": channel, "substance": substance, "reply": reply, **fields})


def lodged(day: int, channel: str, **fields: Any) -> Filing:
    rung = next(rung.id for rung in RULES.ladder if channel in rung.channels)
    return Filing(**{"id": f"L{channel}", "rung": rung, "channel": channel, "filed_at": at(day), **fields})


def dispute(problem: str | None, *events: Contact | Filing, **fields: Any) -> Case:
    contacts = [event for event in events if isinstance(event, Contact)]
    filings = tuple(event for event in events if isinstance(event, Filing))
    return case(*contacts, problem=problem, filings=filings, **fields)


def had(*kinds: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(id=f"E{kind}", kind=kind, place="手机", added_at=at(1)) for kind in kinds)


RECEIVED = structs.replace(case().order, received_at=at(1))
REFUSED = (said(2), heard(3, "refused"))
REJECTED = lodged(4, "app_aftersale", state="refused", ended_at=at(6))

ADVICE: tuple[tuple[str, Case, int, str], ...] = (
    # Opened, nothing said yet.
    ("quality", dispute("quality"), 1, "notify_shop"),
    ("seven days", dispute("quality", order=structs.replace(case().order, received_at=at(1))), 2, "return_now"),
    ("fakes: the page first", dispute("counterfeit"), 1, "secure_page"),
    ("fakes in the window", dispute("counterfeit", order=RECEIVED), 7, "secure_page"),
    ("fakes, page kept", dispute("counterfeit", evidence=had("goods_page", "photo")), 1, "tell_shop"),
    ("short", dispute("short_missing"), 1, "secure_weight"),
    ("damaged", dispute("damaged"), 1, "secure_photos"),
    ("damaged, pictures kept", dispute("damaged", evidence=had("photo")), 1, "file_request"),
    ("not shipped", dispute("not_shipped"), 1, "refund_unshipped"),
    ("false tracking", dispute("fake_shipping"), 1, "secure_waybill"),
    ("false tracking, kept", dispute("fake_shipping", evidence=had("waybill")), 1, "refund_unshipped"),
    ("lost", dispute("lost", evidence=had("waybill")), 1, "tell_shop_transport"),
    ("signed by a stranger", dispute("fake_sign"), 1, "secure_waybill"),
    ("refuses the return", dispute("refuse_return"), 1, "return_now"),
    ("keeps goods and money", dispute("refuse_refund", evidence=had("return_proof")), 1, "intervene"),
    ("raised before the sale", dispute("price"), 1, "secure_prices"),
    ("food", dispute("food"), 1, "keep_food"),
    ("injury", dispute("injury"), 1, "see_doctor"),
    ("shop gone", dispute("merchant_gone", evidence=had("shop_licence")), 1, "demand_identity"),
    ("harassed", dispute("privacy"), 1, "ask_platform_harassment"),
    ("charged by mistake", dispute("account_pay"), 1, "ask_platform_payment"),
    ("no problem named", dispute(None), 1, "tell_shop"),
    ("not as described", dispute("not_as_described"), 1, "secure_page"),
    ("not as described, in the window", dispute("not_as_described", order=RECEIVED), 2, "return_now"),
    ("false advertising", dispute("false_ad"), 1, "secure_page"),
    ("guarantee", dispute("warranty"), 1, "use_guarantee"),
    ("guarantee, the week over", dispute("warranty", order=RECEIVED), 14, "use_guarantee"),
    ("signed by a stranger, tracking kept", dispute("fake_sign", evidence=had("waybill")), 1, "complain_courier"),
    ("damaged, the last day", dispute("damaged", order=RECEIVED), 7, "secure_photos"),
    ("short, the last day", dispute("short_missing", order=RECEIVED), 7, "secure_photos"),
    ("price, the last day", dispute("price", order=RECEIVED), 7, "return_now"),
    ("not returnable, but broken", dispute("quality", order=RECEIVED, milestones={"no_return_right": at(1)}), 2,
     "return_defect"),
    ("not returnable, the last day", dispute("quality", order=RECEIVED, milestones={"no_return_right": at(1)}), 7,
     "return_defect"),
    ("not returnable, return refused", dispute("refuse_return", milestones={"no_return_right": at(1)}), 2,
     "return_defect"),
    ("not returnable, no answer", dispute("refuse_return", said(2), milestones={"no_return_right": at(1)}), 8,
     "file_request"),
    ("rotten fruit within the hours of the page", dispute(
        "bad_fruit", evidence=had("unboxing"), order=structs.replace(RECEIVED, claim_within="48h")), 2, "claim_fruit"),
    ("rotten fruit is not sent back", dispute("bad_fruit", order=RECEIVED), 7, "secure_weight"),
    ("receipt confirmed by itself", dispute(None, said(9), order=structs.replace(case().order, delivered_at=at(1))), 10,
     "hold_receipt"),
    # Before all else.
    ("paid outside", dispute("quality", *REFUSED, milestones={"paid_off_platform": at(4)}), 20, "call_police"),
    ("police called", dispute("quality", *REFUSED, said(5, "police"), milestones={"paid_off_platform": at(4)}), 7,
     "dispute_payment"),
    ("police and bank called", dispute("quality", *REFUSED, said(5, "police"), said(5, "bank_payment"),
                                       milestones={"paid_off_platform": at(4)}), 7, "rebut_in_app"),
    ("sample kept", dispute("food", evidence=had("sample_kept")), 5, "doctor_food"),
    ("papers of the doctor kept", dispute("food", evidence=had("medical")), 5, "keep_food"),
    ("sample and papers kept", dispute("food", evidence=had("sample_kept", "medical")), 5, "report_12315"),
    ("reported", dispute("food", said(2), lodged(2, "r12315"), heard(3, "refused"), evidence=had("sample_kept")), 5,
     "rebut_in_app"),
    ("complained instead", dispute("food", lodged(2, "c12315"), evidence=had("sample_kept")), 5, "look"),
    ("food in the window", dispute("food", order=RECEIVED), 7, "keep_food"),
    ("hurt, papers kept", dispute("injury", evidence=had("medical")), 5, "keep_thing"),
    ("hurt, thing kept", dispute("injury", evidence=had("sample_kept")), 5, "see_doctor"),
    ("hurt and refused", dispute("injury", lodged(2, "r12315"), *REFUSED), 5, "file_12315"),
    # The shop refuses in the chat.
    ("refused", dispute("quality", *REFUSED), 20, "rebut_in_app"),
    ("refused, years later", dispute("quality", *REFUSED), 28, "rebut_in_app"),
    ("refused, not shipped", dispute("not_shipped", *REFUSED), 20, "refund_unshipped"),
    ("ask the courier", dispute("lost", *REFUSED), 20, "request_not_received"),
    ("refund refused", dispute("refuse_refund", *REFUSED), 20, "intervene"),
    ("fake denied", dispute("counterfeit", *REFUSED), 20, "rebut_in_app"),
    ("gone and refused", dispute("merchant_gone", *REFUSED), 20, "demand_identity"),
    ("harassment denied", dispute("privacy", *REFUSED), 20, "ask_platform_harassment"),
    ("charge not paid back", dispute("account_pay", *REFUSED), 20, "ask_platform_payment"),
    ("rotten fruit, no channel noted", dispute("bad_fruit", said(2, None), heard(3, "refused", None)), 4,
     "claim_fruit"),
    # The request in the app.
    ("rejected, then agreed", dispute("quality", REJECTED, heard(7, "agreed", "app_aftersale")), 8, "pin_agreed"),
    ("to be confirmed, courier told", dispute("short_missing", said(7, "courier_cs"), lodged(
        4, "app_aftersale", aftersale_state=18, aftersale_turn="mine", aftersale_at=at(6))), 8, "act_in_app"),
    ("rejected", dispute("quality", *REFUSED, REJECTED), 7, "intervene"),
    ("rejected by state", dispute("quality", lodged(4, "app_aftersale", aftersale_state=6, aftersale_turn="mine",
                                                    aftersale_at=at(6))), 7, "intervene"),
    ("return agreed", dispute("quality", lodged(4, "app_aftersale", aftersale_state=7, aftersale_turn="mine",
                                                aftersale_at=at(6))), 7, "send_back"),
    ("to be confirmed", dispute("short_missing", lodged(4, "app_aftersale", aftersale_state=18, aftersale_turn="mine",
                                                        aftersale_at=at(6))), 7, "act_in_app"),
    ("countdown near", dispute("quality", lodged(4, "app_aftersale", countdown_until=at(6, 17))), 6, "note_state"),
    ("countdown over", dispute("quality", lodged(4, "app_aftersale", countdown_until=at(6, 10))), 7, "note_state"),
    ("no countdown, no answer", dispute("quality", lodged(4, "app_aftersale")), 9, "intervene"),
    ("timed out on me", dispute("quality", lodged(4, "app_aftersale", state="refused", aftersale_state=12,
                                                  aftersale_at=at(6), ended_at=at(6))), 7, "file_request_again"),
    ("timed out, filed again the same day", dispute("quality", lodged(
        4, "app_aftersale", id="A", state="refused", aftersale_state=12, aftersale_at=at(6), ended_at=at(6)),
        lodged(6, "app_aftersale", id="B")), 7, "look"),
    ("window over", dispute("quality", lodged(4, "app_aftersale", state="refused", aftersale_state=13,
                                              aftersale_at=at(6), ended_at=at(6))), 7, "ask_platform"),
    ("platform closed it", dispute("quality", lodged(4, "app_aftersale", state="refused", aftersale_state=9,
                                                     aftersale_at=at(6), ended_at=at(6))), 7, "appeal_platform"),
    ("exchange failed", dispute("quality", lodged(4, "app_aftersale", state="refused", aftersale_state=17,
                                                  aftersale_at=at(6), ended_at=at(6))), 7, "file_request_again"),
    *((f"my time for {state}", dispute("quality", lodged(4, "app_aftersale", aftersale_state=state,
        aftersale_turn="mine", aftersale_at=at(5), countdown_until=at(8))), 7, "act_in_app")
      for state in (15, 18, 22, 27, 31)),
    ("fake, request refused", dispute("counterfeit", REJECTED), 7, "intervene"),
    ("food, request refused", dispute("food", lodged(2, "r12315"), REJECTED), 7, "intervene"),
    ("no refund without return", dispute("refund_only_refused", lodged(
        2, "app_aftersale", state="refused", aftersale_state=6, aftersale_at=at(3), ended_at=at(3))), 4,
     "ask_return_instead"),
    ("nor with it", dispute("refund_only_refused", lodged(2, "app_aftersale", id="A", state="refused", ended_at=at(3)),
                            lodged(4, "app_aftersale", id="B", state="refused", aftersale_state=6, aftersale_at=at(5),
                                   ended_at=at(5))), 6, "intervene"),
    # The platform.
    ("decided against me", dispute("quality", REJECTED, lodged(7, "app_intervene", state="refused", ended_at=at(9))),
     10, "appeal_platform"),
    ("again", dispute("quality", lodged(7, "app_intervene"), heard(8, "refused", "app_intervene"),
                      said(9, "app_intervene"), heard(10, "refused", "app_intervene")), 14, "file_12315"),
    ("appeal refused", dispute("quality", REJECTED, lodged(7, "app_intervene", state="refused", ended_at=at(9)),
                               said(10, "app_official_cs"), heard(12, "refused", "app_official_cs")), 13, "file_12315"),
    ("asked without a request", dispute("quality", said(4, "app_official_cs"), heard(5, "other", "app_official_cs")), 6,
     "file_request"),
    ("no result of the intervention", dispute("quality", lodged(4, "app_intervene"),
                                              heard(5, "other", "app_intervene")), 6, "ask_platform"),
    ("supervisor refuses", dispute("quality", lodged(4, "app_official_cs", rung="supervisor", state="refused",
                                                     ended_at=at(6))), 7, "file_odr"),
    ("harassment, platform refuses", dispute("privacy", said(2, "app_official_cs"),
                                             heard(3, "refused", "app_official_cs")), 4, "report_12315"),
    ("charge, platform refuses", dispute("account_pay", said(2, "app_official_cs"),
                                         heard(3, "refused", "app_official_cs")), 4, "dispute_payment"),
    ("identity not given", dispute("merchant_gone", said(2, "app_official_cs"), evidence=had("shop_licence")), 8,
     "file_12315_gone"),
    ("ask the shop first", dispute("quality", said(2), said(4, "app_official_cs"),
                                   heard(5, "other", "app_official_cs")), 5, "file_request"),
    ("promises again and again", dispute(
        "quality", lodged(2, "app_intervene"),
        *(heard(day, None, "app_intervene", id=f"K{day}",
                promises=(promise(at(day + 1), id=f"P{day}", state="broken"),)) for day in (3, 5, 7))), 9,
     "to_supervisor"),
    ("platform silent", dispute("quality", lodged(2, "app_intervene")), 12, "to_supervisor"),
    ("supervisor silent", dispute("quality", lodged(2, "app_official_cs", rung="supervisor")), 12, "file_odr"),
    # Courier and shop.
    ("courier refuses", dispute("lost", said(2, "courier_cs"), heard(3, "refused", "courier_cs")), 20, "file_12305"),
    ("courier silent", dispute("lost", said(2, "courier_cs")), 12, "file_12305"),
    ("courier paid off", dispute("lost", said(2, "courier_cs"), heard(3, "other", "courier_cs")), 4,
     "tell_shop_transport"),
    ("courier decided", dispute("lost", said(2, "courier_cs"), heard(3, "decided", "courier_cs")), 4,
     "request_not_received"),
    ("broken, courier paid off", dispute("damaged", said(2, "courier_cs"), heard(3, "other", "courier_cs"),
                                         evidence=had("photo")), 4, "file_request"),
    ("broken, 12305 refused", dispute("damaged", said(2, "courier_cs"), lodged(
        5, "p12305", state="refused", ended_at=at(9)), evidence=had("photo")), 12, "file_request"),
    ("courier offers", dispute("lost", said(2, "courier_cs"), heard(3, "offered", "courier_cs")), 4,
     "answer_offer_courier"),
    # What they missed is cited in the step that is mine anyway.
    ("stalled and refused", dispute("quality", said(2), heard(16, "refused")), 18, "rebut_in_app"),
    ("stalled, refused, waited", dispute("quality", said(2), heard(11, "refused")), 20, "rebut_in_app"),
    # The shop stays silent.
    ("mute shop", dispute("quality", said(2)), 8, "file_request"),
    ("mute, not shipped", dispute("not_shipped", said(2)), 8, "refund_unshipped"),
    ("agreed in the app, not paid yet", dispute("quality", lodged(2, "app_aftersale"),
                                                heard(3, "agreed", "app_aftersale", turn="theirs")), 7, "ask_paid"),
    ("mute, refund only", dispute("refund_only_refused", said(2)), 8, "ask_return_instead"),
    ("mute, harassment", dispute("privacy", said(2)), 8, "ask_platform_harassment"),
    ("mute, wrong charge", dispute("account_pay", said(2)), 8, "ask_platform_payment"),
    ("mute, injury", dispute("injury", lodged(2, "r12315"), said(2)), 8, "file_12315"),
    ("seven days over", dispute("quality", order=RECEIVED), 9, "notify_shop"),
    ("amber, and no promise broken", dispute("quality", said(2)), 4, "chase"),
    ("amber only", dispute("quality", said(2)), 3, "look"),
    ("goods on their way", dispute("refuse_return", said(2), milestones={"return_shipped": at(3)}), 5, "look_return"),
    ("goods back, four days", dispute("quality", said(2), milestones={
        "return_shipped": at(3), "merchant_received_return": at(5)}), 9, "look"),
    ("goods back, asked in the app", dispute("quality", lodged(2, "app_aftersale"), milestones={
        "return_shipped": at(4), "merchant_received_return": at(6)}), 16, "intervene"),
    ("goods back for long", dispute("refuse_refund", said(2), milestones={
        "return_shipped": at(3), "merchant_received_return": at(5)}), 20, "intervene"),
    ("never arrived", dispute("refuse_return", said(2), milestones={"return_shipped": at(3)}), 25,
     "note_return_arrived"),
    # Offers, questions, consents.
    ("voucher for food", dispute("food", said(2), heard(3, "offered"), lodged(2, "r12315"),
                                 evidence=had("medical")), 5, "answer_offer_food"),
    ("part of the price", dispute("quality", said(2), heard(3, "offered")), 5, "answer_offer_defect"),
    ("voucher for a fake", dispute("counterfeit", said(2), heard(3, "offered")), 5, "answer_offer_fraud"),
    ("voucher for a lost parcel", dispute("lost", said(2), heard(3, "offered")), 5, "answer_offer_transport"),
    ("voucher for what is missing", dispute("short_missing", said(2), heard(3, "offered")), 5, "answer_offer_short"),
    ("voucher for rotten fruit", dispute("bad_fruit", said(2), heard(3, "offered")), 5, "answer_offer_fruit"),
    ("voucher for a return", dispute("refuse_refund", said(2), heard(3, "offered")), 5, "answer_offer_return"),
    ("repair to be paid", dispute("warranty", said(2), heard(3, "offered")), 5, "answer_offer_warranty"),
    ("court asks", dispute("quality", lodged(2, "court"), heard(3, "asked", "court")), 5, "give_court"),
    ("association asks", dispute("quality", lodged(2, "consumer_assoc"), heard(3, "asked", "consumer_assoc")), 5,
     "give_asked"),
    ("asked for pictures, courier told", dispute("quality", said(2), heard(3, "asked"), said(4, "courier_cs")), 5,
     "give_asked"),
    ("asked for pictures", dispute("quality", said(2), heard(3, "asked")), 5, "give_asked"),
    ("asked for papers", dispute("quality", lodged(2, "c12315"), heard(3, "asked", "c12315")), 5, "give_office"),
    ("agreed", dispute("quality", said(2), heard(3, "agreed")), 5, "pin_agreed"),
    ("agreed and noted", dispute("quality", said(2), heard(4, "agreed"), milestones={"refund_agreed": at(3)}), 5,
     "ask_paid"),
    ("agreed to a return", dispute("quality", said(2), heard(3, "agreed"), demand=Demand(remedy="return_refund")), 4,
     "pin_agreed"),
    ("agreed to send it", dispute("short_missing", said(2), heard(3, "agreed"), demand=Demand(remedy="resend")), 4,
     "pin_deed"),
    ("agreed to exchange", dispute("quality", said(2), heard(3, "agreed"), demand=Demand(remedy="exchange")), 4,
     "pin_deed"),
    ("agreed to stop", dispute("privacy", said(2), heard(3, "agreed")), 4, "pin_deed"),
    ("agreed in a mediation", dispute("quality", lodged(2, "c12315"), heard(3, "agreed", "c12315")), 4, "pin_mediated"),
    ("agreement noted", dispute("quality", lodged(2, "consumer_assoc"), heard(3, "agreed", "consumer_assoc"),
                                milestones={"mediation_agreement_effective": at(3)}), 4, "confirm_in_court"),
    ("agreed in the app, unpaid", dispute("quality", lodged(2, "app_aftersale", state="answered", ended_at=at(3)),
                                          milestones={"refund_agreed": at(3)}), 11, "ask_platform"),
    ("refund shown", dispute("quality", said(2), milestones={"refunded": at(6)}), 7, "check_money"),
    # Authorities, association, court.
    ("12315 in time", dispute("quality", lodged(2, "c12315")), 10, "look"),
    ("12315 in time, looked", dispute("quality", lodged(2, "c12315"), looked={"Lc12315": at(10, 8)}), 10,
     "wait_theirs"),
    ("12315, two weeks after it accepted", dispute("quality", lodged(2, "c12315", state="accepted", accepted_at=at(4))),
     20, "ask_office"),
    ("12315 said something", dispute("quality", lodged(2, "c12315"), heard(5, "other", "c12315")), 6, "record_result"),
    ("12315 decided", dispute("quality", lodged(2, "c12315"), heard(5, "decided", "c12315")), 6, "keep_result"),
    ("12315 refused twice", dispute("quality", lodged(2, "c12315", id="A", state="refused", ended_at=at(5)),
                                    lodged(6, "c12315", id="B", state="refused", ended_at=at(9))), 10,
     "file_association"),
    ("12305 in time", dispute("lost", said(3), lodged(4, "app_aftersale", aftersale_state=8, aftersale_turn="theirs"),
                              lodged(2, "p12305")), 4, "look"),
    ("report refused beside the complaint", dispute(
        "price", lodged(2, "c12315", state="accepted", accepted_at=at(4)),
        lodged(3, "r12315", state="refused", ended_at=at(6))), 7, "use_report"),
    ("report told of", dispute(
        "price", lodged(2, "c12315", state="accepted", accepted_at=at(4)),
        lodged(3, "r12315", state="refused", ended_at=at(6)), said(8, "c12315")), 9, "look"),
    ("report found it", dispute("price", lodged(2, "c12315", state="accepted", accepted_at=at(4)), lodged(3, "r12315"),
                                heard(6, "decided", "r12315")), 7, "use_report"),
    ("what it found told of", dispute(
        "price", lodged(2, "c12315", state="accepted", accepted_at=at(4)), lodged(3, "r12315"),
        heard(6, "decided", "r12315"), said(8, "c12315")), 9, "look"),
    ("ODR in time", dispute("not_shipped", lodged(2, "odr12315")), 13, "look"),
    ("ODR failed, not shipped", dispute("not_shipped", lodged(2, "odr12315", state="refused", ended_at=at(6))), 7,
     "file_12315"),
    ("ODR answered", dispute("lost", lodged(2, "odr12315"), heard(5, "other", "odr12315")), 6, "answer_them"),
    ("association ended", dispute("quality", lodged(2, "consumer_assoc", state="ended", ended_at=at(6))), 7,
     "keep_result"),
    ("association said something", dispute("quality", lodged(2, "consumer_assoc"), heard(5, "other", "consumer_assoc")),
     6, "record_result"),
    ("mediation ended, no notice kept", dispute("quality", lodged(2, "c12315", state="ended", accepted_at=at(3),
                                                                  ended_at=at(6))), 7, "secure_end"),
    ("not docketed yet, looked", dispute("quality", lodged(2, "court"), looked={"Lcourt": at(8, 8)}), 8, "wait_theirs"),
    ("a day for the hearing", dispute("quality", lodged(2, "court"), heard(5, "other", "court")), 6, "record_hearing"),
    ("sent back by the court", dispute("quality", lodged(2, "court", state="refused", ended_at=at(5))), 6,
     "refile_court"),
    ("no arbitration agreement", dispute("quality", lodged(2, "arbitration", state="refused", ended_at=at(5))), 6,
     "file_court"),
    ("arbitration silent", dispute("quality", lodged(2, "arbitration")), 20, "ask_arbitration"),
    ("12315 silent", dispute("quality", lodged(2, "c12315")), 13, "ask_office"),
    ("12315 refused", dispute("quality", lodged(2, "c12315", state="refused", ended_at=at(6))), 7, "secure_notice"),
    ("ground known", dispute("quality", lodged(2, "c12315", state="refused", ended_at=at(6)),
                             evidence=had("authority_doc")), 7, "file_12315_again"),
    ("mediation ended", dispute("quality", lodged(2, "c12315", state="ended", accepted_at=at(3), ended_at=at(6)),
                                evidence=had("authority_doc")), 7, "file_court"),
    ("mediation over sixty days", dispute("quality", lodged(2, "c12315", state="accepted",
                                                            filed_at=at(2, month=8), accepted_at=at(3, month=8))), 7,
     "file_court"),
    ("report without result", dispute("price", lodged(2, "r12315", filed_at=at(1, month=9))), 7, "ask_office"),
    ("ODR failed", dispute("price", lodged(2, "odr12315", state="refused", ended_at=at(6))), 7, "file_12315"),
    ("association refused", dispute("quality", lodged(2, "consumer_assoc", state="refused", ended_at=at(6))), 7,
     "file_12315"),
    ("12305 silent", dispute("lost", lodged(2, "p12305", filed_at=at(1, month=10))), 7, "ask_office"),
    ("not docketed yet", dispute("quality", lodged(2, "court")), 12, "ask_docket"),
    ("docketed, two weeks", dispute("quality", lodged(2, "court", state="accepted", accepted_at=at(4))), 20, "look"),
    ("docketed, four months", dispute("quality", lodged(2, "court", state="accepted", filed_at=at(1, month=7),
                                                        accepted_at=at(5, month=7))), 20, "ask_judge"),
    ("judgment unpaid", dispute("quality", lodged(2, "court", state="ended", ended_at=at(9))), 12, "enforce"),
    ("stalling, 12315 has it", dispute("quality", said(2), lodged(8, "c12315", state="accepted", accepted_at=at(10))),
     19, "cite_stalling"),
    # Promises and plans.
    ("promise runs", dispute("quality", said(2), heard(3, promises=(promise(at(9)),))), 5, "wait_promise"),
    ("promise late", dispute("quality", said(2), heard(3, promises=(promise(at(4)),))), 9, "settle_promise"),
    ("promise without a date", dispute("quality", said(2), heard(3, promises=(promise(None),))), 3, "look"),
    ("planned", dispute("quality", said(2), follow_ups=(follow_up(at(2, 18)),)), 3, "do_planned"),
    ("closed", dispute("quality", said(2), status="closed", closed_at=at(3)), 4, "nothing"),
)  # fmt: skip


@pytest.mark.parametrize(("which", "day", "act"), [pytest.param(*each[1:], id=each[0]) for each in ADVICE])
def test_the_act_is_what_a_good_adviser_would_say(which: Case, day: int, act: str) -> None:
    found = look(which, at(day))
    assert found.steps[0].act.id == act, [step.act.id for step in found.steps]


def test_an_act_names_since_when_they_have_been_asked() -> None:
    assert "waiting since 2026-11-02" in str(look(dispute("quality", said(2)), at(4)).steps[0].words)


def test_an_act_may_name_something_in_one_language_alone() -> None:
    plain = structs.replace(RULES.acts["chase"], zh="再催一次")
    rules = structs.replace(RULES, acts={**RULES.acts, "chase": plain})
    words = attention(dispute("quality", said(2)), at(4), rules, CALENDAR).steps[0].words
    assert "waiting since 2026-11-02" in str(words)


def test_every_flag_has_a_name_and_a_reason() -> None:
    for _, which, day, _ in ADVICE:
        for flag in look(which, at(day)).flags:
            assert None not in (flag.text, flag.why), flag.kind


BROKEN = {
    "quality": "file_request",
    "lost": "request_not_received",
    "bad_fruit": "claim_fruit",
    "refund_only_refused": "ask_return_instead",
    "not_shipped": "refund_unshipped",
    "merchant_gone": "demand_identity",
    "privacy": "chase",
}


def put_off(problem: str) -> tuple[Step, ...]:
    """What to do a little later than a day after the demand, when the shop has broken its promise."""
    kept = had("unboxing", "waybill", "shop_licence")
    broken = heard(2, promises=(promise(at(3), state="broken"),))
    return look(dispute(problem, said(2), broken, evidence=kept), at(3, 15)).steps


@pytest.mark.parametrize(("problem", "act"), BROKEN.items())
def test_a_broken_promise_of_the_shop_is_not_waited_for_a_second_time(problem: str, act: str) -> None:
    assert put_off(problem)[0].act.id == act


def test_what_a_problem_starts_with_is_what_its_first_acts_lead_to() -> None:
    """The handbook's `first` of a problem and the table say the same, evidence aside, which goes before both."""
    playbooks = {book.channel: book.id for book in BOOK.playbooks} | {"courier_cs": "pb_courier"}
    for problem in BOOK.problems:
        scene = look(dispute(problem.id), at(1)).scene
        opening = (Situation(moment="first"), Situation(moment="untold", thread=scene.threads[0]))
        found = [step.act.channel for situation in opening for step in steps(scene, situation)]
        ways = [playbooks[channel] for channel in found if channel in playbooks]
        assert ways[: len(problem.first)] == list(problem.first), problem.id


# Nothing is dead, and nothing is caught by what catches all where the problem has a way of its own.

MINE: tuple[Moment, ...] = ("untold", *get_args(Reply)[:5], "answered", "ended")
THEIRS: tuple[Moment, ...] = ("silent", "unanswered")
CLOCKED: tuple[Moment, ...] = ("right_runs", "duty_missed")
WAYS = tuple((rung.id, channel) for rung in RULES.ladder for channel in rung.channels if channel in RULES.channels)


def on(
    problem: str | None, rung: str, channel: str, *, accepted: bool = False, over: bool = False, **fields: Any
) -> Scene:
    """A case of that problem with one filing there, as `steps` sees it."""
    filing = Filing(id="L", rung=rung, channel=channel, filed_at=at(2))
    if over:
        filing = structs.replace(filing, state="refused", ended_at=at(3))
    elif accepted:
        filing = structs.replace(filing, state="accepted", accepted_at=at(2))
    return look(case(problem=problem, filings=(filing,), **fields)).scene


def running(rule: DeadlineRule) -> Deadline:
    return Deadline(rule=rule, start=at(1), due=Due(at=at(20), whole_day=True, start=at(1)), state="running")


def everything() -> Iterator[Step]:
    """What leads, over every problem, rung, channel and moment of a thread, and every single thing."""
    for problem, (rung, channel) in product((*PROBLEMS, None), WAYS):
        for accepted, milestones in product(
            (False, True),
            ({}, {"refund_agreed": at(3)}, {"return_shipped": at(3)}, {"mediation_agreement_effective": at(3)}),
        ):
            scene = on(problem, rung, channel, accepted=accepted, milestones=milestones)
            for moment in (*MINE, *THEIRS, "waiting", "returning", "has_come", "countdown_near", "countdown_over"):
                yield from steps(scene, Situation(moment=moment, thread=scene.threads[-1]))
    window = dispute("quality", order=structs.replace(case().order, received_at=at(1)))
    yield from steps(look(window, at(2)).scene, Situation(moment="untold"))
    yield from steps(on(None, "direct", "merchant_chat"), Situation(moment="untold"))
    for code in (None, *RULES.aftersales):
        scene = on("quality", "request", "app_aftersale")
        for moment in ("app_waits", "refused", "countdown_unknown", "my_clock_runs"):
            yield from steps(scene, Situation(moment=moment, thread=scene.threads[-1], state=code))


def test_every_row_leads_somewhere() -> None:
    seen = {step.row.id for step in everything()}
    scene = on("quality", "request", "app_aftersale")
    app = [running(rule) for rule in (RULES.countdown, RULES.my_countdown) if rule is not None]
    for moment, clock, code in product(get_args(Moment), (None, *map(running, RULES.deadlines), *app), (None, 6, 7)):
        there = Situation(moment=moment, thread=scene.threads[0], clock=clock, state=code)
        seen |= {step.row.id for step in steps(scene, there)}
    for problem, clock in product(PROBLEMS, map(running, RULES.deadlines)):
        scene = on(problem, "direct", "merchant_chat")
        for moment in CLOCKED:
            seen |= {step.row.id for step in steps(scene, Situation(moment=moment, clock=clock))}
    seen |= {step.row.id for _, which, day, _ in ADVICE for step in look(which, at(day)).steps}
    seen |= {step.row.id for problem in BROKEN for step in put_off(problem)}
    for reply in (None, "refused"):
        police = dispute("quality", said(2, "police"), heard(3, reply, "police"))
        seen |= {step.row.id for step in look(police, at(20)).steps}
    assert {row.id for row in RULES.next_rows} - seen == set()


def test_rows_that_catch_all_come_last_and_are_few() -> None:
    assert [row.catch_all for row in RULES.next_rows] == sorted(row.catch_all for row in RULES.next_rows)
    caught = {
        (moment, channel)
        for problem, (rung, channel), moment in product(PROBLEMS, WAYS, (*MINE, *THEIRS))
        for scene in (on(problem, rung, channel, over=moment in ("refused", "ended")),)
        if steps(scene, Situation(moment=moment, thread=scene.threads[-1]))[0].row.catch_all
    }
    assert caught == set()


@pytest.mark.parametrize("moment", [*MINE, *THEIRS])
def test_every_problem_has_an_act_on_every_rung_after_every_outcome(moment: Moment) -> None:
    for problem, (rung, channel) in product((*PROBLEMS, None), WAYS):
        scene = on(problem, rung, channel)
        assert steps(scene, Situation(moment=moment, thread=scene.threads[-1])), (problem, rung, channel)


@pytest.mark.parametrize("act", RULES.acts.values(), ids=lambda act: act.id)
def test_every_act_names_a_deed_and_is_used(act: Act) -> None:
    assert act.deed in DEED_KEYS
    assert any(act.id in row.acts for row in RULES.next_rows)
    assert act.reason.zh
    assert act.src
    if act.deed == "file":
        rung = RULES.rung(act.rung or "")
        assert rung is not None
        assert act.channel in rung.channels


# A day that a clock needs.

GOT, SHOWN = Order(received_at=at(5)), Order(delivered_at=at(5))
SAID = (said(2),)


@pytest.mark.parametrize(
    ("which", "asked"),
    [
        (dispute("quality", *SAID), "note_receipt"),
        (dispute(None, *SAID), "note_receipt"),
        (dispute("quality"), "note_receipt"),
        (dispute("quality", *SAID, order=SHOWN), "note_receipt"),
        (dispute("quality", *SAID, order=GOT), None),
        (dispute("quality", *SAID, milestones={"received": at(5)}), None),
        (dispute("quality", *SAID, milestones={"return_notice": at(5)}), None),
        (dispute("quality", *SAID, status="withdrawn", closed_at=at(6)), None),
        (dispute("privacy", *SAID), None),
        (dispute("lost", *SAID), "note_delivery"),
        (dispute("fake_sign", *SAID), "note_delivery"),
        (dispute("lost"), "note_delivery"),
        (dispute("fake_sign", *SAID, order=SHOWN), None),
        (dispute("fake_sign", *SAID, milestones={"delivered": at(5)}), None),
        (dispute("fake_sign", *SAID, lodged(4, "app_aftersale")), None),
        (dispute("not_shipped", *SAID), None),
        (dispute("fake_shipping", *SAID), None),
    ],
)
def test_a_day_that_a_clock_needs_is_asked_for_last_and_a_parcel_that_never_came_for_no_day_of_receipt(
    which: Case, asked: str | None
) -> None:
    found = [step.act.id for step in look(which, at(20)).steps]
    assert {"note_receipt", "note_delivery"} & set(found) == ({asked} if asked else set())
    if asked:
        assert found[-1] == asked
        assert len(found) > 1
        assert RULES.acts[asked].deed == "edit"


def test_no_parcel_that_never_came_is_asked_for_a_day_of_receipt() -> None:
    for problem in BOOK.problems:
        found = {step.act.id for step in look(dispute(problem.id, *SAID), at(20)).steps}
        assert not (problem.undelivered and "note_receipt" in found), problem.id
