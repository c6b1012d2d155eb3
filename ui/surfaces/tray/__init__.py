"""The tray icon: seat sign, help sign, one-line tooltip and the menu that gives every gesture to the keyboard.

It opens other surfaces by name through the bridge and knows none of them.
"""
