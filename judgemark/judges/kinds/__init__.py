"""The kinds of judge that come with Judgemark: one module each, holding its `KIND`.

A new kind is one module here. Its imports of heavy libraries stay inside its functions.
"""
