"""The Amazon States Language as values: link, check, render.

https://states-language.net
"""
