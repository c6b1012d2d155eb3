"""The browser console for IT and heads.

Server-rendered pages over alerts and storage; no SQL here.
"""
