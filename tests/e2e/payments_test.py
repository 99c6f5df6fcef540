"""Twelve monthly payments to 10,000 households while processes are killed at random and every call is made twice."""

import base64
import hashlib
import os
import random
import threading
import time
import unittest

from contracts import ApiError
from suite import Suite

HOUSEHOLDS = 10_000
YEAR = 2025
ORGANIZATION = "organizations/hundun"
STANDARD_FEN = 72_000
SERVICE = "welfare.v1.PaymentBatchService/"
CALCULATED = 2
TRANSIENT = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "RESOURCE_EXHAUSTED")
RETURN_ROWS = 1500  # of one message
SEED = 20250101


def amount_fen(number):
    """What household `number` receives a month: the standard less its income (payments/30_cases.csv)."""
    return STANDARD_FEN - (9_999 + number)


MONTH_FEN = sum(amount_fen(number) for number in range(1, HOUSEHOLDS + 1))


def date(year, month, day):
    return {"year": year, "month": month, "day": day}


class Killer(threading.Thread):
    """Kills one process after the other at random moments, and starts each again, until it is told to stop."""

    def __init__(self, suite, random_source):
        super().__init__(daemon=True)
        self.suite = suite
        self.random = random_source
        self.stopping = threading.Event()
        self.kills = {service: 0 for service in ("registry", "welfare", "gateway")}
        self.failure = None

    def run(self):
        try:
            while not self.stopping.wait(self.random.uniform(0.3, 1.5)):
                # Most kills hit the service that keeps the money.
                victim = self.random.choice(("welfare", "welfare", "welfare", "gateway", "registry"))
                self.suite.kill(victim)
                self.suite.start(victim)
                self.kills[victim] += 1
        except Exception as error:  # pylint: disable=broad-except  # told by the test's own thread
            self.failure = error

    def finish(self):
        self.stopping.set()
        self.join()
        if self.failure:
            raise self.failure


class PaymentsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        cls.addClassCleanup(cls.suite.close)
        cls.suite.start_all()
        cls.suite.load(os.path.join("..", "tests", "e2e", "payments"))
        cls.api = cls.suite.api()
        cls.addClassCleanup(cls.api.close)

    def until_answered(self, what):
        end = time.monotonic() + 120
        while True:
            try:
                return what()
            except ApiError as error:
                if error.code.name not in TRANSIENT or time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def twice(self, method, request_id, caller="preparer", **fields):
        """A write with its repetition: both answers are the same."""
        def call():
            return self.api.call(SERVICE + method, metadata=(("dangjian-caller", caller),), requestId=request_id,
                                 **fields)
        first = self.until_answered(call)
        again = self.until_answered(call)
        self.assertEqual(first.SerializeToString(deterministic=True), again.SerializeToString(deterministic=True))
        return first

    def bank_file(self, name):
        def read():
            return b"".join(part.content for part in self.api.stream(SERVICE + "QueryBankFile", name=name))
        return self.until_answered(read)

    def return_of(self, rows, month, shuffle):
        """What the bank answers, in its own order and in parts."""
        rows = [f"{row[2]},PAID,,{YEAR}-{month:02}-15,{row[6]}\r\n" for row in rows]
        shuffle(rows)
        parts = [rows[i:i + RETURN_ROWS] for i in range(0, len(rows), RETURN_ROWS)]
        parts[-1].append("no-such-line,PAID,,2025-01-15,1.00\r\n")  # of another payer
        return ["".join(part).encode() for part in parts]

    def pay(self, month, shuffle):
        """One month from the making of its batch to the end; returns the rows of the bank file."""
        made = self.twice("CreatePaymentBatch", f"{month}-create", paymentBatch={
            "scheme": "mls", "organization": ORGANIZATION, "benefitMonth": date(YEAR, month, 1),
            "runKind": "PAYMENT_RUN_KIND_REGULAR"})
        name = made.name
        batch, call = made, 0
        while batch.state < CALCULATED:
            call += 1
            batch = self.twice("CalculatePaymentBatch", f"{month}-calculate-{call}", name=name, maxLines=2000,
                               occurredOn=date(YEAR, month, 5), preparer="members/preparer")
        self.assertEqual((batch.line_count, batch.total_fen), (HOUSEHOLDS, MONTH_FEN))
        self.twice("ReviewPaymentBatch", f"{month}-review", caller="reviewer", name=name,
                   reviewer="members/reviewer", occurredOn=date(YEAR, month, 6))
        self.twice("ApprovePaymentBatch", f"{month}-approve", caller="approver", name=name,
                   approver="members/approver", digest=batch.digest, occurredOn=date(YEAR, month, 7))
        exported = self.twice("ExportPaymentBatch", f"{month}-export", name=name, occurredOn=date(YEAR, month, 8))
        content = self.bank_file(name)
        self.assertEqual(hashlib.sha256(content).hexdigest(), exported.file_digest)
        self.assertEqual(self.bank_file(name), content)
        self.twice("MarkPaymentBatchSent", f"{month}-sent", name=name, occurredOn=date(YEAR, month, 9))
        rows = [line.split(",") for line in content.decode().split("\r\n")[1:] if line]
        parts = self.return_of(rows, month, shuffle)
        for index, part in enumerate(parts):
            answer = self.twice("ImportBankReturn", f"{month}-return-{index}", name=name, fileName=f"{month}.csv",
                                chunkIndex=index, lastChunk=index == len(parts) - 1,
                                content=base64.b64encode(part).decode(),
                                occurredOn=date(YEAR, month, 16))
        self.assertEqual(answer.foreign, 1)
        settled = self.twice("SettlePaymentBatch", f"{month}-settle", name=name, occurredOn=date(YEAR, month, 20))
        self.assertEqual((settled.paid_count, settled.paid_fen), (HOUSEHOLDS, MONTH_FEN))
        self.assertEqual(self.bank_file(name), content)
        return rows

    def figure(self, measure, filters=()):
        """The year's value of a measure of the welfare service."""
        selector = {"measure": measure, "organization": ORGANIZATION, "filters": list(filters),
                    "period": {"startDate": date(YEAR, 1, 1), "endDate": date(YEAR, 12, 31)}}
        return self.welfare.call("measure.v1.MeasureService/QueryMeasures", selectors=[selector]).values[0].value

    def through_the_gateway(self, call):
        """The answer, once the gateway has seen that welfare is back from its last kill."""
        end = time.monotonic() + 20
        while True:
            try:
                return call()
            except ApiError as error:
                if error.code.name != "UNAVAILABLE" or time.monotonic() > end:
                    raise
            time.sleep(0.1)

    def test_nobody_is_paid_twice_or_left_out(self):
        source = random.Random(SEED)
        killer = Killer(self.suite, random.Random(SEED + 1))
        killer.start()
        keys, paid = set(), {}
        try:
            for month in range(1, 13):
                rows = self.pay(month, source.shuffle)
                self.assertEqual(len(rows), HOUSEHOLDS)
                for row in rows:
                    keys.add(row[2])
                    paid[row[5]] = paid.get(row[5], 0) + round(float(row[6]) * 100)
        finally:
            killer.finish()
        self.assertGreater(min(killer.kills.values()), 0, killer.kills)
        self.assertEqual(len(keys), 12 * HOUSEHOLDS)
        self.assertEqual(paid, {f"token-{n:05}": 12 * amount_fen(n) for n in range(1, HOUSEHOLDS + 1)})

        self.welfare = self.suite.api("welfare")
        self.addCleanup(self.welfare.close)
        self.assertEqual(self.figure("mls_paid"), 12 * MONTH_FEN)
        accounts = {account: self.figure("ledger_balance", [{"dimension": "account", "values": [account]}])
                    for account in ("APPROPRIATION", "PAYABLE", "IN_TRANSIT", "PAID", "RETURNED",
                                    "RECOVERY_RECEIVABLE")}
        self.assertEqual(accounts, {"APPROPRIATION": -12 * MONTH_FEN, "PAYABLE": 0, "IN_TRANSIT": 0,
                                    "PAID": 12 * MONTH_FEN, "RETURNED": 0, "RECOVERY_RECEIVABLE": 0})
        reconciled = self.through_the_gateway(lambda: self.api.call(
            SERVICE + "QueryPaymentReconciliation", organization=ORGANIZATION, month=date(YEAR, 12, 1)))
        self.assertTrue(reconciled.matches)
        self.assertEqual(reconciled.open_line_count, 0)


if __name__ == "__main__":
    unittest.main()
