"""Asks a real server, which `MARTLET_SERVE_EXAMPLE` names: the example whose values are known."""

import datetime
import math
import os
import socket
import subprocess
import threading
import unittest

from martlet import Client, MartletError, Refused, Unreachable
from martlet.values import plain, restored


class Server:
    def __init__(self):
        program = os.environ["MARTLET_SERVE_EXAMPLE"]
        self.process = subprocess.Popen(
            [program, "127.0.0.1:0", "2"], stdout=subprocess.PIPE, text=True
        )
        self.url = "http://" + self.process.stdout.readline().strip()

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


class ClientTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Client(cls.server.url)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.stop()

    def ask(self, *customers, **more):
        return self.client.get(
            "fraud_check",
            {"customer_id": customers},
            more or {"amount": [1.0] * len(customers), "at_hour": [3] * len(customers)},
        )

    def test_features_come_as_columns_with_a_status_for_each_value(self):
        answer = self.ask("c7", "nobody")
        self.assertEqual(answer.service, "fraud_check")
        self.assertEqual(answer.version, "v1")
        self.assertEqual(answer.features["spend__f0"], [7.25, None])
        self.assertEqual(answer.statuses["spend__f0"], ["present", "missing"])
        self.assertEqual(list(answer.features), [f"spend__f{index}" for index in range(10)])
        self.assertEqual(len(answer), 2)

    def test_an_answer_turns_into_rows_and_frames(self):
        answer = self.ask("c1", "c2")
        self.assertEqual(answer.to_dicts()[1]["customer_id"], "c2")
        self.assertEqual(answer.to_dicts()[1]["spend__f0"], 2.25)
        for convert, count in [
            ("to_pandas", lambda frame: len(frame)),
            ("to_polars", lambda frame: frame.height),
            ("to_arrow", lambda table: table.num_rows),
        ]:
            with self.subTest(convert):
                try:
                    converted = getattr(answer, convert)()
                except ImportError as missing:
                    self.skipTest(str(missing))
                self.assertEqual(count(converted), 2)

    def test_values_of_every_type_go_and_come_back(self):
        moment = datetime.datetime(2026, 1, 31, 23, 59, 59, 500_000, datetime.timezone.utc)
        given = {
            "flag": [True, None],
            "whole": [2**63 - 1, -(2**63)],
            "real": [0.1, math.inf],
            "text": ["é\0😀", ""],
            "moment": [moment, moment.replace(tzinfo=None)],
            "raw": [b"\x00\xff\x01", b""],
            "list": [[1, None], None],
            "vector": [[0.5, 1.0], None],
        }
        features = self.client.get("kinds", {"id": [1, 2]}, given).features
        for name in ("flag", "whole", "real", "text", "list", "vector"):
            self.assertEqual(features[name], given[name], name)
        self.assertEqual(features["moment"], ["2026-01-31T23:59:59.5Z"] * 2)
        self.assertEqual(features["raw"], ["AP8B", ""])

    def test_what_is_refused_says_where_and_why(self):
        with self.assertRaises(Refused) as refused:
            self.ask("c1", amount=["1"], at_hour=[1])
        self.assertEqual(
            (refused.exception.status, refused.exception.code, refused.exception.field),
            (422, "wrong-type", "given.amount[0]"),
        )
        with self.assertRaises(Refused) as refused:
            self.client.get("fraud_chek", {"customer_id": ["c1"]})
        self.assertEqual((refused.exception.status, refused.exception.code), (404, "unknown-service"))
        self.assertIn("fraud_check", refused.exception.detail)

    def test_rows_are_pushed(self):
        receipt = self.client.push(
            "transactions",
            ({"transaction_id": f"t{index}", "amount": index} for index in range(1_000)),
        )
        self.assertEqual((receipt.source, receipt.accepted), ("transactions", 1_000))
        self.assertEqual(receipt.without_key, {})
        with self.assertRaises(Refused) as refused:
            self.client.push("transactions", [{"transaction_id": "t"}, {"amont": 1}])
        self.assertEqual(refused.exception.field, "row 2.amont")
        with self.assertRaises(Refused) as refused:
            self.client.push("profiles", [{"customer_id": "c1"}])
        self.assertEqual(refused.exception.status, 409)

    def test_catalog_lineage_explanation_and_readiness(self):
        self.assertIn("wide", self.client.catalog()["services"])
        self.assertEqual(self.client.lineage("wide")["name"], "wide")
        self.assertEqual(
            self.client.explain("wide", "wide__f1", {"customer_id": "c1"})["feature"], "wide__f1"
        )
        self.assertTrue(self.client.is_ready())

    def test_threads_share_a_client(self):
        wrong = []

        def work(number):
            for index in range(50):
                answer = self.ask(f"c{number * 100 + index}")
                if answer.features["spend__f0"] != [number * 100 + index + 0.25]:
                    wrong.append(index)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_a_kept_connection_that_was_closed_is_opened_again(self):
        server = Server()
        client = Client(server.url)
        self.assertTrue(client.is_ready())
        port = int(server.url.rsplit(":", 1)[1])
        server.stop()
        with self.assertRaises(Unreachable):
            client.catalog()
        self.assertFalse(client.is_ready())
        again = subprocess.Popen(
            [os.environ["MARTLET_SERVE_EXAMPLE"], f"127.0.0.1:{port}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        again.stdout.readline()
        try:
            self.assertTrue(client.is_ready())
        finally:
            client.close()
            again.terminate()
            again.wait(20)
            again.stdout.close()

    def test_a_lookup_survives_the_servers_end_of_an_idle_connection(self):
        listener = socket.create_server(("127.0.0.1", 0))
        count = []

        def serve():
            for _ in range(2):
                peer, _ = listener.accept()
                peer.recv(65_536)
                count.append(1)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                peer.close()

        thread = threading.Thread(target=serve)
        thread.start()
        with Client(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            self.assertEqual(client.catalog(), {})
            self.assertEqual(client.catalog(), {})
        thread.join()
        listener.close()
        self.assertEqual(len(count), 2)

    def test_who_is_no_server_is_told_apart(self):
        with self.assertRaises(ValueError):
            Client("127.0.0.1:80")
        with self.assertRaises(MartletError):
            Client("http://127.0.0.1:1", timeout=1).catalog()


class ValueTests(unittest.TestCase):
    def test_one_value_is_no_column(self):
        with self.assertRaises(TypeError):
            Client("http://a").get("s", {"customer_id": "c1"})

    def test_numbers_that_json_lacks_have_words(self):
        self.assertEqual(plain([math.inf, -math.inf]), ["Infinity", "-Infinity"])
        self.assertEqual(plain(math.nan), "NaN")
        self.assertEqual(restored([1.5, "Infinity", None]), [1.5, math.inf, None])
        self.assertEqual(restored(["NaN", None]), ["NaN", None])

    def test_numpy_is_understood_where_it_is_there(self):
        try:
            import numpy
        except ImportError as missing:
            self.skipTest(str(missing))
        self.assertEqual(plain(numpy.float32(0.5)), 0.5)
        self.assertEqual(plain(numpy.array([1, 2])), [1, 2])

    def test_what_has_no_type_is_refused(self):
        with self.assertRaises(TypeError):
            plain(object())


if __name__ == "__main__":
    unittest.main()
