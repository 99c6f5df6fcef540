"""A month's payment while people die, move, are stopped, suspended and paid elsewhere at each point on the way to the bank.

Real processes: what the registry and the cases learn is told through the gateway, and a moment later the batch goes on.
"""

import base64
import os
import tempfile
import time
import unittest

from contracts import ApiError
from payments_test import ORGANIZATION, SERVICE, YEAR, amount_fen, date
from suite import SEEDS, Suite

HELD = 2
REVIEWED, APPROVED, EXPORTED = 3, 4, 5
POINTS = ("after the calculation", "after the review", "after the approval")
EVENTS = ("death", "stop_list", "move", "suspension", "payee", "stop")
HOLD_REASONS = {"death": "DECEASED", "stop_list": "IN_CUSTODY", "move": "MOVED_OUT", "suspension": "CASE_SUSPENDED",
                "payee": "PAYEE_CHANGED", "stop": "CASE_ENDED"}
# One household for each event at each point, and six about whom nothing is told.
HOUSEHOLDS = len(EVENTS) * len(POINTS) + 6


def household_of(event, point):
    return 1 + point * len(EVENTS) + EVENTS.index(event)


def line_of(number, month, sequence=1):
    return f"paymentLines/c-{number:05}-{YEAR}{month:02}-regular-regular-{sequence}"


def small_copy(folder):
    """The seeds of the payments test with few households."""
    source = os.path.join(SEEDS, "..", "tests", "e2e", "payments")
    for name in os.listdir(source):
        with open(os.path.join(source, name), encoding="utf-8") as file:
            text = file.read().replace("1..10000", f"1..{HOUSEHOLDS}")
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    return folder


class RecheckTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        cls.addClassCleanup(cls.suite.close)
        cls.suite.start_all()
        with tempfile.TemporaryDirectory() as folder:
            cls.suite.load(small_copy(folder))
        cls.api = cls.suite.api()
        cls.addClassCleanup(cls.api.close)
        cls.api.call("registry.v1.OrganizationService/CreateOrganization", organizationId="linqu", organization={
            "kind": "ORGANIZATION_KIND_COMMUNITY", "displayName": "邻区社区", "activatedOn": date(2000, 1, 1)})

    def step(self, method, caller="preparer", patience=20, **fields):
        """Sends again what is refused because welfare has not found the registry again."""
        end = time.monotonic() + patience
        while True:
            try:
                return self.api.call(SERVICE + method, metadata=(("dangjian-caller", caller),), **fields)
            except ApiError as error:
                if error.code.name != "UNAVAILABLE" or time.monotonic() > end:
                    raise
            time.sleep(0.1)

    def approve(self, batch, day, **options):
        return self.step("ApprovePaymentBatch", caller="approver", **options, name=batch.name, approver="members/approver",
                         digest=batch.digest, occurredOn=day)

    def review(self, name, day):
        return self.step("ReviewPaymentBatch", caller="reviewer", name=name, reviewer="members/reviewer",
                         occurredOn=day)

    def calculate(self, month, day):
        made = self.step("CreatePaymentBatch", paymentBatch={
            "scheme": "mls", "organization": ORGANIZATION, "benefitMonth": date(YEAR, month, 1),
            "runKind": "PAYMENT_RUN_KIND_REGULAR"})
        return self.step("CalculatePaymentBatch", name=made.name, maxLines=2000, occurredOn=day,
                         preparer="members/preparer")

    # What comes up, each told as an office would tell it.

    def death(self, number, day):
        self.api.call("registry.v1.ResidentService/RecordResidentDeath", name=f"residents/r-{number:05}",
                      occurredOn=day)

    def stop_list(self, number, day):
        self.api.call("welfare.v1.StopListEntryService/CreateStopListEntry", stopListEntryId=f"s-{number}",
                      stopListEntry={"resident": f"residents/r-{number:05}", "source": "比对", "startDate": day,
                                     "reason": "STOP_LIST_REASON_IN_CUSTODY"})

    def move(self, number, day):
        self.api.call("registry.v1.ResidentService/MoveResident", name=f"residents/r-{number:05}", occurredOn=day,
                      organization="organizations/linqu", kind="RESIDENCE_KIND_PERMANENT")

    def suspension(self, number, day):
        self.decide("SuspendMlsCase", number, day)

    def payee(self, number, day):
        self.benefit("ChangeMlsPayee", number, occurredOn=day, payeeName="新户名", payeeReference=f"new-{number:05}")

    def stop(self, number, day):
        before = dict(day, day=day["day"] - 1)
        self.benefit("NotifyMlsHearing", number, occurredOn=before, matter="拟停发", intended="MLS_DECISION_KIND_STOP")
        self.benefit("RecordMlsHearing", number, occurredOn=before, number=1, opinion="无异议",
                     outcome="MLS_HEARING_OUTCOME_OPINION_RECORDED")
        self.decide("StopMlsCase", number, day)

    def decide(self, method, number, day):
        self.benefit(method, number, note={"decidedOn": day, "preparedBy": "staff/a", "decidedBy": "staff/c",
                                           "reason": "核查"})

    def benefit(self, method, case, /, **fields):
        self.api.call("welfare.v1.MlsBenefitService/" + method, name=f"mlsCases/c-{case:05}", **fields)

    def tell(self, point, day):
        for event in EVENTS:
            getattr(self, event)(household_of(event, point), day)

    def assert_held(self, batch, points):
        """The step held the lines of the newest of the points and did nothing else; the old digest is refused."""
        self.assertEqual(batch.state, REVIEWED)
        self.assertEqual(batch.approver, "")
        held = [household_of(event, point) for point in points for event in EVENTS]
        self.assertEqual((batch.held_count, batch.held_fen), (len(held), sum(map(amount_fen, held))))
        for point in points:
            for event in EVENTS:
                line = self.api.call("welfare.v1.PaymentLineService/GetPaymentLine",
                                     name=line_of(household_of(event, point), 5))
                with self.subTest(event=event, point=POINTS[point]):
                    self.assertEqual(line.state, HELD)
                    reason = line.DESCRIPTOR.fields_by_name["hold_reason"].enum_type.values_by_number[line.hold_reason]
                    self.assertEqual(reason.name, "HOLD_REASON_" + HOLD_REASONS[event])
                    self.assertTrue(line.hold_reason_zh)

    def to_the_end(self, batch, month, day):
        """From the approval to the settlement; returns what went to each account."""
        approved = self.approve(batch, day)
        self.assertEqual(approved.state, APPROVED, approved)
        exported = self.step("ExportPaymentBatch", name=batch.name, occurredOn=day)
        self.assertEqual(exported.state, EXPORTED, exported)
        content = b"".join(part.content for part in self.api.stream(SERVICE + "QueryBankFile", name=batch.name))
        rows = [line.split(",") for line in content.decode().split("\r\n")[1:] if line]
        self.step("MarkPaymentBatchSent", name=batch.name, occurredOn=day)
        answer = "".join(f"{row[2]},PAID,,{YEAR}-{month:02}-20,{row[6]}\r\n" for row in rows).encode()
        self.import_return(batch.name, answer, date(YEAR, month, 21))
        settled = self.step("SettlePaymentBatch", name=batch.name, occurredOn=date(YEAR, month, 22))
        self.assertEqual(settled.paid_fen, sum(round(float(row[6]) * 100) for row in rows))
        return {(row[2], row[5]): round(float(row[6]) * 100) for row in rows}

    def import_return(self, name, content, day):
        self.step("ImportBankReturn", name=name, fileName="r.csv", chunkIndex=0, lastChunk=True, occurredOn=day,
                  content=base64.b64encode(content).decode())

    def balances(self):
        welfare = self.suite.api("welfare")
        self.addCleanup(welfare.close)
        selectors = [{"measure": "ledger_balance", "organization": ORGANIZATION,
                      "filters": [{"dimension": "account", "values": [account]}],
                      "period": {"startDate": date(YEAR, 1, 1), "endDate": date(YEAR, 12, 31)}}
                     for account in ("APPROPRIATION", "PAYABLE", "IN_TRANSIT", "PAID", "RETURNED")]
        answer = welfare.call("measure.v1.MeasureService/QueryMeasures", selectors=selectors)
        return [value.value for value in answer.values]

    def refused_without_the_registry(self, step):
        """Without the registry nobody knows who died: the step fails, and nothing of it is kept."""
        self.suite.kill("registry")
        with self.assertRaises(ApiError) as refused:
            step()
        self.assertEqual(refused.exception.code.name, "UNAVAILABLE")
        self.suite.start("registry")

    def test_what_comes_up_on_the_way_to_the_bank(self):
        batch = self.calculate(5, date(YEAR, 5, 5))
        self.assertEqual((batch.line_count, batch.held_count), (HOUSEHOLDS, 0))
        self.tell(0, date(YEAR, 5, 6))
        self.review(batch.name, date(YEAR, 5, 7))
        self.tell(1, date(YEAR, 5, 8))
        self.refused_without_the_registry(lambda: self.approve(batch, date(YEAR, 5, 9), patience=0))
        held = self.approve(batch, date(YEAR, 5, 9))
        self.assert_held(held, (0, 1))
        with self.assertRaises(ApiError) as refused:
            self.approve(batch, date(YEAR, 5, 9))
        self.assertEqual(refused.exception.reason, "BATCH_DIGEST_MISMATCH")
        self.suite.kill("welfare")
        self.suite.start("welfare")
        approved = self.approve(held, date(YEAR, 5, 10))
        self.assertEqual(approved.state, APPROVED)
        self.tell(2, date(YEAR, 5, 11))
        self.refused_without_the_registry(
            lambda: self.step("ExportPaymentBatch", patience=0, name=batch.name, occurredOn=date(YEAR, 5, 12)))
        held = self.step("ExportPaymentBatch", name=batch.name, occurredOn=date(YEAR, 5, 12))
        self.assert_held(held, (0, 1, 2))
        self.assertEqual(self.balances(), [0, 0, 0, 0, 0])

        rest = range(HOUSEHOLDS - 5, HOUSEHOLDS + 1)
        may = self.to_the_end(held, 5, date(YEAR, 5, 13))
        self.assertEqual(may, {(line_of(n, 5).split("/")[1], f"token-{n:05}"): amount_fen(n) for n in rest})

        # The entry of the list was about another person: its hold in the approved batch is ended.
        mistaken = household_of("stop_list", 2)
        self.api.call("welfare.v1.StopListEntryService/EndStopListEntry", name=f"stopListEntries/s-{mistaken}",
                      endDate=date(YEAR, 5, 14))
        self.api.call("welfare.v1.PaymentLineService/ReleasePaymentLine", name=line_of(mistaken, 5), note="同名不同人",
                      occurredOn=date(YEAR, 5, 15))
        batch = self.calculate(6, date(YEAR, 6, 5))
        batch = self.review(batch.name, date(YEAR, 6, 6))
        june = self.to_the_end(batch, 6, date(YEAR, 6, 7))
        expected = {(line_of(n, 6).split("/")[1], f"token-{n:05}"): amount_fen(n) for n in (*rest, mistaken)}
        expected[line_of(mistaken, 5, 2).split("/")[1], f"token-{mistaken:05}"] = amount_fen(mistaken)
        for point in range(len(POINTS)):
            moved = household_of("payee", point)
            for month, sequence in ((5, 2), (6, 1)):
                expected[line_of(moved, month, sequence).split("/")[1], f"new-{moved:05}"] = amount_fen(moved)
        # A case that was stopped in May is entitled to May: the next regular run looked at it anew.
        for point in range(len(POINTS)):
            stopped = household_of("stop", point)
            expected[line_of(stopped, 5, 2).split("/")[1], f"token-{stopped:05}"] = amount_fen(stopped)
        self.assertEqual(june, expected)

        batch = self.calculate(7, date(YEAR, 7, 5))
        batch = self.review(batch.name, date(YEAR, 7, 6))
        july = self.to_the_end(batch, 7, date(YEAR, 7, 7))
        self.assertFalse([line for line, _ in july if f"-{YEAR}05-" in line or f"-{YEAR}06-" in line])
        paid = sum(sum(month.values()) for month in (may, june, july))
        self.assertEqual(self.balances(), [-paid, 0, 0, paid, 0])


if __name__ == "__main__":
    unittest.main()
