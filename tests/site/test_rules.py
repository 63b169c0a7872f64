"""The rules of the crawl notice what they are for: a page full of faults meets a complaint from every one of them."""

import pytest

from tests.site.crawler import Answer
from tests.site.rules import RULES, Rule

HEADERS = {"Content-Type": "text/html; charset=utf-8", "Content-Language": "vi"}
GOOD = """<!doctype html><html lang="vi"><head><title>Tin tức – Xã Mẫu</title>
<meta name="description" content="Bản tin, bài viết và chuyên đề của xã, mới nhất đứng đầu.">
<link rel="canonical" href="http://localhost:8000/tin-tuc/"><link rel="stylesheet" href="/static/x.css"></head>
<body><h1>Tin tức</h1><h2 id="moi">Mới</h2><p><a href="#moi">Mới nhất</a> <a href="tel:0900000000">Gọi</a></p>
<ul><li>Một</li></ul><img src="/media/x.svg" alt="" width="3" height="2"><label for="q">Tìm</label><input id="q">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "WebPage"}</script></body></html>"""
BAD = """<!doctype html><html lang="en"><head><title>x</title><meta name="description" content="ngắn">
<link rel="canonical" href="http://localhost:8000/khac/"><link rel="stylesheet" href="https://cdn.example/x.css"></head>
<body><h1>Một</h1><h1></h1><h4>Skip to the content</h4><p style="color:red">None of it, a {{ name }}</p><a href="/"></a>
<a href="/"><button>Hai</button></a><ul><p>Ba</p></ul><img src="/media/x.svg"><input id="q"><b id="q">Bo\u0323</b>
<label for="nua">?</label>
<a href="tel:09 00">Gọi</a><script>alert(1)</script><script type="application/ld+json">{"name": "x"}</script></body></html>"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_passes_a_good_page_and_notices_a_bad_one(rule: Rule) -> None:
    good = Answer("http://localhost:8000/tin-tuc/", 200, HEADERS, GOOD.encode())
    bad = Answer("http://localhost:8000/tin-tuc/", 200, HEADERS, BAD.encode())
    assert rule(good) == []
    assert rule(bad)
