"""Runs what the pages show of the client; a line that ends with a literal as its comment must give it."""

import ast
import contextlib
import importlib.util
import os
import pathlib
import re
import shutil
import tempfile
import unittest

from test_client import Server
from test_embedded import HAS_BOTH, martlet

ROOT = pathlib.Path(__file__).parents[3]


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), re.M | re.S)


class Expected(ast.NodeTransformer):
    """Makes `value  # literal` a call that compares both."""

    def __init__(self, text):
        self.lines = text.split("\n")

    def visit_Expr(self, node):
        comment = self.lines[node.end_lineno - 1][node.end_col_offset :].partition("#")[2]
        try:
            wanted = ast.literal_eval(comment.strip())
        except (SyntaxError, ValueError):
            return node
        call = ast.parse(f"expect(None, {wanted!r})").body[0]
        call.value.args[0] = node.value
        return ast.fix_missing_locations(ast.copy_location(call, node))


class PageTests(unittest.TestCase):
    def run_block(self, text, names):
        compared = []

        def expect(found, wanted):
            self.assertEqual(found, wanted)
            compared.append(wanted)

        tree = Expected(text).visit(ast.parse(text))
        exec(compile(tree, "page", "exec"), {"expect": expect})
        self.assertEqual(len(compared), names)

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "the page turns an answer into pandas")
    def test_the_client_does_what_its_page_shows(self):
        server = Server()
        self.addCleanup(server.stop)
        text = blocks("clients/python/README.md")[0]
        self.assertIn("http://127.0.0.1:8080", text)
        self.run_block(text.replace("http://127.0.0.1:8080", server.url), 2)

    @unittest.skipUnless(HAS_BOTH, "MARTLET and MARTLET_LIBRARY name what is tested")
    @unittest.skipUnless(importlib.util.find_spec("pyarrow"), "the pages ask with tables of pyarrow's")
    def test_a_project_in_this_process_does_what_the_pages_show(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        shop = f"{folder.name}/shop"
        shutil.copytree(ROOT / "examples/clients/featuredefs", f"{shop}/featuredefs")
        shutil.copy(ROOT / "examples/clients/orders.csv", shop)
        martlet(shop, "apply", "--yes")
        martlet(shop, "materialize")
        for page, text, names in [
            ("clients/python/README.md", blocks("clients/python/README.md")[1], 2),
            ("docs/embedding.md", blocks("docs/embedding.md")[0], 1),
        ]:
            with self.subTest(page), inside(folder.name):
                self.run_block(text, names)


@contextlib.contextmanager
def inside(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
